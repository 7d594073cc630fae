//! Lookup rows: they lead to an entry, a session or a notification.
//!
//! A row lies beside its item and is written and removed by the transaction that saves the item. So no reader meets a
//! row of a save that was lost or is under way.

mod entries;
mod notifications;
mod rows;
mod sessions;
mod words;

pub(super) use entries::{
    DISPOSALS, DUE, by_name, has_copies, is_timed, list_of, named, newest, of_entry, timed, to_due, to_listed, to_named,
};
pub(super) use notifications::{FORGOTTEN, GIVEN_UP, of_notification, to_timed};
pub(super) use rows::{KEYS, follow, read_ranges};
pub(super) use sessions::{found, listed, of_session, sessions_due, to_due_session};
pub(super) use words::{COLUMNS, of_heading, to_heading, words};

use std::collections::BTreeSet;

use super::keys::{BEHIND, PARTITION};
use super::wire::{Operation, Range, Row};

/// A lookup row: its list, and its key in the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lookup {
    list: String,
    row: String,
}

impl Lookup {
    fn new(list: impl Into<String>, row: impl Into<String>) -> Self {
        Self { list: list.into(), row: row.into() }
    }

    fn to_row(&self) -> Row {
        Row::new(PARTITION, key(&self.list, &self.row))
    }
}

/// Lookup rows of one item.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    /// Rows with a copy of the item, so a reader needs no second request. Every save writes them again.
    copies: BTreeSet<Lookup>,
    /// Rows without content.
    keys: BTreeSet<Lookup>,
}

impl Lookups {
    /// Operations that replace the rows of the item as it was by these. `with_copy` adds the copy of the item.
    pub(super) fn replacing(&self, old: &Self, with_copy: impl Fn(Row) -> Row) -> Vec<Operation> {
        let copies = self.copies.iter().map(|copy| Operation::Replace(with_copy(copy.to_row())));
        let keys = self.keys.difference(&old.keys).map(|key| Operation::Replace(key.to_row()));
        let is_left = |row: &&Lookup| !self.copies.contains(*row) && !self.keys.contains(*row);
        let left = old.copies.iter().chain(&old.keys).filter(is_left);
        let left =
            left.map(|left| Operation::Delete { partition: PARTITION.to_owned(), row: key(&left.list, &left.row) });
        copies.chain(keys).chain(left).collect()
    }

    /// All rows, without copies.
    #[cfg(test)]
    pub(super) fn rows(&self) -> Vec<Row> {
        self.copies.iter().chain(&self.keys).map(Lookup::to_row).collect()
    }

    /// True if this row of a list is among them.
    pub(super) fn contain(&self, list: &str, row: &Row) -> bool {
        let lookup = Lookup::new(list, in_list(&row.row));
        self.copies.contains(&lookup) || self.keys.contains(&lookup)
    }
}

/// Range of a list, which callers narrow by [`key`]s.
pub(super) fn range(list: &str) -> Range {
    Range::partition(PARTITION).from(key(list, "")).before(key(list, BEHIND))
}

/// Key of a row of a list.
pub(super) fn key(list: &str, row: &str) -> String {
    format!("{list}!{row}")
}

/// Key of a row within its list.
fn in_list(row: &str) -> &str {
    row.split_once('!').map_or(row, |(_, row)| row)
}
