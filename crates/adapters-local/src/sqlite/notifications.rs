//! The notifications port on SQLite.

use async_trait::async_trait;
use domain::record::notification::NotificationId;
use jiff::Timestamp;
use pipeline::ports::{Fault, GivenUpPosition, NotificationRecord, Notifications, Stored, Version};
use pipeline::stored;
use rusqlite::{OptionalExtension, Row, params};

use super::SqliteStore;
use super::number::{from_limit, from_time, from_version, to_version};

pub(super) const ADD: &str =
    "INSERT INTO notifications (id, version, forgotten_at, doc, given_up_at) VALUES (?1, 1, ?2, ?3, ?4)
    ON CONFLICT DO NOTHING";
pub(super) const GET: &str = "SELECT version, doc FROM notifications WHERE id = ?1";
pub(super) const SAVE: &str = "UPDATE notifications SET version = version + 1, forgotten_at = ?3, doc = ?4,
    given_up_at = ?5
    WHERE id = ?1 AND version = ?2";
pub(super) const FORGOTTEN: &str = "SELECT version, doc FROM notifications WHERE forgotten_at <= ?1
    ORDER BY forgotten_at, id LIMIT ?2";
pub(super) const GIVEN_UP: &str = "SELECT version, doc FROM notifications WHERE given_up_at >= ?1
    AND (given_up_at, id) > (?1, ?2) ORDER BY given_up_at, id LIMIT ?3";

/// Notifications as rows: the stored form, the time from which it may be removed, and the time at which a delivery
/// was given up.
#[derive(Debug, Clone)]
pub struct SqliteNotifications {
    store: SqliteStore,
}

impl SqliteNotifications {
    /// Opens the notifications of a store.
    pub fn new(store: &SqliteStore) -> Self {
        Self { store: store.clone() }
    }
}

#[async_trait]
impl Notifications for SqliteNotifications {
    async fn add(&self, record: &NotificationRecord) -> Result<bool, Fault> {
        let object = || format!("add notification {}", record.id.as_str());
        let doc = stored::notification::encode(record).map_err(|error| error.fault(object()))?;
        let (id, [forgotten_at, given_up_at]) = (record.id.as_str().to_owned(), times(record));
        let added = self
            .store
            .connections
            .run(|connection| connection.prepare_cached(ADD)?.execute(params![id, forgotten_at, doc, given_up_at]));
        Ok(added.map_err(|error| error.fault(object()))? > 0)
    }

    async fn get(&self, id: &NotificationId) -> Result<Option<Stored>, Fault> {
        let object = || format!("load notification {}", id.as_str());
        let found = self
            .store
            .connections
            .read(|connection| connection.prepare_cached(GET)?.query_row([id.as_str()], versioned_doc).optional());
        let found = found.map_err(|error| error.fault(object()))?;
        found.map(|row| decode(row, object)).transpose()
    }

    async fn save(&self, before: &Stored, record: &NotificationRecord) -> Result<Option<Version>, Fault> {
        let expected = before.version;
        let object = || format!("save notification {}", record.id.as_str());
        let doc = stored::notification::encode(record).map_err(|error| error.fault(object()))?;
        let (id, [forgotten_at, given_up_at]) = (record.id.as_str().to_owned(), times(record));
        let saved = self.store.connections.run(|connection| {
            let mut statement = connection.prepare_cached(SAVE)?;
            statement.execute(params![id, from_version(expected), forgotten_at, doc, given_up_at])
        });
        let saved = saved.map_err(|error| error.fault(object()))?;
        Ok((saved > 0).then_some(Version(expected.0 + 1)))
    }

    async fn forgotten(&self, until: Timestamp, limit: usize) -> Result<Vec<Stored>, Fault> {
        let object = || "find forgotten notifications".to_owned();
        let found = self.store.connections.read(|connection| {
            let mut statement = connection.prepare_cached(FORGOTTEN)?;
            let rows = statement.query_map(params![from_time(until), from_limit(limit)], versioned_doc)?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        });
        let found = found.map_err(|error| error.fault(object()))?;
        // An unreadable notification must not hide the others.
        Ok(readable(found, object))
    }

    async fn given_up(
        &self,
        since: Timestamp,
        after: Option<&GivenUpPosition>,
        limit: usize,
    ) -> Result<Vec<Stored>, Fault> {
        let object = || "find notifications that were given up".to_owned();
        // No id sorts before an empty one.
        let after = after.filter(|(at, _)| *at >= since);
        let (at, id) = after.map_or((since, ""), |(at, id)| (*at, id.as_str()));
        let found = self.store.connections.read(|connection| {
            let mut statement = connection.prepare_cached(GIVEN_UP)?;
            let rows = statement.query_map(params![from_time(at), id, from_limit(limit)], versioned_doc)?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        });
        Ok(readable(found.map_err(|error| error.fault(object()))?, object))
    }
}

/// Index columns of a notification: when it may be removed, and when a delivery was given up.
fn times(record: &NotificationRecord) -> [Option<i64>; 2] {
    [record.forgotten_at(), record.given_up_at()].map(|at| at.map(from_time))
}

/// Decodes notifications; logs and skips unreadable ones.
fn readable(found: Vec<(i64, String)>, object: impl Fn() -> String + Copy) -> Vec<Stored> {
    let readable = |row| decode(row, object).map_err(|fault| tracing::error!(%fault, "notification skipped")).ok();
    found.into_iter().filter_map(readable).collect()
}

fn versioned_doc(row: &Row<'_>) -> rusqlite::Result<(i64, String)> {
    Ok((row.get(0)?, row.get(1)?))
}

fn decode((version, doc): (i64, String), object: impl Fn() -> String) -> Result<Stored, Fault> {
    let record = stored::notification::decode(&doc).map_err(|error| error.fault(object()))?;
    Ok(Stored { record, version: to_version(version) })
}
