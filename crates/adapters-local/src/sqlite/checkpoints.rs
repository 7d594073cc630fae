//! The checkpoints port on SQLite.

use async_trait::async_trait;
use pipeline::ports::{Checkpoint, CheckpointKey, CheckpointKind, Checkpoints, Fault, Version};
use rusqlite::{OptionalExtension, params};

use super::SqliteStore;
use super::number::{from_limit, from_version, to_version};

pub(super) const GET: &str = "SELECT doc, version FROM checkpoints WHERE kind = ?1 AND name = ?2";
pub(super) const ADD: &str = "INSERT INTO checkpoints (kind, name, doc) VALUES (?1, ?2, ?3)
    ON CONFLICT DO NOTHING";
pub(super) const REMOVE: &str = "DELETE FROM checkpoints WHERE kind = ?1 AND name = ?2 AND version = ?3";
pub(super) const LIST: &str =
    "SELECT name, doc, version FROM checkpoints WHERE kind = ?1 AND name >= ?2 ORDER BY name LIMIT ?3";

/// Checkpoints as rows; the row number of the last save is the version.
#[derive(Debug, Clone)]
pub struct SqliteCheckpoints {
    store: SqliteStore,
}

impl SqliteCheckpoints {
    /// Opens the checkpoints of a store.
    pub fn new(store: &SqliteStore) -> Self {
        Self { store: store.clone() }
    }
}

#[async_trait]
impl Checkpoints for SqliteCheckpoints {
    async fn get(&self, key: &CheckpointKey) -> Result<Option<Checkpoint>, Fault> {
        let found = self.store.connections.read(|connection| {
            let mut statement = connection.prepare_cached(GET)?;
            statement.query_row([key.kind.name(), &key.name], |row| checkpoint(row, 0)).optional()
        });
        found.map_err(|error| error.fault(format!("load {}", named(key))))
    }

    async fn save(&self, key: &CheckpointKey, before: Option<Version>, doc: &str) -> Result<Option<Version>, Fault> {
        let (kind, name) = (key.kind.name(), &key.name);
        let saved = self.store.connections.write(|transaction| {
            if let Some(before) = before {
                let mut remove = transaction.prepare_cached(REMOVE)?;
                if remove.execute(params![kind, name, from_version(before)])? == 0 {
                    return Ok(None);
                }
            }
            // Inserts a new row each time, because its number is a version no other save had.
            let added = transaction.prepare_cached(ADD)?.execute([kind, name, doc])?;
            Ok((added > 0).then(|| transaction.last_insert_rowid()))
        });
        saved.map(|version| version.map(to_version)).map_err(|error| error.fault(format!("save {}", named(key))))
    }

    async fn remove(&self, key: &CheckpointKey, before: Version) -> Result<bool, Fault> {
        let removed = self.store.connections.run(|connection| {
            let mut statement = connection.prepare_cached(REMOVE)?;
            statement.execute(params![key.kind.name(), key.name, from_version(before)])
        });
        removed.map(|rows| rows > 0).map_err(|error| error.fault(format!("remove {}", named(key))))
    }

    async fn list(
        &self,
        kind: CheckpointKind,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Checkpoint)>, Fault> {
        // The next text after a name is the name with a zero byte.
        let from = after.map(|name| format!("{name}\0")).unwrap_or_default();
        let found = self.store.connections.read(|connection| {
            let mut statement = connection.prepare_cached(LIST)?;
            let rows = statement.query_map(params![kind.name(), from, from_limit(limit)], |row| {
                Ok((row.get(0)?, checkpoint(row, 1)?))
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        });
        found.map_err(|error| error.fault(format!("list checkpoints of kind {}", kind.name())))
    }
}

fn named(key: &CheckpointKey) -> String {
    format!("checkpoint {:?} of kind {}", key.name, key.kind.name())
}

fn checkpoint(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Checkpoint> {
    Ok(Checkpoint { doc: row.get(at)?, version: to_version(row.get(at + 1)?) })
}
