//! Queries over sessions page by page, and over missing recordings.

use std::collections::BTreeSet;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use adapters_local::memory::{MemoryCatalogue, MemoryCheckpoints, MemorySessions};
use domain::record::catalogue::Entry;
use domain::record::estate::{BastionName, Estate};
use domain::record::join::Match;
use domain::record::session::{SessionEntry, SessionId};
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Checkpoints, SessionChange, Sessions};
use pipeline::query::{GapQuery, Query, SessionQuery, TimeRange, gaps, list, sessions};
use pipeline::testing::sample;
use proptest::collection::vec;
use proptest::prelude::{any, proptest};
use proptest::{prop_assert, prop_assert_eq};

fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => panic!("a store in memory does not wait"),
    }
}

fn add(store: &MemorySessions, after: SessionEntry) {
    let change = SessionChange { before: SessionEntry::new(after.id.clone()), after };
    assert_eq!(at_once(store.save(&[change])).unwrap(), [true]);
}

fn session(bastion: &str, n: usize, second: i64) -> SessionEntry {
    let user = if n.is_multiple_of(3) { "root" } else { "admin" };
    sample::ended(sample::session_id(bastion, &format!("t{n}")), "vm", user, sample::second(second))
}

/// All pages of a query.
fn walk(store: &MemorySessions, query: SessionQuery) -> Vec<(Timestamp, SessionId)> {
    let (catalogue, mut query, mut found) = (MemoryCatalogue::default(), query, Vec::new());
    loop {
        let page = at_once(sessions(store, &catalogue, &query)).unwrap();
        assert!(page.items.len() <= query.limit);
        found.extend(page.items.into_iter().map(|found| (found.entry.at(), found.entry.id)));
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return found;
        }
    }
}

proptest! {
    #[test]
    fn every_matching_session_is_listed_once_newest_first(
        times in vec((0..50i64, any::<bool>()), 0..60),
        limit in 1..7usize,
        of_hub in any::<bool>(),
        of_root in any::<bool>(),
        from in 0..50i64,
        to in 0..50i64,
    ) {
        let store = MemorySessions::default();
        let all: Vec<SessionEntry> = times.iter().enumerate()
            .map(|(n, (second, hub))| session(if *hub { "hub" } else { "spoke" }, n, *second)).collect();
        all.iter().for_each(|entry| add(&store, entry.clone()));
        let (from, to) = (sample::second(from), sample::second(to));
        let query = SessionQuery {
            bastion: of_hub.then(|| BastionName::new("hub")),
            account: of_root.then(|| "ROOT".to_owned()),
            began: TimeRange { from: Some(from), to: Some(to) },
            limit,
            ..SessionQuery::default()
        };
        let found = walk(&store, query);
        let fits = |entry: &&SessionEntry| {
            (!of_hub || entry.id.bastion.as_str() == "hub")
                && (!of_root || entry.session().facts.user_name.as_deref() == Some("root"))
                && from <= entry.at() && entry.at() < to
        };
        let expected: BTreeSet<(Timestamp, SessionId)> =
            all.iter().filter(fits).map(|entry| (entry.at(), entry.id.clone())).collect();
        prop_assert!(found.is_sorted_by(|newer, older| newer > older));
        prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
    }
}

#[test]
fn without_stored_sessions_there_are_no_gaps() {
    let (catalogue, store) = (MemoryCatalogue::default(), MemorySessions::default());
    let checkpoints = MemoryCheckpoints::default();
    let found = at_once(gaps(&catalogue, &store, &checkpoints, &Estate::default(), &GapQuery::default())).unwrap();
    assert!(found.is_empty());
}

fn unmatched(n: i64, is_explained: bool) -> Entry {
    let mut entry = sample::entry(&sample::address(&format!("vm-{n}")), sample::second(n));
    let attempt = is_explained.then(|| Box::new(sample::facts("t", sample::second(n))));
    entry.match_state.verdict = Match::Unmatched { attempt };
    entry
}

#[test]
fn a_recording_without_a_session_is_found_below_thousands_explained_by_failed_logins() {
    let (catalogue, store, checkpoints) =
        (MemoryCatalogue::default(), MemorySessions::default(), MemoryCheckpoints::default());
    for n in 0..=2_500 {
        let entry = unmatched(n, n > 0);
        let loaded = at_once(catalogue.lives(&entry.address)).unwrap();
        at_once(catalogue.save(&loaded, &[entry])).unwrap().unwrap();
    }
    let found = at_once(gaps(&catalogue, &store, &checkpoints, &Estate::default(), &GapQuery::default())).unwrap();
    let names: Vec<&str> = found.recordings.items.iter().map(|entry| entry.address.name.as_str()).collect();
    assert_eq!((names, found.recordings.next_cursor), (vec!["vm-0"], None));
}

/// Handlers run on any thread, so the futures must be `Send`.
#[test]
fn query_futures_are_send() {
    fn moves<T: Send>(_: T) {}
    let (catalogue, store) = (MemoryCatalogue::default(), MemorySessions::default());
    let (catalogue, store): (&dyn Catalogue, &dyn Sessions) = (&catalogue, &store);
    let checkpoints = MemoryCheckpoints::default();
    let (checkpoints, estate, query): (&dyn Checkpoints, _, _) = (&checkpoints, Estate::default(), Query::default());
    moves(list(catalogue, &query));
    moves(sessions(store, catalogue, &SessionQuery::default()));
    moves(gaps(catalogue, store, checkpoints, &estate, &GapQuery::default()));
}
