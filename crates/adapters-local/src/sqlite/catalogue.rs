//! The catalogue in SQLite.

use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::catalogue::{Entry, Lives};
use domain::recording_id::RecordingId;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Due, Fault, ListRequest, Loaded, Version};
use pipeline::stored::{self, StoredError};
use rusqlite::{CachedStatement, OptionalExtension, Transaction, params};

use super::SqliteStore;
use super::number::{from_limit, from_time, from_version, to_time, to_version};

pub(super) const LIVES: &str = "SELECT names.version, entries.doc FROM names JOIN entries ON entries.name_id = names.id
    WHERE names.name = ?1 AND names.container = ?2 AND names.account = ?3 ORDER BY entries.id";
pub(super) const LIVES_OF: &str = "SELECT names.version, entries.doc FROM entries AS one
    JOIN names ON names.id = one.name_id JOIN entries ON entries.name_id = names.id
    WHERE one.id = ?1 ORDER BY entries.id";
pub(super) const NEW_NAME: &str = "INSERT INTO names (name, container, account, version) VALUES (?1, ?2, ?3, 1)
    ON CONFLICT DO NOTHING RETURNING id";
pub(super) const NEXT_VERSION: &str = "UPDATE names SET version = version + 1
    WHERE name = ?1 AND container = ?2 AND account = ?3 AND version = ?4 RETURNING id";
pub(super) const PUT: &str = "INSERT INTO entries (id, name_id, state, due_at, doc) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, due_at = excluded.due_at, doc = excluded.doc";
pub(super) const LIST: &str = "SELECT doc FROM entries WHERE id < ?1 AND id >= ?2 ORDER BY id DESC LIMIT ?3";
pub(super) const LIST_STATE: &str = "SELECT doc FROM entries WHERE state = ?4 AND id < ?1 AND id >= ?2
    ORDER BY id DESC LIMIT ?3";
pub(super) const DUE: &str = "SELECT due_at, id FROM entries WHERE due_at <= ?1 AND (due_at, id) > (?2, ?3)
    ORDER BY due_at, id LIMIT ?4";

/// Sorts before and behind the text of every id.
const BEFORE_ALL: &str = "";
const BEHIND_ALL: &str = "rec_~";

/// Entries as rows, with the columns that the indexes need beside the stored form.
#[derive(Debug, Clone)]
pub struct SqliteCatalogue {
    store: SqliteStore,
}

/// An entry as it goes into the table.
struct Row {
    id: String,
    state: &'static str,
    due_at: Option<i64>,
    doc: String,
}

impl SqliteCatalogue {
    /// The catalogue of a store.
    pub fn new(store: &SqliteStore) -> Self {
        Self { store: store.clone() }
    }
}

#[async_trait]
impl Catalogue for SqliteCatalogue {
    async fn lives(&self, address: &BlobAddress) -> Result<Loaded, Fault> {
        let object = || format!("load the entries of {address}");
        let found = self.store.connections.read(|connection| {
            let key = params![address.name.as_str(), address.container.as_str(), address.account.as_str()];
            versioned_docs(connection.prepare_cached(LIVES)?, key)
        });
        let (version, docs) = found.map_err(|error| error.fault(object()))?;
        let entries = decode(&docs).map_err(|error| error.fault(object()))?;
        Ok(Loaded { lives: Lives { address: address.clone(), entries }, version })
    }

    async fn lives_of(&self, id: RecordingId) -> Result<Option<Loaded>, Fault> {
        let object = || format!("load entry {id}");
        let found = self
            .store
            .connections
            .read(|connection| versioned_docs(connection.prepare_cached(LIVES_OF)?, params![id.to_string()]));
        let (version, docs) = found.map_err(|error| error.fault(object()))?;
        let entries = decode(&docs).map_err(|error| error.fault(object()))?;
        let address = entries.first().map(|entry| entry.address.clone());
        Ok(address.map(|address| Loaded { lives: Lives { address, entries }, version }))
    }

