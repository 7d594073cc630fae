//! Conformance cases of [`Catalogue::list`].

use domain::record::catalogue::{Entry, RecordingState};
use domain::record::recording_id::RecordingId;

use super::save_one;
use crate::ports::{Catalogue, Heading, ListRequest, NameRange};
use crate::testing::sample::{address, address_in, entry, second};

const EVERYTHING: ListRequest = ListRequest { under: None, below: None, from: None, limit: 1000 };

/// Ordered by descending id, independent of the order of saves.
pub async fn entries_are_listed_newest_first(catalogue: &impl Catalogue) {
    let saved = fill(catalogue, [3, 1, 4, 0, 2]).await;
    assert_eq!(catalogue.list(&EVERYTHING).await.unwrap(), saved);
}

/// `below` is the end of the previous page.
pub async fn a_catalogue_page_starts_after_the_previous_one(catalogue: &impl Catalogue) {
    let saved = fill(catalogue, 0..7).await;
    for limit in [1, 2, 3, 7, 8] {
        assert_eq!(all_pages(catalogue, None, limit).await, saved, "pages of {limit}");
    }
    assert_eq!(catalogue.list(&ListRequest { limit: 0, ..EVERYTHING }).await.unwrap(), []);
}

/// Entries present at the start are listed exactly once.
pub async fn a_listing_has_no_gap_or_duplicate_while_entries_are_added(catalogue: &impl Catalogue) {
    let saved = fill(catalogue, (0..20).map(|n| n * 10)).await;
    let mut seen = Vec::new();
    let mut request = ListRequest { limit: 3, ..EVERYTHING };
    for n in 0.. {
        let page = catalogue.list(&request).await.unwrap();
        let Some(last) = page.last() else { break };
        request.below = Some(last.id);
        seen.extend(page);
        // One newer than all, one among those already listed, one among those still to come.
        fill(catalogue, [1000 + n, 190 - n * 20 + 5, 3 + n]).await;
    }
    let ids: Vec<RecordingId> = seen.iter().map(|entry| entry.id).collect();
    assert!(ids.is_sorted_by(|a, b| a > b), "newest first, without repeats");
    assert!(saved.iter().all(|entry| ids.contains(&entry.id)), "none missing");
}

/// `from` is inclusive, `below` exclusive.
pub async fn a_listing_begins_at_the_requested_id(catalogue: &impl Catalogue) {
    let saved = fill(catalogue, 0..5).await;
    let listed = async |below: Option<RecordingId>, from: Option<RecordingId>| {
        catalogue.list(&ListRequest { below, from, ..EVERYTHING }).await.unwrap()
    };
    assert_eq!(listed(Some(saved[1].id), Some(saved[3].id)).await, saved[2..=3]);
    assert_eq!(listed(None, Some(saved[1].id)).await, saved[..=1]);
    assert_eq!(listed(None, Some(RecordingId::first_at(second(3)))).await, saved[..=1]);
    assert_eq!(listed(Some(saved[2].id), None).await, saved[3..]);
}

/// An empty range is no error.
pub async fn a_listing_with_crossed_bounds_is_empty(catalogue: &impl Catalogue) {
    let saved = fill(catalogue, 0..3).await;
    for under in [None, Some(Heading::State(RecordingState::Active))] {
        for (below, from) in [(2, 0), (1, 1)] {
            let (below, from) = (Some(saved[below].id), Some(saved[from].id));
            let request = ListRequest { under: under.clone(), below, from, limit: 10 };
            assert_eq!(catalogue.list(&request).await.unwrap(), []);
        }
    }
}

