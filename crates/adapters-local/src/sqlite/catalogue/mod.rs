//! The catalogue port on SQLite.

mod row;
pub(super) mod statements;
mod words;

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::record::catalogue::{Entry, Lives};
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::recording_id::RecordingId;
use domain::record::session::TimeSpan;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Due, Fault, Heading, ListRequest, Loaded, NameRange, Version};
use pipeline::stored::{self, StoredError};
use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, params};

use super::SqliteStore;
use super::number::{from_limit, from_time, from_version, to_time, to_version};
use row::IndexedEntry;
use statements::{BY_NAME, DISPOSALS, DOC, DUE, LIST, LIST_UNDER, LIVES, LIVES_OF, NAME, NEAR, NEW_NAME, NEXT_VERSION};

/// Sorts before the text of every id; [`BEHIND_ALL`] sorts after.
const BEFORE_ALL: &str = "";
const BEHIND_ALL: &str = "rec_~";

/// Entries as rows: the stored form and the columns the indexes need.
#[derive(Debug, Clone)]
pub struct SqliteCatalogue {
    store: SqliteStore,
}

impl SqliteCatalogue {
    /// Opens the catalogue of a store.
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
        let rows =
            changed.iter().map(|entry| IndexedEntry::from_entry(entry, &before.lives)).collect::<Result<Vec<_>, _>>();
        let rows = rows.map_err(|error| error.fault(object()))?;
        let saved = self.store.connections.write(|transaction| {
            let Some(name) = claim(transaction, address, expected)? else {
                return Ok(None);
            };
            for row in &rows {
                row.put(name, transaction)?;
            }
            Ok(Some(Version(expected.0 + 1)))
        });
        saved.map_err(|error| error.fault(object()))
    }

    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        let below = request.below.map_or_else(|| BEHIND_ALL.to_owned(), |id| id.to_string());
        let from = request.from.map_or_else(|| BEFORE_ALL.to_owned(), |id| id.to_string());
        let limit = from_limit(request.limit);
        let found = self.store.connections.read(|connection| match &request.under {
            None => docs(connection.prepare_cached(LIST)?, params![below, from, limit]),
            Some(heading) => {
                let key = params![below, from, limit, heading.kind(), heading.value()];
                docs(connection.prepare_cached(LIST_UNDER)?, key)
            }
        });
        let docs = found.map_err(|error| error.fault("list entries"))?;
        decode(&docs).map_err(|error| error.fault("list entries"))
    }

    async fn by_name(&self, range: &NameRange<'_>) -> Result<Vec<Entry>, Fault> {
        let object = || format!("list the entries of container {} by name", range.container);
        let (name, id) =
            range.after.map_or((String::new(), String::new()), |(name, id)| (name.as_str().to_owned(), id.to_string()));
        // Every text sorts before a blob.
        let until = range.until.map_or(Value::Blob(Vec::new()), |until| Value::Text(until.as_str().to_owned()));
        let (container, account) = (range.container.container.as_str(), range.container.account.as_str());
        let found = self.store.connections.read(|connection| {
            let key = params![name, until, container, account, id, from_limit(range.limit)];
            docs(connection.prepare_cached(BY_NAME)?, key)
        });
        let docs = found.map_err(|error| error.fault(object()))?;
        decode(&docs).map_err(|error| error.fault(object()))
    }

    async fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Heading>, Fault> {
        let found = self.store.connections.read(|connection| words::headings(connection, prefix, limit));
        found.map_err(|error| error.fault("find the headings of a word"))
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[JoinKey],
        created: TimeSpan,
        limit: usize,
    ) -> Result<Vec<Entry>, Fault> {
        let object = || format!("find recordings of bastion {:?} by name and time", bastion.as_str());
        let (first, last) = (from_time(created.first), from_time(created.last));
        let found = self.store.connections.read_at_once(|snapshot| {
            let mut ids = BTreeSet::new();
            for key in keys {
                let mut statement = snapshot.prepare_cached(NEAR)?;
                let mut rows = statement.query(params![bastion.as_str(), key.as_str(), first, last])?;
                while let Some(row) = rows.next()? {
                    ids.insert(row.get::<_, String>(0)?);
                }
            }
            let mut doc = snapshot.prepare_cached(DOC)?;
            ids.iter().take(limit).map(|id| doc.query_row([id], |row| row.get(0))).collect::<rusqlite::Result<Vec<_>>>()
        });
        let docs = found.map_err(|error| error.fault(object()))?;
        decode(&docs).map_err(|error| error.fault(object()))
    }

    async fn due(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        self.timetable(DUE, "find due entries", until, after, limit)
    }

    async fn disposals(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        self.timetable(DISPOSALS, "find recordings to dispose of", until, after, limit)
    }
}

impl SqliteCatalogue {
    fn timetable(
        &self,
        statement: &str,
        object: &str,
        until: Timestamp,
        after: Option<&Due>,
        limit: usize,
    ) -> Result<Vec<Due>, Fault> {
        let (at, id) = after.map_or((i64::MIN, String::new()), |due| (from_time(due.at), due.id.to_string()));
        let (until, limit) = (from_time(until), from_limit(limit));
        let found = self.store.connections.read(|connection| {
            let mut statement = connection.prepare_cached(statement)?;
            let rows = statement.query_map(params![until, at, id, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<Vec<(i64, String)>>>()
        });
        let found = found.map_err(|error| error.fault(object))?;
        let due = found.into_iter().map(|(at, id)| Ok(Due { at: to_time(at), id: RecordingId::parse(&id)? }));
        due.collect::<Result<_, _>>()
            .map_err(|error: domain::record::recording_id::NotARecordingId| Fault::permanent(object, error))
    }
}

/// Raises the version of a name from `expected` and returns the id of its row. Returns `None` if the version is
/// another one.
///
/// No statement has a RETURNING clause: SQLite would keep a copy of every page to be able to roll it back.
fn claim(transaction: &Connection, address: &BlobAddress, expected: Version) -> rusqlite::Result<Option<i64>> {
    let (name, container, account) = (address.name.as_str(), address.container.as_str(), address.account.as_str());
    if expected == Version(0) {
        let added = transaction.prepare_cached(NEW_NAME)?.execute([name, container, account])?;
        return Ok((added > 0).then(|| transaction.last_insert_rowid()));
    }
    let key = params![name, container, account, from_version(expected)];
    if transaction.prepare_cached(NEXT_VERSION)?.execute(key)? == 0 {
        return Ok(None);
    }
    transaction.prepare_cached(NAME)?.query_row([name, container, account], |row| row.get(0)).map(Some)
}

/// Reads the version of a name, 0 if it has none, and the stored forms of its lives.
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
