//! Entries and notifications under failed, repeated and missing calls.

use std::slice::from_ref;
use std::sync::Arc;

use adapters_azure::testing::{Mishap, Mishaps, Tally};
use adapters_azure::{Patience, Policy, StorageAccess, TableCatalogue, TableStore, TokenScope};
use adapters_local::SystemClock;
use async_trait::async_trait;
use azure_core::http::policies::PolicyResult;
use azure_core::http::{Context, Method, Request};
use azurite::Azurite;
use domain::record::catalogue::Entry;
use domain::record::delivery::Delivery;
use pipeline::ports::{Catalogue, FaultKind, Heading, ListRequest, Loaded, Notifications, Outage, Version};
use pipeline::testing::sample::{address, entry_due, second};
use tokio::sync::Semaphore;

use crate::table_mishaps::tables::{PATIENCE, Tables};

fn due(at: i64, revision: u64) -> Entry {
    let mut entry = entry_due(&address("vm-user"), second(0), second(at));
    entry.revision = revision;
    entry
}

async fn due_ats(catalogue: &TableCatalogue) -> Vec<jiff::Timestamp> {
    catalogue.due(second(1_000_000), None, 10).await.unwrap().into_iter().map(|due| due.at).collect()
}

/// Calls of any save: one transaction.
pub const SAVE: usize = 1;

#[tokio::test]
async fn a_saver_with_a_lost_response_is_recognised_as_winner() {
    let tables = Tables::new().await;
    let first = due(10, 1);
    let (catalogue, mishaps) = tables.catalogue(Mishaps::one(SAVE, Mishap::AnswerLost));
    let saved = catalogue.save(&Loaded::nothing(first.address.clone()), from_ref(&first)).await.unwrap();
    assert_eq!(saved, Some(Version(1)), "the repetition met the row of its own first try");
    assert_eq!(mishaps.tries(), SAVE + 2, "the repetition, and a check whose row it was");
    assert_eq!(catalogue.lives(&first.address).await.unwrap().lives.entries, [first]);
}

#[tokio::test]
async fn a_saver_with_a_lost_response_is_recognised_as_loser() {
    let tables = Tables::new().await;
    let (mine, theirs) = (due(10, 1), due(20, 1));
    let (other, _) = tables.catalogue(Mishaps::none());
    let nothing = Loaded::nothing(mine.address.clone());
    other.save(&nothing, from_ref(&theirs)).await.unwrap().unwrap();
    let (catalogue, _) = tables.catalogue(Mishaps::one(SAVE, Mishap::AnswerLost));
    assert_eq!(catalogue.save(&nothing, from_ref(&mine)).await.unwrap(), None);
    assert_eq!(catalogue.lives(&mine.address).await.unwrap().lives.entries, [theirs]);
}

#[tokio::test]
async fn a_notification_added_with_a_lost_response_counts_as_new() {
    let tables = Tables::new().await;
    let record = pipeline::testing::notifications::record("x", second(0));
    let outbox = tables.outbox(Mishaps::one(1, Mishap::AnswerLost));
    assert!(outbox.add(&record).await.unwrap(), "no other process has added it");
    assert!(!outbox.add(&record).await.unwrap(), "now it is kept already");
}

#[tokio::test]
async fn a_claim_with_a_lost_response_is_granted() {
    let tables = Tables::new().await;
    let mut record = pipeline::testing::notifications::record("x", second(0));
    tables.outbox(Mishaps::none()).add(&record).await.unwrap();
    let outbox = tables.outbox(Mishaps::one(2, Mishap::AnswerLost));
    let before = outbox.get(&record.id).await.unwrap().unwrap();
    record.deliveries.insert("siem".to_owned(), Delivery::Claimed { attempt: 1, until: second(120) });
    assert_eq!(outbox.save(&before, &record).await.unwrap(), Some(Version(2)));
    assert_eq!(outbox.save(&before, &record).await.unwrap(), None, "it is not claimed a second time");
}

