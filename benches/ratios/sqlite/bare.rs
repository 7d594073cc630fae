//! Writes the same rows with SQLite alone.

use std::collections::BTreeSet;
use std::path::Path;

use adapters_local::sqlite::SqliteStore;
use domain::record::catalogue::Entry;
use domain::record::session::SessionEntry;
use jiff::Timestamp;
use pipeline::ports::Heading;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::Measured;

const INSERT_NAME: &str = "INSERT INTO names (name, container, account, version) VALUES (?1, ?2, ?3, ?4)";
const INSERT_ENTRY: &str = "INSERT INTO entries (id, name_id, due_at, doc, disposal_at) VALUES (?1, ?2, ?3, ?4, ?5)";
const INSERT_HEADING: &str = "INSERT INTO headings (kind, value, id) VALUES (?1, ?2, ?3)";
const INSERT_KEY: &str = "INSERT INTO entry_keys (bastion, key, created_at, id) VALUES (?1, ?2, ?3, ?4)";
const INSERT_SESSION: &str = "INSERT INTO sessions (bastion, tunnel, revision, at, has_gap, due_at, doc)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const INSERT_SESSION_KEY: &str = "INSERT INTO session_keys (bastion, key, at, session) VALUES (?1, ?2, ?3, ?4)";
const UPDATE_NAME: &str = "UPDATE names SET version = ?4 WHERE name = ?1 AND container = ?2 AND account = ?3";
const UPDATE_ENTRY: &str = "UPDATE entries SET due_at = ?2, doc = ?3, disposal_at = ?4 WHERE id = ?1";
const CONTENT: &str =
    "SELECT concat_ws('|', name, version, entries.id, due_at, doc, disposal_at) FROM entries JOIN names ON names.id = name_id
    UNION ALL SELECT concat_ws('|', kind, value, id) FROM headings
    UNION ALL SELECT concat_ws('|', bastion, key, created_at, id) FROM entry_keys ORDER BY 1";
const PAGE: &str = "SELECT doc FROM entries WHERE id < ?1 AND id >= ?2 ORDER BY id DESC LIMIT ?3";
const IDS: &str = "SELECT id FROM entries WHERE rowid % ?1 = 0 ORDER BY id DESC";

/// A database row of an entry, with its name and indexes.
#[derive(Debug)]
pub struct Row {
    name: String,
    container: String,
    account: String,
    version: i64,
    id: String,
    due_at: Option<i64>,
    disposal_at: Option<i64>,
    doc: String,
    bastion: String,
    headings: BTreeSet<Heading>,
    /// Keys with the time of creation.
    keys: Vec<(String, i64)>,
}

impl Row {
    /// Returns the row of an entry whose name has been saved `version` times.
    pub fn from_entry(entry: &Entry, version: i64) -> Measured<Self> {
        let created_at = entry.created_at().map(nanoseconds).transpose()?;
        let keyed = |at| entry.keys.iter().map(move |key| (key.as_str().to_owned(), at));
        Ok(Self {
            name: entry.address.name.as_str().to_owned(),
            container: entry.address.container.as_str().to_owned(),
            account: entry.address.account.as_str().to_owned(),
            version,
            id: entry.id.to_string(),
            due_at: entry.due_at().map(nanoseconds).transpose()?,
            disposal_at: entry.disposal_at().map(nanoseconds).transpose()?,
            doc: pipeline::stored::entry::encode(entry)?,
            bastion: entry.bastion.as_str().to_owned(),
            headings: Heading::for_entry(entry).into_iter().collect(),
            keys: created_at.map(keyed).into_iter().flatten().collect(),
        })
    }
}

fn nanoseconds(at: Timestamp) -> Measured<i64> {
    Ok(i64::try_from(at.as_nanosecond())?)
}

/// A database with the catalogue's tables and settings, without the archivist's code.
pub struct Bare {
    connection: Connection,
}

