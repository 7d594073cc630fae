//! Tests of paging while the catalogue grows between pages, and of the cost of a page.

mod catalogue;
mod searching;

use std::collections::BTreeSet;

use domain::record::blob::ETag;
use domain::record::catalogue::RecordingState;
use domain::record::estate::BastionName;
use domain::record::hold::{CarriedHold, HoldId};
use domain::record::recording_id::RecordingId;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::prelude::{any, prop, proptest};
use proptest::{prop_assert, prop_assert_eq};

use self::catalogue::{ListedCatalogue, at_once, entry};
use super::{Page, Query, Search, SearchText, TimeRange, list};
use crate::testing::sample;

fn page(catalogue: &ListedCatalogue, query: &Query) -> Page {
    at_once(list(catalogue, query)).unwrap()
}

fn search(text: &str) -> Search {
    SearchText::parse(text).unwrap().at(Timestamp::UNIX_EPOCH, &TimeZone::UTC)
}

fn names(page: &Page) -> Vec<&str> {
    page.items.iter().map(|entry| entry.address.name.as_str()).collect()
}

/// Walks all pages of a query; calls `between` after each.
fn walk(catalogue: &ListedCatalogue, query: &Query, mut between: impl FnMut()) -> Vec<RecordingId> {
    let (mut query, mut found) = (query.clone(), Vec::new());
    loop {
        let page = page(catalogue, &query);
        found.extend(page.items.iter().map(|entry| entry.id));
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return found;
        }
        between();
    }
}

#[test]
fn the_newest_come_first_and_the_last_page_has_no_cursor() {
    let catalogue = ListedCatalogue::from_entries((0..5).map(|n| entry(&format!("vm-{n}"), n * 60)));
    let first = page(&catalogue, &Query { limit: 3, ..Query::default() });
    assert_eq!(names(&first), ["vm-4", "vm-3", "vm-2"]);
    let second = page(&catalogue, &Query { limit: 3, cursor: first.next_cursor, ..Query::default() });
    assert_eq!(names(&second), ["vm-1", "vm-0"]);
    assert_eq!(second.next_cursor, None);
}

#[test]
fn a_page_that_takes_the_last_entry_is_the_last_one() {
    let catalogue = ListedCatalogue::from_entries((0..3).map(|n| entry(&format!("vm-{n}"), n)));
    assert_eq!(page(&catalogue, &Query { limit: 3, ..Query::default() }).next_cursor, None);
    let filtered = Query { limit: 3, search: search("vm"), ..Query::default() };
    assert_eq!(page(&catalogue, &filtered).next_cursor, None);
}

#[test]
fn a_page_without_filters_costs_one_read_of_one_entry_more() {
    let catalogue = ListedCatalogue::from_entries((0..300).map(|n| entry(&format!("vm-{n}"), n)));
    page(&catalogue, &Query { limit: 50, state: Some(RecordingState::Active), ..Query::default() });
    assert_eq!(catalogue.asked(), [51]);
}

#[test]
fn a_rare_class_is_found_at_2000_entries_per_call() {
    let mut entries: Vec<_> = (1..=4500).map(|n| entry(&format!("vm-{n}"), n)).collect();
    entries.push(sample::expiring(&sample::address("rare"), &ETag::new("0x1"), Timestamp::UNIX_EPOCH));
    let catalogue = ListedCatalogue::from_entries(entries);
    let query = Query { class: Some("brief".to_owned()), ..Query::default() };
    let first = page(&catalogue, &query);
    assert!(first.items.is_empty() && first.next_cursor.is_some());
    assert_eq!(catalogue.asked(), [100; 20]);
    let second = page(&catalogue, &Query { cursor: first.next_cursor, ..query.clone() });
    let third = page(&catalogue, &Query { cursor: second.next_cursor, ..query });
    assert_eq!((names(&third), third.next_cursor), (vec!["rare"], None));
}

#[test]
fn the_beginning_of_a_range_ends_the_reading() {
    let day = 24 * 3600;
    let catalogue = ListedCatalogue::from_entries((0..1000).map(|n| entry(&format!("vm-{n}"), n * day)));
    let from = Timestamp::from_second(990 * day).unwrap();
    let query = Query { created: TimeRange { from: Some(from), to: None }, ..Query::default() };
    assert_eq!(page(&catalogue, &query).items.len(), 10);
    assert_eq!(catalogue.asked(), [100]);
    assert!(catalogue.given() <= 11);
}

#[test]
fn a_range_holds_its_beginning_and_not_its_end() {
    let catalogue = ListedCatalogue::from_entries((0..5).map(|n| entry(&format!("vm-{n}"), n)));
    let second = |n| Some(Timestamp::from_second(n).unwrap());
    let query = Query { created: TimeRange { from: second(1), to: second(3) }, ..Query::default() };
    assert_eq!(names(&page(&catalogue, &query)), ["vm-2", "vm-1"]);
}