#[tokio::test]
async fn a_save_crashing_at_any_call_leaves_a_findable_entry() {
    let (before, after) = (due(10, 1), due(20, 2));
    for call in 1..=SAVE {
        for death in [Mishap::Death, Mishap::DeathAfter] {
            let tables = Tables::new().await;
            let (whole, _) = tables.catalogue(Mishaps::none());
            whole.save(&Loaded::nothing(before.address.clone()), from_ref(&before)).await.unwrap().unwrap();
            let loaded = whole.lives(&before.address).await.unwrap();
            let (dying, mishaps) = tables.catalogue(Mishaps::one(call, death));
            let saved = dying.save(&loaded, from_ref(&after)).await;
            assert!(mishaps.is_dead(), "a save makes {call} calls");
            let entries = whole.lives(&before.address).await.unwrap().lives.entries;
            let now = if entries == [after.clone()] { &after } else { &before };
            assert_eq!(entries, from_ref(now), "{death:?} in call {call}: {saved:?}");
            assert_eq!(due_ats(&whole).await, [now.due_at().unwrap()], "{death:?} in call {call}");
            let listed = ListRequest { under: Some(Heading::State(now.state)), below: None, from: None, limit: 10 };
            assert_eq!(whole.list(&listed).await.unwrap(), from_ref(now), "{death:?} in call {call}");
        }
    }
}

/// A removal of a row that is not there fails the whole transaction, like a lost race.
#[tokio::test]
async fn an_entry_with_a_missing_row_can_still_be_saved() {
    let tables = Tables::new().await;
    let (catalogue, _) = tables.catalogue(Mishaps::none());
    let first = due(10, 1);
    catalogue.save(&Loaded::nothing(first.address.clone()), from_ref(&first)).await.unwrap().unwrap();
    let mut loaded = catalogue.lives(&first.address).await.unwrap();
    loaded.lives.entries = vec![due(15, 1)];
    let stale = loaded.clone();
    assert_eq!(catalogue.save(&loaded, from_ref(&due(20, 2))).await.unwrap(), Some(Version(2)));
    assert_eq!(catalogue.lives(&first.address).await.unwrap().lives.entries, [due(20, 2)]);
    assert_eq!(catalogue.save(&stale, from_ref(&due(30, 2))).await.unwrap(), None, "but not after a lost race");
}

/// More rows than a transaction takes: readers then look behind the rows.
#[tokio::test]
async fn many_lives_of_a_name_are_saved_and_found() {
    let tables = Tables::new().await;
    let (catalogue, _) = tables.catalogue(Mishaps::none());
    let life = |n: i64, revision| {
        let mut entry = entry_due(&address("vm-user"), second(n), second(900));
        (entry.revision, entry.wake_at) = (revision, None);
        entry
    };
    let mut many: Vec<Entry> = (0..40).map(|n| life(n, 1)).collect();
    many.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    let listed = async |under| {
        let request = ListRequest { under, below: None, from: None, limit: 100 };
        catalogue.list(&request).await.unwrap()
    };
    for revision in 1..=2 {
        many.iter_mut().for_each(|entry| entry.revision = revision);
        let loaded = catalogue.lives(&address("vm-user")).await.unwrap();
        let lost = Loaded { version: Version(7), ..loaded.clone() };
        let theirs: Vec<Entry> = (100..140).map(|n| life(n, 1)).collect();
        assert_eq!(catalogue.save(&lost, &theirs).await.unwrap(), None);
        catalogue.save(&loaded, &many).await.unwrap().unwrap();
        assert_eq!(listed(None).await, many);
        assert_eq!(listed(Some(Heading::State(many[0].state))).await, many);
        assert_eq!(listed(Some(Heading::stem("vm-user"))).await, many);
    }
    let (moved, loaded) = (due(50, 9), catalogue.lives(&address("vm-user")).await.unwrap());
    let moved = Entry { id: many[0].id, ..moved };
    catalogue.save(&loaded, from_ref(&moved)).await.unwrap().unwrap();
    assert_eq!(due_ats(&catalogue).await, [second(50)]);
}

/// Suspends every removal until it is released.
#[derive(Debug)]
struct SlowToClean(Semaphore);

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "as the SDK declares the trait")]
impl Policy for SlowToClean {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        if request.method() == Method::Delete {
            let _let_go = self.0.acquire().await.unwrap();
        }
        next[0].send(context, request, &next[1..]).await
    }
}

