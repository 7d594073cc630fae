//! An entry as rows: its own, and those of the indexes.

use std::collections::BTreeSet;

use domain::record::catalogue::{Entry, Lives};
use pipeline::ports::Heading;
use pipeline::stored::{self, StoredError};
use rusqlite::{Connection, params};

use super::statements::{ADD, ADD_HEADING, ADD_KEY, ADD_WORD, IS_HEADING, PUT, PUT_DOC, REMOVE_HEADING, REMOVE_KEY};
use crate::sqlite::number::from_time;

/// Entry to save, with its present and previous index values.
pub(super) struct IndexedEntry {
    id: String,
    bastion: String,
    doc: String,
    found_by: FoundBy,
    /// `None` for a new entry.
    was_found_by: Option<FoundBy>,
}

/// Index values of an entry.
#[derive(PartialEq, Eq, Default)]
struct FoundBy {
    due_at: Option<i64>,
    disposal_at: Option<i64>,
    headings: BTreeSet<Heading>,
    /// Keys with the creation time.
    keys: BTreeSet<(String, i64)>,
}

impl IndexedEntry {
    /// Prepares the entry for saving on top of these lives.
    pub(super) fn from_entry(entry: &Entry, before: &Lives) -> Result<Self, StoredError> {
        Ok(Self {
            id: entry.id.to_string(),
            bastion: entry.bastion.as_str().to_owned(),
            doc: stored::entry::encode(entry)?,
            found_by: FoundBy::from_entry(entry),
            was_found_by: before.entry(entry.id).map(FoundBy::from_entry),
        })
    }

    /// Writes the entry, and only changed index rows.
    pub(super) fn put(&self, name: i64, transaction: &Connection) -> rusqlite::Result<()> {
        let now = &self.found_by;
        match &self.was_found_by {
            Some(was) if (was.due_at, was.disposal_at) == (now.due_at, now.disposal_at) => {
                transaction.prepare_cached(PUT_DOC)?.execute(params![self.id, self.doc])?;
            }
            Some(_) => {
                transaction.prepare_cached(PUT)?.execute(params![self.id, self.doc, now.due_at, now.disposal_at])?;
            }
            None => {
                let row = params![self.id, self.doc, now.due_at, name, now.disposal_at];
                transaction.prepare_cached(ADD)?.execute(row)?;
            }
        }
        let nothing = FoundBy::default();
        let was = self.was_found_by.as_ref().unwrap_or(&nothing);
        for heading in was.headings.difference(&now.headings) {
            let row = params![heading.kind(), heading.value(), self.id];
            transaction.prepare_cached(REMOVE_HEADING)?.execute(row)?;
        }
        for heading in now.headings.difference(&was.headings) {
            add_words(heading, transaction)?;
            transaction.prepare_cached(ADD_HEADING)?.execute(params![heading.kind(), heading.value(), self.id])?;
        }
        for (statement, keys) in
            [(REMOVE_KEY, was.keys.difference(&now.keys)), (ADD_KEY, now.keys.difference(&was.keys))]
        {
            for (key, created_at) in keys {
                transaction.prepare_cached(statement)?.execute(params![self.bastion, key, created_at, self.id])?;
            }
        }
        Ok(())
    }
}

/// Adds the words of a heading, unless it has an entry: then they were added with that one.
fn add_words(heading: &Heading, transaction: &Connection) -> rusqlite::Result<()> {
    let key = [heading.kind(), heading.value()];
    if !heading.is_searched() || transaction.prepare_cached(IS_HEADING)?.exists(key)? {
        return Ok(());
    }
    for word in heading.words() {
        transaction.prepare_cached(ADD_WORD)?.execute([&word, heading.kind(), heading.value()])?;
    }
    Ok(())
}

impl FoundBy {
    fn from_entry(entry: &Entry) -> Self {
        let headings = Heading::for_entry(entry);
        let keyed = |at| entry.keys.iter().map(move |key| (key.as_str().to_owned(), from_time(at)));
        Self {
            due_at: entry.due_at().map(from_time),
            disposal_at: entry.disposal_at().map(from_time),
            headings: headings.into_iter().collect(),
            keys: entry.created_at().map(keyed).into_iter().flatten().collect(),
        }
    }
}