/// Storage lists blobs in the same order. Lives of a name come by ascending id, and may begin on one page and end on
/// the next.
pub async fn entries_are_listed_by_name_in_pages(catalogue: &impl Catalogue) {
    let names = ["abc", "a", "b-1", "abcd", "B", "a/b", "b", "\u{e4}", "ab", "\u{1f511}"];
    let mut saved = Vec::new();
    for (n, name) in (0..).zip(names) {
        for life in [0, 100] {
            let entry = entry(&address(name), second(n + life));
            save_one(catalogue, &entry).await;
            saved.push(entry);
        }
    }
    save_one(catalogue, &entry(&address_in("local", "recordings2", "aa"), second(0))).await;
    saved.sort_by(|one, other| (&one.address.name, one.id).cmp(&(&other.address.name, other.id)));
    let container = saved[0].address.container();
    for limit in [1, 3, 20, 100] {
        let mut listed: Vec<Entry> = Vec::new();
        loop {
            let after = listed.last().map(|entry| (&entry.address.name, entry.id));
            let range = NameRange { container: &container, after, until: None, limit };
            let page = catalogue.by_name(&range).await.unwrap();
            assert!(page.len() <= limit);
            if page.is_empty() {
                break;
            }
            listed.extend(page);
        }
        assert_eq!(listed, saved, "pages of {limit}");
    }
}

/// All lives of the last name are included, as last saved.
pub async fn a_range_of_names_ends_at_its_last_name(catalogue: &impl Catalogue) {
    let mut saved = Vec::new();
    for (n, name) in (0..).zip(["a", "b", "b", "b0", "c"]) {
        let mut entry = entry(&address(name), second(n));
        save_one(catalogue, &entry).await;
        (entry.revision, entry.state) = (2, RecordingState::Settled);
        save_one(catalogue, &entry).await;
        saved.push(entry);
    }
    let container = saved[0].address.container();
    let range = NameRange {
        container: &container,
        after: Some((&saved[0].address.name, saved[0].id)),
        until: Some(&saved[1].address.name),
        limit: 10,
    };
    assert_eq!(catalogue.by_name(&range).await.unwrap(), saved[1..3]);
}

/// A change of state moves the entry between the lists.
pub async fn a_state_lists_only_its_present_entries(catalogue: &impl Catalogue) {
    let mut saved = fill(catalogue, 0..4).await;
    for (at, state) in [
        (1, RecordingState::Settled),
        (2, RecordingState::Missing),
        (3, RecordingState::Deleted),
        (1, RecordingState::Active),
    ] {
        saved[at].state = state;
        save_one(catalogue, &saved[at]).await;
        for state in RecordingState::ALL {
            let expected: Vec<Entry> = saved.iter().filter(|entry| entry.state == state).cloned().collect();
            let listed =
                catalogue.list(&ListRequest { under: Some(Heading::State(state)), ..EVERYTHING }).await.unwrap();
            assert_eq!(listed, expected, "{}", state.name());
        }
    }
}

/// The page size counts entries in the state, not the skipped ones.
pub async fn a_state_is_listed_page_by_page(catalogue: &impl Catalogue) {
    let mut saved = fill(catalogue, 0..9).await;
    for entry in saved.iter_mut().step_by(2) {
        entry.state = RecordingState::Settled;
        save_one(catalogue, entry).await;
    }
    let settled: Vec<Entry> = saved.into_iter().step_by(2).collect();
    for limit in [1, 2, 5] {
        assert_eq!(
            all_pages(catalogue, Some(Heading::State(RecordingState::Settled)), limit).await,
            settled,
            "pages of {limit}"
        );
    }
    let (below, from) = (Some(settled[0].id), Some(settled[3].id));
    let between = ListRequest { under: Some(Heading::State(RecordingState::Settled)), below, from, limit: 10 };
    assert_eq!(catalogue.list(&between).await.unwrap(), settled[1..=3]);
}

/// Saves one entry per second, each under its own name; returns them newest first.
async fn fill(catalogue: &impl Catalogue, seconds: impl IntoIterator<Item = i64>) -> Vec<Entry> {
    let mut saved = Vec::new();
    for n in seconds {
        let entry = entry(&address(&format!("vm-{n}")), second(n));
        save_one(catalogue, &entry).await;
        saved.push(entry);
    }
    saved.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    saved
}

async fn all_pages(catalogue: &impl Catalogue, under: Option<Heading>, limit: usize) -> Vec<Entry> {
    let mut request = ListRequest { under, limit, ..EVERYTHING };
    let mut listed = Vec::new();
    loop {
        let page = catalogue.list(&request).await.unwrap();
        assert!(page.len() <= limit, "a page has at most the requested length");
        let Some(last) = page.last() else { return listed };
        request.below = Some(last.id);
        listed.extend(page);
    }
}
