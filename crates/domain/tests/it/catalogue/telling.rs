//! Tests which notifications are sent.

use domain::blob::Reading;

use crate::catalogue::world::{Name, at, deleted, there, whole, written};

#[test]
fn a_delete_that_nobody_decided_is_told_with_what_was_known() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.hear(deleted(100), Reading::Gone, at(101));
    assert_eq!(name.told_names(), ["recording.started", "recording.deleted_unexpectedly"]);
    let told = &name.told[1];
    assert_eq!((told.at, told.subject.as_str()), (whole(100), "vm-user"));
    assert!(told.facts.iter().any(|fact| fact.name == "deleted_at"));
}

#[test]
fn that_a_recording_started_is_told_only_where_somebody_wants_it() {
    let mut name = Name::new();
    name.rules.announce_started = false;
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    assert!(name.told.is_empty());
}

#[test]
fn a_recording_that_is_gone_already_is_not_told_to_have_started() {
    let mut name = Name::new();
    name.hear(written(0, 9), Reading::Gone, at(1));
    assert!(name.told.is_empty());
}

#[test]
fn each_life_is_told_of_under_its_own_id() {
    let mut name = Name::new();
    for second in [0, 1000] {
        name.hear(written(second, 9), there(second, second, 9), at(second + 1));
        name.hear(deleted(second + 100), Reading::Gone, at(second + 101));
    }
    let mut ids: Vec<_> = name.told.iter().map(|told| told.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}