#[test]
fn a_late_discovered_recording_is_found_by_its_creation_time() {
    let mut late = entry("late", 1000 * 24 * 3600);
    late.life = entry("late", 60).life;
    let catalogue = ListedCatalogue::from_entries([late]);
    let to = Timestamp::from_second(61).ok();
    assert_eq!(page(&catalogue, &Query { created: TimeRange { from: None, to }, ..Query::default() }).items.len(), 1);
}

#[test]
fn a_recording_without_creation_is_found_by_its_first_event() {
    let catalogue = ListedCatalogue::from_entries([catalogue::only_deleted("gone", 60)]);
    let range = |from| TimeRange { from: Timestamp::from_second(from).ok(), to: None };
    assert_eq!(page(&catalogue, &Query { created: range(60), ..Query::default() }).items.len(), 1);
    assert_eq!(page(&catalogue, &Query { created: range(61), ..Query::default() }).items.len(), 0);
}

#[test]
fn filters_hold_together_and_case_does_not_count_in_names() {
    let mut other = entry("VM-web-2", 2);
    other.bastion = BastionName::new("bas-2");
    let mut settled = entry("vm-web-3", 3);
    settled.state = RecordingState::Settled;
    let catalogue = ListedCatalogue::from_entries([entry("Vm-Web-1", 1), other, settled, entry("db", 4)]);
    let query = Query { search: search("vm-wEB"), ..Query::default() };
    assert_eq!(names(&page(&catalogue, &query)), ["vm-web-3", "VM-web-2", "Vm-Web-1"]);
    let query = Query { bastion: Some(BastionName::new("bas-1")), state: Some(RecordingState::Active), ..query };
    assert_eq!(names(&page(&catalogue, &query)), ["Vm-Web-1"]);
}

#[test]
fn class_and_holds_are_filters() {
    let expiring = |name: &str| {
        let address = sample::address(name);
        sample::expiring(&address, &ETag::new("0x1"), Timestamp::from_second(5).unwrap())
    };
    let mut held = expiring("held");
    let since = Timestamp::from_second(6).unwrap();
    let hold = HoldId::parse("hold_0sjsbfgbk4dn68yjsz5jgpqz3a").unwrap();
    held.custody.holds = vec![CarriedHold { hold, case: "case".to_owned(), since, is_certain: false }];
    let mut gone = expiring("gone");
    gone.state = RecordingState::Deleted;
    gone.custody.holds = held.custody.holds.clone();
    let catalogue = ListedCatalogue::from_entries([entry("new", 9), expiring("brief"), held, gone]);
    let of = |query: Query| names(&page(&catalogue, &query)).into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    let wanted = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(of(Query { class: Some("brief".to_owned()), ..Query::default() }), wanted(&["brief", "gone", "held"]));
    assert_eq!(of(Query { held: Some(true), ..Query::default() }), wanted(&["held"]));
    assert_eq!(of(Query { search: search("held"), ..Query::default() }), wanted(&["held"]));
    assert_eq!(of(Query { held: Some(false), ..Query::default() }), wanted(&["brief", "gone", "new"]));
}

proptest! {
    #[test]
    fn every_initial_entry_is_listed_once_despite_additions_between_pages(
        times in vec(0..5000i64, 0..60),
        added in vec(0..5000i64, 0..60),
        limit in 1..7usize,
        filtered in any::<bool>(),
    ) {
        let catalogue = ListedCatalogue::from_entries(times.iter().enumerate().map(|(n, at)| entry(&format!("vm-{n}"), *at)));
        let there = catalogue.ids();
        let search = search(if filtered { "vm" } else { "" });
        let mut added = added.iter().enumerate();
        let found = walk(&catalogue, &Query { limit, search, ..Query::default() }, || {
            if let Some((n, at)) = added.next() {
                catalogue.add(entry(&format!("vm-new-{n}"), *at));
            }
        });
        let met: BTreeSet<RecordingId> = found.iter().copied().collect();
        prop_assert_eq!(met.len(), found.len(), "an entry was met twice");
        prop_assert!(there.is_subset(&met), "an entry was passed over");
        prop_assert!(found.is_sorted_by(|newer, older| newer > older));
    }

    #[test]
    fn a_filter_returns_every_matching_entry(
        kinds in vec((0..4usize, any::<bool>()), 0..250),
        limit in prop::sample::select(vec![1, 3, 99, 100, 101]),
    ) {
        let made = kinds.iter().enumerate().map(|(n, (state, wanted))| {
            let mut made = entry(&format!("{}-{n}", if *wanted { "a" } else { "b" }), n as i64);
            made.state = RecordingState::ALL[*state];
            made
        });
        let catalogue = ListedCatalogue::from_entries(made);
        let query = Query { state: Some(RecordingState::Settled), search: search("a"), limit, ..Query::default() };
        let wanted = kinds.iter().filter(|(state, wanted)| RecordingState::ALL[*state] == RecordingState::Settled && *wanted).count();
        prop_assert_eq!(walk(&catalogue, &query, || {}).len(), wanted);
    }
}
