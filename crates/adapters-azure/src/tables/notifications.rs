//! Notifications on their way, in tables.

use async_trait::async_trait;
use domain::notification::NotificationId;
use jiff::Timestamp;
use pipeline::ports::{Fault, GivenUp, NotificationRecord, Notifications, Stored, Version};
use pipeline::stored;

use super::doc::{doc, with_doc};
use super::keys::{BEHIND, notification_partition, time};
use super::lookup::{self, FORGOTTEN, GIVEN_UP, Lookup};
use super::store::TableStore;
use super::versions::{self, Save};
use super::wire::{Operation, Range, Row};

/// The outbox: one row per notification, and one for its version.
#[derive(Debug, Clone)]
pub struct TableNotifications {
    store: TableStore,
}

impl TableNotifications {
    /// The outbox of a store.
    pub fn new(store: &TableStore) -> Self {
        Self { store: store.clone() }
    }

    async fn put(
        &self,
        before: Option<&Stored>,
        record: &NotificationRecord,
        object: &str,
    ) -> Result<Option<Version>, Fault> {
        let doc = stored::notification::encode(record).map_err(|error| error.fault(object))?;
        let partition = notification_partition(&record.id);
        let expected = before.map_or(Version(0), |before| before.version);
        let save = Save::new(partition.clone(), record.id.as_str().to_owned(), expected);
        let lookup = lookup::of_notification(record, save.next());
        let failed = |failure: crate::client::Failure| failure.fault(object);
        lookup::write(&self.store.lookup, lookup).await.map_err(failed)?;
        let replaced = before.map(|_| Operation::Replace(with_doc(Row::new(partition, record.id.as_str()), &doc)));
        let saved = save.run(&self.store.notifications, |row| with_doc(row, &doc), replaced).await.map_err(failed)?;
        if !saved {
            return Ok(None);
        }
        let old = before.map(|before| lookup::of_notification(&before.record, before.version)).into_iter().flatten();
        lookup::clean(&self.store.lookup, old).await;
        Ok(Some(save.next()))
    }

    /// Follows a row to the notification of which this time is that of the row. `None` where it leads nowhere, and then
    /// it is removed if nobody needs it any more.
    async fn follow(
        &self,
        row: Lookup,
        time_of: fn(&NotificationRecord) -> Option<Timestamp>,
    ) -> Result<Option<Stored>, Fault> {
        let Some((at, id, written)) = lookup::to_timed(&row.row) else {
            return Ok(None);
        };
        let Some(id) = NotificationId::parse(id) else { return Ok(None) };
        let Some(stored) = self.get(&id).await? else { return Ok(None) };
        if time_of(&stored.record) == Some(at) && stored.version == Version(written) {
            return Ok(Some(stored));
        }
        // A row of a version to come belongs to a save that is on its way.
        if stored.version >= Version(written) {
            lookup::clean(&self.store.lookup, [row]).await;
        }
        Ok(None)
    }
}

#[async_trait]
impl Notifications for TableNotifications {
    async fn add(&self, record: &NotificationRecord) -> Result<bool, Fault> {
        let added = self.put(None, record, &format!("add notification {}", record.id.as_str())).await?;
        Ok(added.is_some())
    }

    async fn get(&self, id: &NotificationId) -> Result<Option<Stored>, Fault> {
        let object = || format!("load notification {}", id.as_str());
        let range = versions::range(&notification_partition(id), id.as_str());
        let (rows, _) = self.store.notifications.all(&range, None).await.map_err(|failure| failure.fault(object()))?;
        let Some(row) = rows.iter().find(|row| row.row == id.as_str()) else {
            return Ok(None);
        };
        let record = stored::notification::decode(&doc(row)).map_err(|error| error.fault(object()))?;
        Ok(Some(Stored { record, version: versions::version(&rows, id.as_str()) }))
    }

    async fn save(&self, before: &Stored, record: &NotificationRecord) -> Result<Option<Version>, Fault> {
        // What was never added has no version to build on, and must not be made by saving it.
        if before.version == Version(0) {
            return Ok(None);
        }
        self.put(Some(before), record, &format!("save notification {}", record.id.as_str())).await
    }

    async fn forgotten(&self, until: Timestamp, limit: usize) -> Result<Vec<Stored>, Fault> {
        let range = Range::partition(FORGOTTEN).before(format!("{}_{BEHIND}", time(until)));
        let object = "find forgotten notifications";
        lookup::follow(&self.store.lookup, &range, limit, object, |row| {
            self.follow(row, NotificationRecord::forgotten_at)
        })
        .await
    }

    async fn given_up(&self, since: Timestamp, after: Option<&GivenUp>, limit: usize) -> Result<Vec<Stored>, Fault> {
        // What a version of the last one is called goes on behind its id.
        let behind = after.map(|(at, id)| format!("{}_{}_{BEHIND}", time(*at), id.as_str()));
        let from = behind.into_iter().chain([time(since)]).max().unwrap_or_default();
        let range = Range::partition(GIVEN_UP).from(from);
        lookup::follow(&self.store.lookup, &range, limit, "find notifications that were given up", |row| {
            self.follow(row, NotificationRecord::given_up_at)
        })
        .await
    }
}
