//! The notifications port in memory.

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use async_trait::async_trait;
use domain::record::notification::NotificationId;
use jiff::Timestamp;
use pipeline::ports::{Fault, GivenUpPosition, NotificationRecord, Notifications, Stored, Version};

use super::lock;

/// Notifications in a map, with the removable ones ordered by time.
#[derive(Debug, Default)]
pub struct MemoryNotifications {
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    by_id: HashMap<NotificationId, Stored>,
    forgotten: BTreeSet<(Timestamp, NotificationId)>,
    given_up: BTreeSet<GivenUpPosition>,
}

#[async_trait]
impl Notifications for MemoryNotifications {
    async fn add(&self, record: &NotificationRecord) -> Result<bool, Fault> {
        let mut rows = lock(&self.rows);
        let new = !rows.by_id.contains_key(&record.id);
        if new {
            rows.put(record, Version(1));
        }
        Ok(new)
    }

    async fn get(&self, id: &NotificationId) -> Result<Option<Stored>, Fault> {
        Ok(lock(&self.rows).by_id.get(id).cloned())
    }

    async fn save(&self, before: &Stored, record: &NotificationRecord) -> Result<Option<Version>, Fault> {
        let mut rows = lock(&self.rows);
        let Some(was) = rows.by_id.get(&record.id).filter(|was| was.version == before.version) else {
            return Ok(None);
        };
        let (was_forgotten, was_given_up) = (was.record.forgotten_at(), was.record.given_up_at());
        was_forgotten.map(|at| rows.forgotten.remove(&(at, record.id.clone())));
        was_given_up.map(|at| rows.given_up.remove(&(at, record.id.clone())));
        let version = Version(before.version.0 + 1);
        rows.put(record, version);
        Ok(Some(version))
    }

    async fn forgotten(&self, until: Timestamp, limit: usize) -> Result<Vec<Stored>, Fault> {
        let rows = lock(&self.rows);
        let due = rows.forgotten.iter().take_while(|(at, _)| *at <= until).take(limit);
        Ok(due.filter_map(|(_, id)| rows.by_id.get(id)).cloned().collect())
    }

    async fn given_up(
        &self,
        since: Timestamp,
        after: Option<&GivenUpPosition>,
        limit: usize,
    ) -> Result<Vec<Stored>, Fault> {
        let rows = lock(&self.rows);
        let wanted = rows.given_up.iter().filter(|place| place.0 >= since && after.is_none_or(|after| *place > after));
        Ok(wanted.take(limit).filter_map(|(_, id)| rows.by_id.get(id)).cloned().collect())
    }
}

impl Rows {
    fn put(&mut self, record: &NotificationRecord, version: Version) {
        self.forgotten.extend(record.forgotten_at().map(|at| (at, record.id.clone())));
        self.given_up.extend(record.given_up_at().map(|at| (at, record.id.clone())));
        self.by_id.insert(record.id.clone(), Stored { record: record.clone(), version });
    }
}
