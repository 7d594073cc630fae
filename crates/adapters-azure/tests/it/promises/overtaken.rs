//! A sweep runs while a save is suspended between its lookup rows and its transaction.

use std::sync::Arc;

use adapters_azure::{Patience, Policy, StorageAccess, TableCatalogue, TableNotifications, TableStore, TokenScope};
use adapters_local::SystemClock;
use async_trait::async_trait;
use azure_core::http::policies::PolicyResult;
use azure_core::http::{Context, Request};
use azurite::{Account, Azurite};
use domain::record::catalogue::Entry;
use domain::record::delivery::{Delivery, FORGOTTEN_AFTER};
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Heading, ListRequest, Loaded, NotificationRecord, Notifications, Version};
use pipeline::testing::notifications::record;
use pipeline::testing::sample::{address, entry_due, second};
use tokio::sync::Semaphore;

/// Suspends every transaction until it is released.
#[derive(Debug)]
struct Held {
    reached: Semaphore,
    let_go: Semaphore,
}

impl Held {
    fn new() -> Arc<Self> {
        Arc::new(Self { reached: Semaphore::new(0), let_go: Semaphore::new(0) })
    }
}

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "as the SDK declares the trait")]
impl Policy for Held {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        if request.url().path().ends_with("/$batch") {
            self.reached.add_permits(1);
            let _let_go = self.let_go.acquire().await.unwrap();
        }
        next[0].send(context, request, &next[1..]).await
    }
}

fn access(account: &Account) -> StorageAccess {
    StorageAccess::emulator(&account.name, &account.key, Arc::new(SystemClock), Patience::default()).unwrap()
}

fn store(account: &Account, access: &StorageAccess) -> TableStore {
    TableStore::new(access, &account.table_url.parse().unwrap(), TokenScope::Storage).unwrap()
}

/// Opens the tables of an account twice: directly, and with suspended transactions.
async fn stores() -> (TableStore, TableStore, Arc<Held>) {
    let account = Azurite::shared().unwrap().account().unwrap();
    let (open, held) = (store(&account, &access(&account)), Held::new());
    open.create().await.unwrap();
    let behind = store(&account, &access(&account).with_policy(held.clone()));
    (open, behind, held)
}

fn due(at: i64, revision: u64) -> Entry {
    Entry { revision, ..entry_due(&address("vm-user"), second(0), second(at)) }
}

async fn due_ats(catalogue: &TableCatalogue) -> Vec<Timestamp> {
    catalogue.due(second(1_000), None, 10).await.unwrap().into_iter().map(|due| due.at).collect()
}

#[tokio::test]
async fn a_sweep_during_a_save_keeps_the_lookup_row_of_the_entry() {
    let (open, behind, held) = stores().await;
    let whole = TableCatalogue::new(&open);
    let (first, next) = (due(10, 1), due(20, 2));
    whole.save(&Loaded::nothing(first.address.clone()), std::slice::from_ref(&first)).await.unwrap().unwrap();
    let loaded = whole.lives(&first.address).await.unwrap();
    let saving = tokio::spawn(async move { TableCatalogue::new(&behind).save(&loaded, &[next]).await });
    held.reached.acquire().await.unwrap().forget();
    let listed = ListRequest { under: Some(Heading::State(first.state)), below: None, from: None, limit: 10 };
    assert_eq!(due_ats(&whole).await, [second(10)], "an unsaved entry is not due");
    assert_eq!(whole.list(&listed).await.unwrap().len(), 1);
    held.let_go.add_permits(1);
    assert_eq!(saving.await.unwrap().unwrap(), Some(Version(2)));
    assert_eq!(due_ats(&whole).await, [second(20)]);
    assert_eq!(whole.list(&listed).await.unwrap().len(), 1);
}

fn waiting(record: &NotificationRecord, at: i64) -> NotificationRecord {
    let mut record = record.clone();
    record.deliveries = [("siem".to_owned(), Delivery::Waiting { attempt: 1, at: second(at) })].into();
    record
}

#[tokio::test]
async fn a_sweep_during_a_save_keeps_the_lookup_row_of_the_delivery() {
    let (open, behind, held) = stores().await;
    let (whole, record) = (TableNotifications::new(&open), record("x", second(0)));
    whole.add(&waiting(&record, 10)).await.unwrap();
    let before = whole.get(&record.id).await.unwrap().unwrap();
    let next = waiting(&record, 20);
    let saving = tokio::spawn(async move { TableNotifications::new(&behind).save(&before, &next).await });
    held.reached.acquire().await.unwrap().forget();
    let forgotten = async || {
        let found = whole.forgotten(second(10_000), 10).await.unwrap();
        found.into_iter().map(|stored| stored.record.forgotten_at().unwrap() - FORGOTTEN_AFTER).collect::<Vec<_>>()
    };
    assert_eq!(forgotten().await, [second(10)]);
    held.let_go.add_permits(1);
    assert_eq!(saving.await.unwrap().unwrap(), Some(Version(2)));
    assert_eq!(forgotten().await, [second(20)]);
}
