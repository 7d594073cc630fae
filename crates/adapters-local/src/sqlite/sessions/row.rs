//! A session as rows: its own, and those that it is found by.

use std::collections::BTreeSet;

use domain::session::SessionEntry;
use pipeline::ports::SessionChange;
use pipeline::stored::{self, StoredError};
use rusqlite::{OptionalExtension, Transaction, params};

use super::statements::{ADD, ADD_KEY, REMOVE_KEY, SAVE, SAVE_DOC};
use crate::sqlite::number::from_time;

/// A session as it goes into the tables, and what it was found by before.
pub(super) struct Row<'a> {
    change: &'a SessionChange,
    doc: String,
    found_by: FoundBy,
    was_found_by: FoundBy,
}

/// What the indexes hold of a session.
struct FoundBy {
    at: i64,
    has_gap: bool,
    due_at: Option<i64>,
    /// Keys with the time under which each is found.
    keys: BTreeSet<(String, i64)>,
}

impl<'a> Row<'a> {
    /// The session as it is to be saved.
    pub(super) fn of(change: &'a SessionChange) -> Result<Self, StoredError> {
        Ok(Self {
            change,
            doc: stored::session::encode(&change.after)?,
            found_by: FoundBy::of(&change.after),
            was_found_by: FoundBy::of(&change.before),
        })
    }

    /// Writes the session, and of what it is found by no more than what changed. False where somebody else saved it.
    pub(super) fn put(&self, transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
        let Some(session) = self.put_session(transaction)? else { return Ok(false) };
        let bastion = self.change.after.id.bastion.as_str();
        let (was, now) = (&self.was_found_by.keys, &self.found_by.keys);
        for (statement, keys) in [(REMOVE_KEY, was.difference(now)), (ADD_KEY, now.difference(was))] {
            for (key, at) in keys {
                transaction.prepare_cached(statement)?.execute(params![bastion, key, at, session])?;
            }
        }
        Ok(true)
    }

    fn put_session(&self, transaction: &Transaction<'_>) -> rusqlite::Result<Option<i64>> {
        let (before, after) = (&self.change.before, &self.change.after);
        let (was, now) = (&self.was_found_by, &self.found_by);
        let (bastion, tunnel) = (after.id.bastion.as_str(), after.id.tunnel.as_str());
        let (revision, expected) = (after.revision.cast_signed(), before.revision.cast_signed());
        let id = |row: &rusqlite::Row<'_>| row.get(0);
        let saved = if before.revision == 0 {
            let row = params![bastion, tunnel, revision, now.at, now.has_gap, now.due_at, self.doc];
            transaction.prepare_cached(ADD)?.query_row(row, id)
        } else if (was.at, was.has_gap, was.due_at) == (now.at, now.has_gap, now.due_at) {
            let row = params![bastion, tunnel, revision, self.doc, expected];
            transaction.prepare_cached(SAVE_DOC)?.query_row(row, id)
        } else {
            let row = params![bastion, tunnel, revision, now.at, now.has_gap, now.due_at, self.doc, expected];
            transaction.prepare_cached(SAVE)?.query_row(row, id)
        };
        saved.optional()
    }
}

impl FoundBy {
    fn of(entry: &SessionEntry) -> Self {
        Self {
            at: from_time(entry.at()),
            has_gap: entry.has_gap(),
            due_at: entry.due_at().map(from_time),
            keys: entry.index().into_iter().map(|(key, at)| (key.as_str().to_owned(), from_time(at))).collect(),
        }
    }
}
