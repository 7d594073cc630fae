//! Tests of paging through a catalogue with changes between pages.

use std::collections::BTreeSet;

use adapters_local::memory::{MemoryCheckpoints, MemorySessions};
use adapters_local::sqlite::{SqliteCatalogue, SqliteStore};
use domain::record::catalogue::{Entry, RecordingState};
use pipeline::ports::Catalogue;
use pipeline::testing::sample;
use proptest::collection::vec;
use proptest::prelude::{any, proptest};
use proptest::{prop_assert, prop_assert_eq};
use serde_json::Value;

use crate::answers::world::{ask, save};

/// Returns all ids found by a query, page by page; runs `between` after each page.
fn walk(catalogue: &dyn Catalogue, query: &str, mut between: impl FnMut(usize)) -> Vec<String> {
    let (sessions, checkpoints) = (MemorySessions::default(), MemoryCheckpoints::default());
    let (mut found, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let target = format!("/api/v1/recordings?{query}{cursor}");
        let answer = ask(catalogue, &sessions, &checkpoints, "GET", &target, None).answer;
        assert_eq!(answer.status, 200);
        let page: Value = serde_json::from_slice(&answer.body).unwrap();
        found.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
        between(pages);
        pages += 1;
    }
}

fn recording(name: &str, second: i64) -> Entry {
    sample::entry(&sample::address(name), sample::second(second))
}

/// Returns the entry of a deleted recording; the entry stays in the catalogue.
fn deleted(entry: &Entry) -> Entry {
    Entry { state: RecordingState::Deleted, ..entry.clone() }
}

proptest! {
    #[test]
    fn each_entry_is_listed_once_while_others_are_added_and_deleted(
        times in vec(0..5_000i64, 0..60),
        coming in vec(0..5_000i64, 0..60),
        limit in 1..9usize,
        filtered in any::<bool>(),
    ) {
        let catalogue = adapters_local::memory::MemoryCatalogue::default();
        let made = times.iter().enumerate().map(|(n, at)| recording(&format!("vm-{n}"), *at));
        let made: Vec<Entry> = made.collect();
        made.iter().for_each(|entry| save(&catalogue, entry));
        let query = format!("limit={limit}{}", if filtered { "&q=vm&held=false" } else { "" });
        let found = walk(&catalogue, &query, |page| {
            if let Some(at) = coming.get(page) {
                save(&catalogue, &recording(&format!("vm-new-{page}"), *at));
            }
            if let Some(entry) = made.get(page * 3) {
                save(&catalogue, &deleted(entry));
            }
        });
        let met: BTreeSet<&String> = found.iter().collect();
        prop_assert_eq!(met.len(), found.len(), "one was met twice");
        let there: BTreeSet<String> = made.iter().map(|entry| entry.id.to_string()).collect();
        prop_assert!(there.iter().all(|id| met.contains(id)), "one was passed over");
        prop_assert!(found.is_sorted_by(|newer, older| newer > older));
    }
}

/// `cargo xtask bench -- api` walks a million entries.
#[test]
fn paging_50000_entries_returns_each_once_despite_changes() {
    const COUNT: i64 = 50_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("catalogue.sqlite");
    let store = SqliteStore::open_to_fill(&path).unwrap();
    let catalogue = SqliteCatalogue::new(&store);
    let made: Vec<Entry> = (0..COUNT).map(|n| recording(&format!("vm-{n}"), n * 60)).collect();
    made.iter().for_each(|entry| save(&catalogue, entry));
    let found = walk(&catalogue, "limit=200", |page| {
        save(&catalogue, &recording(&format!("new-{page}"), page as i64 * 7_200 + 1));
        save(&catalogue, &deleted(&made[page * 199]));
    });
    let mut old: Vec<&String> = found.iter().collect();
    old.dedup();
    assert_eq!(old.len(), found.len(), "one was met twice");
    let there: BTreeSet<String> = made.iter().map(|entry| entry.id.to_string()).collect();
    assert_eq!(found.iter().filter(|id| there.contains(*id)).count(), made.len());
}
