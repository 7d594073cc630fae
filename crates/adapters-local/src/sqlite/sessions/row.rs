//! A session as rows: its own, and those of the indexes.

use std::collections::BTreeSet;

use domain::record::session::SessionEntry;
use pipeline::ports::SessionChange;
use pipeline::stored::{self, StoredError};
use rusqlite::{Connection, ToSql, params};

use super::statements::{ADD, ADD_KEY, ID, REMOVE_KEY, SAVE, SAVE_DOC, SAVE_DUE, SAVE_GAP};
use crate::sqlite::number::from_time;

/// Session to save, with its present and previous index values.
pub(super) struct IndexedSession<'a> {
    change: &'a SessionChange,
    doc: String,
    now: FoundBy,
    was: FoundBy,
    /// Before and after, if the records or keys changed.
    notifications: Option<(NotificationKeys, NotificationKeys)>,
}

/// Index values that change as time passes.
struct FoundBy {
    has_gap: bool,
    due_at: Option<i64>,
}

/// Index values that only records can change.
struct NotificationKeys {
    at: i64,
    /// Keys, each with its time in the index.
    keys: BTreeSet<(String, i64)>,
}

impl<'a> IndexedSession<'a> {
    /// Prepares the session for saving.
    pub(super) fn from_change(change: &'a SessionChange) -> Result<Self, StoredError> {
        Ok(Self {
            change,
            doc: stored::session::encode(&change.after)?,
            now: FoundBy::from_entry(&change.after),
            was: FoundBy::from_entry(&change.before),
            notifications: NotificationKeys::change(&change.before, &change.after),
        })
    }

    /// Writes the session, and only changed index rows. Returns false if another save was first.
    pub(super) fn put(&self, connection: &Connection) -> rusqlite::Result<bool> {
        if !self.put_session(connection)? {
            return Ok(false);
        }
        let Some((was, now)) = self.notifications.as_ref().filter(|(was, now)| was.keys != now.keys) else {
            return Ok(true);
        };
        let (bastion, tunnel) = self.id();
        let session: i64 = match self.change.before.revision {
            0 => connection.last_insert_rowid(),
            _ => connection.prepare_cached(ID)?.query_row([bastion, tunnel], |row| row.get(0))?,
        };
        for (statement, keys) in
            [(REMOVE_KEY, was.keys.difference(&now.keys)), (ADD_KEY, now.keys.difference(&was.keys))]
        {
            for (key, at) in keys {
                connection.prepare_cached(statement)?.execute(params![bastion, key, at, session])?;
            }
        }
        Ok(true)
    }

    /// Writes the row of the session. No statement has a RETURNING clause: SQLite would keep a copy of every page to
    /// be able to roll it back.
    fn put_session(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let (before, after) = (&self.change.before, &self.change.after);
        let (bastion, tunnel) = self.id();
        let (revision, expected) = (after.revision.cast_signed(), before.revision.cast_signed());
        let (doc, FoundBy { has_gap, due_at }) = (&self.doc, &self.now);
        let moved = self.notifications.as_ref().filter(|(was, now)| was.at != now.at).map(|(_, now)| now.at);
        let run = |statement, row: &[&dyn ToSql]| connection.prepare_cached(statement)?.execute(row);
        let saved = match moved {
            _ if before.revision == 0 => {
                let at = self.notifications.as_ref().map_or_else(|| from_time(after.at()), |(_, now)| now.at);
                run(ADD, params![bastion, tunnel, revision, doc, at, has_gap, due_at])
            }
            Some(at) => run(SAVE, params![bastion, tunnel, revision, doc, expected, at, has_gap, due_at]),
            None if self.was.has_gap != *has_gap => {
                run(SAVE_GAP, params![bastion, tunnel, revision, doc, expected, has_gap, due_at])
            }
            None if self.was.due_at != *due_at => {
                run(SAVE_DUE, params![bastion, tunnel, revision, doc, expected, due_at])
            }
            None => run(SAVE_DOC, params![bastion, tunnel, revision, doc, expected]),
        };
        Ok(saved? > 0)
    }

    fn id(&self) -> (&str, &str) {
        let id = &self.change.after.id;
        (id.bastion.as_str(), id.tunnel.as_str())
    }
}

impl FoundBy {
    fn from_entry(entry: &SessionEntry) -> Self {
        Self { has_gap: entry.has_gap(), due_at: entry.due_at().map(from_time) }
    }
}

impl NotificationKeys {
    /// Returns the values before and after. `None` if records and keys are unchanged.
    fn change(before: &SessionEntry, after: &SessionEntry) -> Option<(Self, Self)> {
        let is_same = before.records == after.records && before.keys == after.keys;
        (!is_same).then(|| (Self::from_entry(before), Self::from_entry(after)))
    }

    fn from_entry(entry: &SessionEntry) -> Self {
        let session = entry.session();
        let keys = entry.index_as(&session).into_iter();
        Self {
            at: from_time(entry.at_as(&session)),
            keys: keys.map(|(key, at)| (key.as_str().to_owned(), from_time(at))).collect(),
        }
    }
}
