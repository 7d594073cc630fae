//! The notifications port on tables.

use async_trait::async_trait;
use domain::record::notification::NotificationId;
use jiff::Timestamp;
use pipeline::ports::{Fault, GivenUpPosition, NotificationRecord, Notifications, Stored, Version};
use pipeline::stored;

use super::doc::{doc, with_doc};
use super::keys::{BEHIND, notification_partition, time};
use super::lookup::{self, FORGOTTEN, GIVEN_UP, Lookup};
use super::store::TableStore;
use super::versions::{self, Save};
use super::wire::{Operation, Range, Row};

/// Outbox in a table: one row for each notification and one for its version.
#[derive(Debug, Clone)]
pub struct TableNotifications {
    store: TableStore,
}

impl TableNotifications {
    /// Opens the outbox of a store.
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

    /// Follows a row to its notification. Returns `None` if `time_of` the notification is not the time in the row;
    /// removes the row if no save needs it any more.
    async fn follow(
        &self,
        row: Lookup,
        time_of: fn(&NotificationRecord) -> Option<Timestamp>,
    ) -> Result<Option<Stored>, Fault> {
        let Some((at, id, written)) = lookup::to_timed(&row.row) else {
            return Ok(None);
        };
        let Some(id) = NotificationId::parse(id) else { return Ok(None) };
        let Some((doc, version)) = self.load(&id).await? else { return Ok(None) };
        let record = match stored::notification::decode(&doc) {
            Ok(record) => record,
            // An unreadable notification must not hide the others.
            Err(error) => {
                tracing::error!(notification = id.as_str(), %error, "notification skipped");
                return Ok(None);
            }
        };
        if time_of(&record) == Some(at) && version == Version(written) {
            return Ok(Some(Stored { record, version }));
        }
        // A row with a later version belongs to a save under way.
        if version >= Version(written) {
            lookup::clean(&self.store.lookup, [row]).await;
        }
        Ok(None)
    }

    /// Loads the stored form under this id and its version.
    async fn load(&self, id: &NotificationId) -> Result<Option<(String, Version)>, Fault> {
        let range = versions::range(&notification_partition(id), id.as_str());
        let (rows, _) = self.store.notifications.all(&range, None).await.map_err(|failure| failure.fault(load(id)))?;
        let found = rows.iter().find(|row| row.row == id.as_str());
        Ok(found.map(|row| (doc(row), versions::version(&rows, id.as_str()))))
    }
}

#[async_trait]
impl Notifications for TableNotifications {
    async fn add(&self, record: &NotificationRecord) -> Result<bool, Fault> {
        let added = self.put(None, record, &format!("add notification {}", record.id.as_str())).await?;
        Ok(added.is_some())
    }

    async fn get(&self, id: &NotificationId) -> Result<Option<Stored>, Fault> {
        let Some((doc, version)) = self.load(id).await? else { return Ok(None) };
        let record = stored::notification::decode(&doc).map_err(|error| error.fault(load(id)))?;
        Ok(Some(Stored { record, version }))
    }

    async fn save(&self, before: &Stored, record: &NotificationRecord) -> Result<Option<Version>, Fault> {
        // A record that was never added has no version to build on, and saving must not create it.
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

    async fn given_up(
        &self,
        since: Timestamp,
        after: Option<&GivenUpPosition>,
        limit: usize,
    ) -> Result<Vec<Stored>, Fault> {
        // The row of the last one continues with its version after the id.
        let behind = after.map(|(at, id)| format!("{}_{}_{BEHIND}", time(*at), id.as_str()));
        let from = behind.into_iter().chain([time(since)]).max().unwrap_or_default();
        let range = Range::partition(GIVEN_UP).from(from);
        lookup::follow(&self.store.lookup, &range, limit, "find notifications that were given up", |row| {
            self.follow(row, NotificationRecord::given_up_at)
        })
        .await
    }
}

fn load(id: &NotificationId) -> String {
    format!("load notification {}", id.as_str())
}

#[cfg(test)]
mod tests {
    use adapters_local::SystemClock;
    use std::sync::Arc;

    use azure_core::http::headers::Headers;
    use azure_core::http::policies::{Policy, PolicyResult};
    use azure_core::http::{AsyncRawResponse, Context, Request, StatusCode, Url};
    use pipeline::testing::notifications::record;
    use pipeline::testing::sample::second;
    use serde_json::json;

    use super::*;
    use crate::client::{Patience, StorageAccess};
    use crate::tables::TokenScope;

    /// A service with two removable notifications, the first one stored by a later release.
    #[derive(Debug)]
    struct Wire {
        later: NotificationRecord,
        ours: NotificationRecord,
    }

    impl Wire {
        fn rows(&self, url: &Url) -> Vec<Row> {
            if url.path().contains("lookup") {
                let rows = [&self.later, &self.ours].map(|record| lookup::of_notification(record, Version(1)));
                return rows.into_iter().flatten().map(|Lookup { partition, row }| Row::new(partition, row)).collect();
            }
            let is_ours = url.query_pairs().any(|(_, filter)| filter.contains(self.ours.id.as_str()));
            let (record, doc) = if is_ours {
                (&self.ours, stored::notification::encode(&self.ours).unwrap())
            } else {
                (&self.later, r#"{"schema":99}"#.to_owned())
            };
            let (partition, id) = (notification_partition(&record.id), record.id.as_str());
            let version = Row::new(partition.clone(), format!("{id}_0000000000000001"));
            vec![with_doc(Row::new(partition, id), &doc), version]
        }
    }

    #[async_trait]
    impl Policy for Wire {
        #[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
        async fn send(&self, _: &Context, request: &mut Request, _: &[Arc<dyn Policy>]) -> PolicyResult {
            let page = json!({ "value": self.rows(request.url()) }).to_string();
            Ok(AsyncRawResponse::from_bytes(StatusCode::Ok, Headers::new(), page))
        }
    }

    #[tokio::test]
    async fn an_unreadable_notification_does_not_block_the_recall_of_others() {
        let (later, ours) = (record("later", second(0)), record("ours", second(1)));
        let wire = Arc::new(Wire { later, ours: ours.clone() });
        let access = StorageAccess::emulator("account", "a2V5", Arc::new(SystemClock), Patience::default())
            .unwrap()
            .with_wire(wire);
        let endpoint = "http://127.0.0.1:10002/account".parse().unwrap();
        let store = TableStore::new(&access, &endpoint, TokenScope::Storage).unwrap();
        let forgotten = TableNotifications::new(&store).forgotten(second(10_000), 10).await.unwrap();
        assert_eq!(forgotten.into_iter().map(|stored| stored.record).collect::<Vec<_>>(), [ours]);
    }
}
