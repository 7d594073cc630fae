//! Conformance cases of [`Catalogue::due`].

use domain::record::catalogue::Entry;
use domain::record::effect::{Effect, Pending};
use jiff::SignedDuration;

use super::save_one;
use crate::ports::{Catalogue, Due};
use crate::testing::sample::{address, entry, entry_due, second};

/// Ordered by time, then id.
pub async fn due_entries_are_ordered_by_time_and_id(catalogue: &impl Catalogue) {
    let due = fill(catalogue, &[(3, 30), (1, 10), (4, 10), (0, 20), (2, 10)]).await;
    assert_eq!(catalogue.due(second(100), None, 10).await.unwrap(), due);
    assert!(due.is_sorted());
}

/// `until` is inclusive, to the nanosecond.
pub async fn no_entry_is_due_early(catalogue: &impl Catalogue) {
    let at = second(10).saturating_add(SignedDuration::from_nanos(1)).unwrap();
    let entry = entry_due(&address("vm-user"), second(0), at);
    save_one(catalogue, &entry).await;
    assert_eq!(catalogue.due(second(10), None, 10).await.unwrap(), []);
    assert_eq!(catalogue.due(at, None, 10).await.unwrap(), [Due { at, id: entry.id }]);
}

/// The cursor combines time and id.
pub async fn due_entries_are_paged_within_one_instant(catalogue: &impl Catalogue) {
    let due = fill(catalogue, &[(0, 10), (1, 10), (2, 10), (3, 10), (4, 20), (5, 5)]).await;
    for limit in [1, 2, 4, 6, 7] {
        let mut found: Vec<Due> = Vec::new();
        loop {
            let page = catalogue.due(second(100), found.last(), limit).await.unwrap();
            assert!(page.len() <= limit, "a page has at most the requested length");
            if page.is_empty() {
                break;
            }
            found.extend(page);
        }
        assert_eq!(found, due, "pages of {limit}");
    }
    let gone = Due { at: second(10), id: entry(&address("vm-gone"), second(1)).id };
    let behind = catalogue.due(second(100), Some(&gone), 10).await.unwrap();
    assert!(behind.iter().all(|due| *due > gone), "a cursor need not be an entry that is still due");
    assert_eq!(behind.len(), due.iter().filter(|due| **due > gone).count());
}

/// Old recordings add no cost to a sweep.
pub async fn an_entry_without_pending_work_is_never_due(catalogue: &impl Catalogue) {
    save_one(catalogue, &entry(&address("vm-user"), second(0))).await;
    assert_eq!(catalogue.due(second(1_000_000), None, 10).await.unwrap(), []);
}

/// A save replaces the due time, or removes it if nothing is left to do.
pub async fn the_due_time_follows_the_last_save(catalogue: &impl Catalogue) {
    let mut entry = entry_due(&address("vm-user"), second(0), second(10));
    for at in [Some(second(10)), Some(second(30)), Some(second(20)), None, Some(second(40))] {
        entry.wake_at = at;
        save_one(catalogue, &entry).await;
        let expected: Vec<Due> = at.map(|at| Due { at, id: entry.id }).into_iter().collect();
        assert_eq!(catalogue.due(second(100), None, 10).await.unwrap(), expected);
    }
}

/// A pending effect makes an entry due, too.
pub async fn the_earliest_of_several_reasons_makes_an_entry_due(catalogue: &impl Catalogue) {
    let mut entry = entry_due(&address("vm-user"), second(0), second(20));
    let (since, retry_at) = (second(0), second(10));
    entry.pending = vec![Pending { effect: Effect::WriteTags, attempts: 1, since, retry_at }];
    save_one(catalogue, &entry).await;
    let due = catalogue.due(second(100), None, 10).await.unwrap();
    assert_eq!(due, [Due { at: second(10), id: entry.id }]);
}

/// Saves entries by seconds of first event and due time; returns the expected result.
async fn fill(catalogue: &impl Catalogue, seconds: &[(i64, i64)]) -> Vec<Due> {
    let mut due = Vec::new();
    for (n, at) in seconds {
        let entry: Entry = entry_due(&address(&format!("vm-{n}")), second(*n), second(*at));
        save_one(catalogue, &entry).await;
        due.push(Due { at: second(*at), id: entry.id });
    }
    due.sort();
    due
}
