//! Tests which notifications are sent.

use domain::record::blob::BlobObservation;

use crate::catalogue::world::{Name, at, deleted, there, whole, written};

#[test]
fn an_unexpected_delete_is_notified_with_the_known_facts() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.hear(deleted(100), BlobObservation::Gone, at(101));
    assert_eq!(name.told_names(), ["recording.started", "recording.deleted_unexpectedly"]);
    let told = &name.told[1];
    assert_eq!((told.at, told.subject.as_str()), (whole(100), "vm-user"));
    assert!(told.facts.iter().any(|fact| fact.name == "deleted_at"));
}

#[test]
fn a_started_recording_is_notified_only_if_enabled() {
    let mut name = Name::new();
    name.rules.announce_started = false;
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    assert!(name.told.is_empty());
}

#[test]
fn a_recording_already_gone_is_not_notified_as_started() {
    let mut name = Name::new();
    name.hear(written(0, 9), BlobObservation::Gone, at(1));
    assert!(name.told.is_empty());
}

#[test]
fn each_life_is_notified_under_its_own_id() {
    let mut name = Name::new();
    for second in [0, 1000] {
        name.hear(written(second, 9), there(second, second, 9), at(second + 1));
        name.hear(deleted(second + 100), BlobObservation::Gone, at(second + 101));
    }
    let mut ids: Vec<_> = name.told.iter().map(|told| told.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}