#[tokio::test]
async fn a_slow_cleaner_never_removes_the_row_of_a_later_save() {
    let tables = Tables::new().await;
    let (whole, _) = tables.catalogue(Mishaps::none());
    let (first, later, as_first) = (due(10, 1), due(20, 2), due(10, 3));
    whole.save(&Loaded::nothing(first.address.clone()), from_ref(&first)).await.unwrap().unwrap();
    let loaded = whole.lives(&first.address).await.unwrap();
    let slow = Arc::new(SlowToClean(Semaphore::new(0)));
    let cleaner = TableCatalogue::new(&tables.open(slow.clone()));
    let cleaning = tokio::spawn(async move { cleaner.save(&loaded, from_ref(&later)).await });
    let saved_meanwhile = async || loop {
        let loaded = whole.lives(&first.address).await.unwrap();
        if loaded.version == Version(2) {
            return loaded;
        }
    };
    let loaded = saved_meanwhile().await;
    whole.save(&loaded, from_ref(&as_first)).await.unwrap().unwrap();
    slow.0.add_permits(10);
    assert_eq!(cleaning.await.unwrap().unwrap(), Some(Version(2)));
    assert_eq!(due_ats(&whole).await, [second(10)], "due at the same time as the entry that was cleaned");
}

#[tokio::test]
async fn a_dead_service_is_a_fault_that_may_pass() {
    let tables = Tables::new().await;
    for mishap in [Mishap::NoConnection, Mishap::NoAnswer, Mishap::Answer(500, None, None)] {
        let access = StorageAccess::emulator(
            &tables.0.name,
            &tables.0.key,
            Arc::new(SystemClock),
            Patience { retries: 0, ..PATIENCE },
        )
        .unwrap();
        let access = access.with_policy(Arc::new(Mishaps::one(1, mishap)));
        let store = TableStore::new(&access, &tables.0.table_url.parse().unwrap(), TokenScope::Storage).unwrap();
        let fault = TableCatalogue::new(&store).lives(&address("vm-user")).await.unwrap_err();
        assert!(matches!(fault.kind, FaultKind::Transient { .. }), "{mishap:?}: {fault}");
    }
}

#[tokio::test]
async fn a_missing_table_is_reported_as_an_empty_catalogue() {
    let account = Azurite::shared().unwrap().account().unwrap();
    let (catalogue, _) = Tables(account).catalogue(Mishaps::none());
    let fault = catalogue.lives(&address("vm-user")).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused, "{fault}");
    assert!(matches!(fault.outage(), Some(Outage::NoCatalogue { .. })), "{fault}");
    assert!(fault.to_string().contains("start the app, or run `archivist backfill`"), "{fault}");
}

#[tokio::test]
async fn the_calls_of_each_operation_are_counted() {
    let tables = Tables::new().await;
    let tally = Arc::new(Tally::default());
    let catalogue = TableCatalogue::new(&tables.open(tally.clone()));
    let mut seen = 0;
    let mut since = || {
        let total = tally.total();
        std::mem::replace(&mut seen, total).abs_diff(total)
    };
    let loaded = catalogue.lives(&address("vm-user")).await.unwrap();
    assert_eq!(since(), 1, "loading a name");
    catalogue.save(&loaded, from_ref(&due(10, 1))).await.unwrap().unwrap();
    assert_eq!(since(), SAVE as u64, "a first save");
    let loaded = catalogue.lives(&address("vm-user")).await.unwrap();
    catalogue.save(&loaded, from_ref(&due(20, 2))).await.unwrap().unwrap();
    assert_eq!(since(), 1 + SAVE as u64, "loading, and a save that moves the due time");
    catalogue.lives_of(due(0, 0).id).await.unwrap().unwrap();
    assert_eq!(since(), 1, "loading by an id");
    catalogue.due(second(100), None, 10).await.unwrap();
    assert_eq!(since(), 1, "one due entry");
    catalogue.list(&ListRequest { under: None, below: None, from: None, limit: 50 }).await.unwrap();
    assert_eq!(since(), 1, "a page with one entry");
    let under = Some(Heading::State(due(0, 0).state));
    catalogue.list(&ListRequest { under, below: None, from: None, limit: 50 }).await.unwrap();
    assert_eq!(since(), 2, "a page with one entry, under a heading without copies");
}