    async fn save(&self, before: &Loaded, changed: &[Entry]) -> Result<Option<Version>, Fault> {
        let (address, expected) = (&before.lives.address, before.version);
        let object = || format!("save the entries of {address}");
        let rows = changed.iter().map(Row::of).collect::<Result<Vec<_>, _>>();
        let rows = rows.map_err(|error| error.fault(object()))?;
        let saved = self.store.connections.write(|transaction| {
            let Some(name) = claim(transaction, address, expected)? else {
                return Ok(None);
            };
            let mut put = transaction.prepare_cached(PUT)?;
            for row in &rows {
                put.execute(params![row.id, name, row.state, row.due_at, row.doc])?;
            }
            Ok(Some(Version(expected.0 + 1)))
        });
        saved.map_err(|error| error.fault(object()))
    }

    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        let below = request.below.map_or_else(|| BEHIND_ALL.to_owned(), |id| id.to_string());
        let from = request.from.map_or_else(|| BEFORE_ALL.to_owned(), |id| id.to_string());
        let (state, limit) = (request.state, from_limit(request.limit));
        let found = self.store.connections.read(|connection| match state {
            None => docs(connection.prepare_cached(LIST)?, params![below, from, limit]),
            Some(state) => docs(connection.prepare_cached(LIST_STATE)?, params![below, from, limit, state.name()]),
        });
        let docs = found.map_err(|error| error.fault("list entries"))?;
        decode(&docs).map_err(|error| error.fault("list entries"))
    }

    async fn due(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        let (at, id) = after.map_or((i64::MIN, String::new()), |due| (from_time(due.at), due.id.to_string()));
        let (until, limit) = (from_time(until), from_limit(limit));
        let found = self.store.connections.read(|connection| {
            let mut statement = connection.prepare_cached(DUE)?;
            let rows = statement.query_map(params![until, at, id, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<Vec<(i64, String)>>>()
        });
        let found = found.map_err(|error| error.fault("find due entries"))?;
        let due = found.into_iter().map(|(at, id)| Ok(Due { at: to_time(at), id: RecordingId::parse(&id)? }));
        due.collect::<Result<_, _>>()
            .map_err(|error: domain::recording_id::NotARecordingId| Fault::permanent("find due entries", error))
    }
}

impl Row {
    fn of(entry: &Entry) -> Result<Self, StoredError> {
        let doc = stored::entry::encode(entry)?;
        Ok(Self { id: entry.id.to_string(), state: entry.state.name(), due_at: entry.due_at().map(from_time), doc })
    }
}

/// Raises the version of a name from `expected` and gives the name's row. `None` when it is another already.
fn claim(transaction: &Transaction<'_>, address: &BlobAddress, expected: Version) -> rusqlite::Result<Option<i64>> {
    let (name, container, account) = (address.name.as_str(), address.container.as_str(), address.account.as_str());
    let id = |row: &rusqlite::Row<'_>| row.get(0);
    let claimed = if expected == Version(0) {
        transaction.prepare_cached(NEW_NAME)?.query_row(params![name, container, account], id)
    } else {
        let key = params![name, container, account, from_version(expected)];
        transaction.prepare_cached(NEXT_VERSION)?.query_row(key, id)
    };
    claimed.optional()
}

/// The version of a name, 0 where it has none, and the stored forms of its lives.
fn versioned_docs(
    mut statement: CachedStatement<'_>,
    key: &[&dyn rusqlite::ToSql],
) -> rusqlite::Result<(Version, Vec<String>)> {
    let mut rows = statement.query(key)?;
    let (mut version, mut docs) = (Version(0), Vec::new());
    while let Some(row) = rows.next()? {
        version = to_version(row.get(0)?);
        docs.push(row.get(1)?);
    }
    Ok((version, docs))
}

fn docs(mut statement: CachedStatement<'_>, range: &[&dyn rusqlite::ToSql]) -> rusqlite::Result<Vec<String>> {
    statement.query_map(range, |row| row.get(0))?.collect()
}

fn decode(docs: &[String]) -> Result<Vec<Entry>, StoredError> {
    docs.iter().map(|doc| stored::entry::decode(doc)).collect()
}
