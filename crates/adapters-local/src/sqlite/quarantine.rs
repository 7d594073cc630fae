//! The quarantine port on SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use pipeline::ports::{Fault, Quarantine, QuarantineId, QuarantineNote, QuarantinedInput};
use rusqlite::{OptionalExtension, Row, Rows, params};

use super::SqliteStore;
use super::number::{from_limit, from_time, to_time};

pub(super) const PUT: &str = "INSERT INTO quarantine (id, at, origin, reason, raw) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT DO NOTHING";
pub(super) const GET: &str = "SELECT at, origin, reason, raw FROM quarantine WHERE id = ?1";
pub(super) const SINCE: &str =
    "SELECT at, origin, reason, length(raw), id FROM quarantine WHERE at >= ?1 ORDER BY at, id LIMIT ?2";
pub(super) const BEHIND: &str =
    "SELECT at, origin, reason, length(raw), id FROM quarantine WHERE (at, id) > (?1, ?2) ORDER BY at, id LIMIT ?3";
pub(super) const UNANNOUNCED: &str = "SELECT at, origin, reason, length(raw), id FROM quarantine WHERE announced = 0 AND at >= 0 ORDER BY at, id LIMIT ?1";
pub(super) const ANNOUNCED: &str = "UPDATE quarantine SET announced = 1 WHERE id = ?1";
pub(super) const REMOVE: &str = "DELETE FROM quarantine WHERE id = ?1";

/// Quarantined inputs as rows.
#[derive(Debug, Clone)]
pub struct SqliteQuarantine {
    store: SqliteStore,
}

impl SqliteQuarantine {
    /// Opens the quarantine of a store.
    pub fn new(store: &SqliteStore) -> Self {
        Self { store: store.clone() }
    }
}

#[async_trait]
impl Quarantine for SqliteQuarantine {
    async fn put(&self, input: &QuarantinedInput) -> Result<(), Fault> {
        let put = self.store.connections.run(|connection| {
            let QuarantinedInput { id, raw, reason, at, origin } = input;
            let mut statement = connection.prepare_cached(PUT)?;
            statement.execute(params![id.as_str(), from_time(*at), origin, reason, raw])
        });
        put.map(|_| ()).map_err(|error| error.fault(format!("quarantine input {}", input.id)))
    }

    async fn get(&self, id: &QuarantineId) -> Result<Option<QuarantinedInput>, Fault> {
        let found = self.store.connections.read(|connection| {
            let mut statement = connection.prepare_cached(GET)?;
            statement.query_row([id.as_str()], |row| input(row, id.clone())).optional()
        });
        found.map_err(|error| error.fault(format!("load quarantined input {id}")))
    }

    async fn since(&self, since: Timestamp, limit: usize) -> Result<Vec<QuarantineNote>, Fault> {
        let found = self.store.connections.read(|connection| {
            let mut statement = connection.prepare_cached(SINCE)?;
            notes(statement.query(params![from_time(since), from_limit(limit)])?)
        });
        found.map_err(|error| error.fault("list quarantined inputs"))
    }

    async fn behind(&self, last: &QuarantineNote, limit: usize) -> Result<Vec<QuarantineNote>, Fault> {
        let found = self.store.connections.read(|connection| {
            let mut statement = connection.prepare_cached(BEHIND)?;
            notes(statement.query(params![from_time(last.at), last.id.as_str(), from_limit(limit)])?)
        });
        found.map_err(|error| error.fault("list quarantined inputs"))
    }

    async fn unannounced(&self, limit: usize) -> Result<Vec<QuarantineNote>, Fault> {
        let found = self.store.connections.read(|connection| {
            let mut statement = connection.prepare_cached(UNANNOUNCED)?;
            notes(statement.query(params![from_limit(limit)])?)
        });
        found.map_err(|error| error.fault("list quarantined inputs"))
    }

    async fn announced(&self, ids: &[QuarantineId]) -> Result<(), Fault> {
        let noted = self.store.connections.run(|connection| {
            let mut statement = connection.prepare_cached(ANNOUNCED)?;
            ids.iter().try_for_each(|id| statement.execute([id.as_str()]).map(drop))
        });
        noted.map_err(|error| error.fault("note that quarantined inputs were announced"))
    }

    async fn remove(&self, id: &QuarantineId) -> Result<(), Fault> {
        let removed =
            self.store.connections.run(|connection| connection.prepare_cached(REMOVE)?.execute([id.as_str()]));
        removed.map(drop).map_err(|error| error.fault(format!("remove quarantined input {id}")))
    }
}

fn notes(mut rows: Rows<'_>) -> rusqlite::Result<Vec<QuarantineNote>> {
    let mut notes = Vec::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(4)?;
        notes.extend(QuarantineId::parse(&id).map(|id| note(row, id)).transpose()?);
    }
    Ok(notes)
}

fn input(row: &Row<'_>, id: QuarantineId) -> rusqlite::Result<QuarantinedInput> {
    Ok(QuarantinedInput { id, at: to_time(row.get(0)?), origin: row.get(1)?, reason: row.get(2)?, raw: row.get(3)? })
}

fn note(row: &Row<'_>, id: QuarantineId) -> rusqlite::Result<QuarantineNote> {
    let size = u64::try_from(row.get::<_, i64>(3)?).unwrap_or_default();
    Ok(QuarantineNote { id, at: to_time(row.get(0)?), origin: row.get(1)?, reason: row.get(2)?, size })
}