impl Bare {
    /// Opens a file; creates it if missing.
    pub fn open(file: &Path) -> Measured<Self> {
        drop(SqliteStore::open(file)?);
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "cache_size", -16 * 1024)?;
        Ok(Self { connection })
    }

    /// Inserts entries with new names in one transaction.
    pub fn insert(&mut self, rows: &[Row]) -> Measured<()> {
        let transaction = self.begin()?;
        for row in rows {
            let Row { name, container, account, version, id, due_at, disposal_at, doc, bastion, headings, keys } = row;
            transaction.prepare_cached(INSERT_NAME)?.execute(params![name, container, account, version])?;
            let name = transaction.last_insert_rowid();
            transaction.prepare_cached(INSERT_ENTRY)?.execute(params![id, name, due_at, doc, disposal_at])?;
            for heading in headings {
                transaction.prepare_cached(INSERT_HEADING)?.execute(params![heading.kind(), heading.value(), id])?;
            }
            for (key, created_at) in keys {
                transaction.prepare_cached(INSERT_KEY)?.execute(params![bastion, key, created_at, id])?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// Inserts sessions in one transaction.
    pub fn insert_sessions(&mut self, sessions: &[SessionEntry]) -> Measured<()> {
        let transaction = self.begin()?;
        for session in sessions {
            let (bastion, tunnel) = (session.id.bastion.as_str(), session.id.tunnel.as_str());
            let (revision, due_at) = (session.revision.cast_signed(), session.due_at().map(nanoseconds).transpose()?);
            let doc = pipeline::stored::session::encode(session)?;
            let row = params![bastion, tunnel, revision, nanoseconds(session.at())?, session.has_gap(), due_at, doc];
            transaction.prepare_cached(INSERT_SESSION)?.execute(row)?;
            let id = transaction.last_insert_rowid();
            for (key, at) in session.index() {
                let row = params![bastion, key.as_str(), nanoseconds(at)?, id];
                transaction.prepare_cached(INSERT_SESSION_KEY)?.execute(row)?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// Updates an entry with unchanged indexes in one transaction.
    pub fn update(&mut self, row: &Row) -> Measured<()> {
        let transaction = self.begin()?;
        let Row { name, container, account, version, id, due_at, disposal_at, doc, .. } = row;
        transaction.prepare_cached(UPDATE_NAME)?.execute(params![name, container, account, version])?;
        transaction.prepare_cached(UPDATE_ENTRY)?.execute(params![id, due_at, doc, disposal_at])?;
        Ok(transaction.commit()?)
    }

    /// Returns every entry and its indexes as texts.
    pub fn content(&self) -> Measured<Vec<String>> {
        let mut statement = self.connection.prepare(CONTENT)?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Returns the stored forms of entries below an id, newest first.
    pub fn page(&self, below: &str, limit: usize) -> Measured<Vec<String>> {
        let mut statement = self.connection.prepare_cached(PAGE)?;
        let rows = statement.query_map(params![below, "", i64::try_from(limit)?], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns every `step`th id, newest first.
    pub fn ids(&self, step: u32) -> Measured<Vec<String>> {
        let mut statement = self.connection.prepare_cached(IDS)?;
        Ok(statement.query_map([step], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Returns the id below which exactly the `count` oldest entries are.
    pub fn oldest(&self, count: usize) -> Measured<String> {
        let query = "SELECT id FROM entries ORDER BY id LIMIT 1 OFFSET ?1";
        Ok(self.connection.query_row(query, [i64::try_from(count)?], |row| row.get(0))?)
    }

    /// Returns the number of saves: every save is a commit and increments a name's version.
    pub fn saves(&self) -> Measured<f64> {
        Ok(self.connection.query_row("SELECT sum(version) FROM names", [], |row| row.get(0))?)
    }

    fn begin(&mut self) -> rusqlite::Result<Transaction<'_>> {
        self.connection.transaction_with_behavior(TransactionBehavior::Immediate)
    }
}
