//! The notifications port on tables.

use async_trait::async_trait;
use domain::record::notification::NotificationId;
use jiff::Timestamp;
use pipeline::ports::{Fault, GivenUpPosition, NotificationRecord, Notifications, Stored, Version};
use pipeline::stored;

use super::doc::{doc, with_doc};
use super::keys::{BEHIND, PARTITION, notification_row, time};
use super::lookup::{self, FORGOTTEN, GIVEN_UP, KEYS};
use super::store::TableStore;
use super::versions::{self, Save};
use super::wire::{Operation, Row};

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
        let (row, expected) = (notification_row(&record.id), before.map_or(Version(0), |before| before.version));
        let save = Save::new(PARTITION.to_owned(), row.clone(), expected);
        let old = before.map(|before| lookup::of_notification(&before.record)).unwrap_or_default();
        let lookups = lookup::of_notification(record).replacing(&old, |row| row);
        let replaced = before.map(|_| Operation::Replace(with_doc(Row::new(PARTITION, row), &doc)));
        let operations = save.operations(|row| with_doc(row, &doc), replaced.into_iter().chain(lookups));
        let saved = save.run(&self.store.notifications, operations).await;
        Ok(saved.map_err(|failure| failure.fault(object))?.then(|| save.next()))
    }

    /// Follows a row to its notification. Returns `None` if `time_of` the notification is not the time in the row.
    async fn follow(
        &self,
        row: Row,
        time_of: fn(&NotificationRecord) -> Option<Timestamp>,
    ) -> Result<Option<Stored>, Fault> {
        let Some((at, id)) = lookup::to_timed(&row.row) else {
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
        Ok((time_of(&record) == Some(at)).then_some(Stored { record, version }))
    }

    /// Loads the stored form under this id and its version.
    async fn load(&self, id: &NotificationId) -> Result<Option<(String, Version)>, Fault> {
        let stem = notification_row(id);
        let range = versions::range(PARTITION, &stem);
        let (rows, _) = self.store.notifications.all(&range, None).await.map_err(|failure| failure.fault(load(id)))?;
        let found = rows.iter().find(|row| row.row == stem);
        Ok(found.map(|row| (doc(row), versions::version(&rows, &stem))))
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
        let range = lookup::range(FORGOTTEN).before(lookup::key(FORGOTTEN, &format!("{}_{BEHIND}", time(until))));
        let object = "find forgotten notifications";
        lookup::follow(&self.store.notifications, &range, (limit, KEYS), object, |row| {
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
        let behind = after.map(|(at, id)| format!("{}_{}{BEHIND}", time(*at), id.as_str()));
        let from = behind.into_iter().chain([time(since)]).max().unwrap_or_default();
        let range = lookup::range(GIVEN_UP).from(lookup::key(GIVEN_UP, &from));
        let object = "find notifications that were given up";
        lookup::follow(&self.store.notifications, &range, (limit, KEYS), object, |row| {
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
            let is_asked = |text: &str| url.query_pairs().any(|(_, filter)| filter.contains(text));
            if is_asked(FORGOTTEN) {
                let rows = [&self.later, &self.ours].map(|record| lookup::of_notification(record).rows());
                return rows.concat();
            }
            let is_ours = is_asked(self.ours.id.as_str());
            let (record, doc) = if is_ours {
                (&self.ours, stored::notification::encode(&self.ours).unwrap())
            } else {
                (&self.later, r#"{"schema":99}"#.to_owned())
            };
            let row = notification_row(&record.id);
            let version = Row::new(PARTITION, format!("{row}_0000000000000001"));
            vec![with_doc(Row::new(PARTITION, row), &doc), version]
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
