//! Rows that lead to an entry, a session or a notification.
//!
//! Some tell what stays so: they are written by the save that makes it so, and by no other, and nobody removes them.
//! Those of what passes belong to one save each, told apart by the revision: so whoever cleans the rows of the save
//! before can never hit a row that a later save has written.

mod entries;
mod notifications;
mod rows;
mod sessions;

pub(super) use entries::{DISPOSALS, DUE, named, of_entry, partitions, timed, to_entry, to_named};
pub(super) use notifications::{FORGOTTEN, GIVEN_UP, of_notification};
pub(super) use rows::{clean, first, follow, gather, write};
pub(super) use sessions::{by_id, found, listed, of_session, sessions_due, to_due_session, to_session};

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::keys::{from_number, from_time};

/// The keys of a row that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lookup {
    pub(super) partition: String,
    pub(super) row: String,
}

/// The rows that lead to one thing as it is saved.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    /// Those of what stays so.
    pub(super) lasting: BTreeSet<Lookup>,
    /// Those of this one save.
    pub(super) passing: BTreeSet<Lookup>,
}

impl Lookups {
    /// These and those of other things.
    pub(super) fn with(mut self, other: Self) -> Self {
        self.lasting.extend(other.lasting);
        self.passing.extend(other.passing);
        self
    }

    /// What a save that makes these of `old` must write.
    pub(super) fn missing_in(&self, old: &Self) -> Vec<Lookup> {
        let lasting = self.lasting.difference(&old.lasting);
        lasting.chain(self.passing.difference(&old.passing)).cloned().collect()
    }

    /// What a save that made these of `old` leaves behind.
    pub(super) fn left_of(&self, old: &Self) -> Vec<Lookup> {
        old.passing.difference(&self.passing).cloned().collect()
    }

    /// Whether this row is among them.
    pub(super) fn contain(&self, row: &Lookup) -> bool {
        self.lasting.contains(row) || self.passing.contains(row)
    }
}

/// The time in a row of [`DUE`], [`DISPOSALS`], [`FORGOTTEN`] or [`GIVEN_UP`], the id it leads to, and the revision or version it was
/// written under.
pub(super) fn to_timed(row: &str) -> Option<(Timestamp, &str, u64)> {
    let (at, rest) = row.split_once('_')?;
    let (id, written) = rest.rsplit_once('_')?;
    Some((from_time(at)?, id, from_number(written)?))
}
