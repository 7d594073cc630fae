//! Lookup rows: they lead to an entry, a session or a notification.
//!
//! Lasting rows state permanent facts. The save that establishes the fact writes them, and nothing removes them.
//! Passing rows belong to one save each and carry its revision, so cleaning up after an earlier save never removes a
//! row of a later one.

mod entries;
mod notifications;
mod rows;
mod sessions;
mod words;

pub(super) use entries::{DISPOSALS, DUE, named, of_entry, partitions, timed, to_entry, to_named};
pub(super) use notifications::{FORGOTTEN, GIVEN_UP, of_notification};
pub(super) use rows::{clean, first, follow, gather, write};
pub(super) use sessions::{by_id, found, listed, of_session, sessions_due, to_due_session, to_session};
pub(super) use words::{COLUMNS, of_heading, to_heading, words};

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::keys::{from_number, from_time};

/// Keys of a lookup row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lookup {
    pub(super) partition: String,
    pub(super) row: String,
}

/// Lookup rows of one item as it is saved.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    /// Rows of permanent facts.
    pub(super) lasting: BTreeSet<Lookup>,
    /// Rows of this one save.
    pub(super) passing: BTreeSet<Lookup>,
}

impl Lookups {
    /// Adds the rows of another item.
    pub(super) fn with(mut self, other: Self) -> Self {
        self.lasting.extend(other.lasting);
        self.passing.extend(other.passing);
        self
    }

    /// Rows a save must write when the previous rows are `old`.
    pub(super) fn missing_in(&self, old: &Self) -> Vec<Lookup> {
        let lasting = self.lasting.difference(&old.lasting);
        lasting.chain(self.passing.difference(&old.passing)).cloned().collect()
    }

    /// Rows of `old` to remove after the save.
    pub(super) fn left_of(&self, old: &Self) -> Vec<Lookup> {
        old.passing.difference(&self.passing).cloned().collect()
    }

    /// True if this row is among them.
    pub(super) fn contain(&self, row: &Lookup) -> bool {
        self.lasting.contains(row) || self.passing.contains(row)
    }
}

/// Parses a row of [`DUE`], [`DISPOSALS`], [`FORGOTTEN`] or [`GIVEN_UP`]: time, id of the item, and the revision or
/// version that wrote the row.
pub(super) fn to_timed(row: &str) -> Option<(Timestamp, &str, u64)> {
    let (at, rest) = row.split_once('_')?;
    let (id, written) = rest.rsplit_once('_')?;
    Some((from_time(at)?, id, from_number(written)?))
}
