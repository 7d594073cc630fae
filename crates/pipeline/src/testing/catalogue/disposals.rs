//! Conformance cases of [`Catalogue::disposals`].

use domain::record::blob::ETag;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::hold::{CarriedHold, HoldId, HoldScope};
use domain::record::retention::Then;

use super::save_one;
use crate::ports::{Catalogue, Due};
use crate::testing::sample::{address, expiring, second};

fn sample(name: &str, at: i64) -> Entry {
    expiring(&address(name), &ETag::new("0x8D1"), second(at))
}

fn due(entry: &Entry) -> Due {
    Due { at: entry.disposal_at().unwrap(), id: entry.id }
}

/// Ordered by time, then id; pages join without gap or duplicate.
pub async fn disposals_are_listed_by_time_and_id_in_pages(catalogue: &impl Catalogue) {
    let mut expected = Vec::new();
    for (n, at) in [30, 10, 10, 20, 10].into_iter().enumerate() {
        let entry = sample(&format!("vm-{n}"), at);
        save_one(catalogue, &entry).await;
        expected.push(due(&entry));
    }
    expected.sort();
    for limit in [1, 2, 5, 7] {
        let mut found: Vec<Due> = Vec::new();
        loop {
            let page = catalogue.disposals(second(10_000_000), found.last(), limit).await.unwrap();
            assert!(page.len() <= limit, "a page has at most the requested length");
            if page.is_empty() {
                break;
            }
            found.extend(page);
        }
        assert_eq!(found, expected, "pages of {limit}");
    }
}

/// `until` is inclusive.
pub async fn no_recording_is_listed_for_disposal_early(catalogue: &impl Catalogue) {
    let entry = sample("vm-user", 0);
    save_one(catalogue, &entry).await;
    let at = due(&entry).at;
    let early = at.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap();
    assert_eq!(catalogue.disposals(early, None, 10).await.unwrap(), []);
    assert_eq!(catalogue.disposals(at, None, 10).await.unwrap(), [due(&entry)]);
}

/// A hold, an unknown rule, class action `keep` and a deletion remove a recording from the list; their end restores it.
/// Before the warning, the last day counts; afterwards the end of the grace period.
pub async fn a_disposal_follows_the_last_save(catalogue: &impl Catalogue) {
    let free = sample("vm-user", 0);
    let id = HoldId::derive("CASE-7", &HoldScope { recording: Some(free.id), ..HoldScope::default() });
    let mut held = free.clone();
    held.custody.holds = vec![CarriedHold { hold: id, case: "CASE-7".to_owned(), since: second(0), is_certain: true }];
    let (mut unknown, mut kept, mut deleted, mut unwarned) = (free.clone(), free.clone(), free.clone(), free.clone());
    if let Some(retention) = &mut unknown.custody.retention {
        retention.unknown = vec!["rule".to_owned()];
    }
    if let Some(retention) = &mut kept.custody.retention {
        retention.then = Then::Keep;
    }
    deleted.state = RecordingState::Deleted;
    unwarned.custody.disposal = None;
    assert!(unwarned.disposal_at() < free.disposal_at(), "the last day comes before the end of the warning");
    let saves = [&unwarned, &free, &held, &free, &unknown, &free, &kept, &unwarned, &deleted];
    for (revision, entry) in (1..).zip(saves) {
        let entry = Entry { revision, ..entry.clone() };
        let is_up = [&unwarned, &free].map(|up| &up.custody).contains(&&entry.custody)
            && entry.state != RecordingState::Deleted;
        let expected: Vec<Due> = is_up.then(|| due(&entry)).into_iter().collect();
        save_one(catalogue, &entry).await;
        let found = catalogue.disposals(second(10_000_000), None, 10).await.unwrap();
        assert_eq!(found, expected, "save {revision}");
    }
}

/// Each sweep finds only its own entries, even at the same time.
pub async fn disposals_and_dues_do_not_mix(catalogue: &impl Catalogue) {
    let all = second(10_000_000);
    let mut entry = sample("vm-user", 0);
    save_one(catalogue, &entry).await;
    assert_eq!(catalogue.due(all, None, 10).await.unwrap(), []);
    (entry.wake_at, entry.revision) = (entry.disposal_at(), 2);
    save_one(catalogue, &entry).await;
    assert_eq!(catalogue.due(all, None, 10).await.unwrap(), [due(&entry)]);
    assert_eq!(catalogue.disposals(all, None, 10).await.unwrap(), [due(&entry)]);
    (entry.wake_at, entry.revision) = (None, 3);
    save_one(catalogue, &entry).await;
    assert_eq!(catalogue.due(all, None, 10).await.unwrap(), []);
    assert_eq!(catalogue.disposals(all, None, 10).await.unwrap(), [due(&entry)]);
    (entry.wake_at, entry.revision) = (Some(second(5)), 4);
    (entry.custody.disposal, entry.custody.retention) = (None, None);
    save_one(catalogue, &entry).await;
    assert_eq!(catalogue.disposals(all, None, 10).await.unwrap(), []);
    assert_eq!(catalogue.due(second(5), None, 10).await.unwrap().len(), 1);
}
