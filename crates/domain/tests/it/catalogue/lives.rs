//! Tests the borders between the lives of a blob name.

use domain::record::blob::BlobObservation;
use domain::record::catalogue::RecordingState::{Active, Deleted, Missing, Settled};

use crate::catalogue::world::{Name, at, deleted, there, tier_changed, whole, written};

#[test]
fn a_deleted_recording_stays_as_a_tombstone() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.hear(deleted(100), BlobObservation::Gone, at(101));
    assert_eq!(name.only().state, Deleted);
    assert_eq!(name.only().life.deleted_at(), Some(whole(100)));
    assert_eq!(name.only().life.size(), Some(9));
    assert_eq!(name.only().due_at(), None);
}

#[test]
fn a_reused_name_is_a_new_life_without_inheritance() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.hear(deleted(100), BlobObservation::Gone, at(101));
    name.hear(written(200, 0), there(200, 200, 0), at(201));
    assert_eq!(name.states(), [Deleted, Active]);
    let second = name.chronological()[1];
    assert_eq!((second.created_at(), second.life.size()), (Some(whole(200)), Some(0)));
    assert_ne!(second.id, name.chronological()[0].id);
}

#[test]
fn a_late_delete_closes_the_earlier_life_which_keeps_its_id() {
    let mut name = Name::new();
    name.hear(written(0, 9), BlobObservation::NotRead, at(1));
    let first = name.only().id;
    name.hear(written(200, 5), BlobObservation::NotRead, at(201));
    assert_eq!(name.lives.entries.len(), 1, "the lives cannot be distinguished yet");
    name.hear(deleted(100), there(200, 200, 5), at(300));
    assert_eq!(name.states(), [Deleted, Active]);
    assert_eq!(name.chronological()[0].id, first);
    assert_eq!(name.chronological()[1].life.size(), Some(5));
}

#[test]
fn a_creation_after_the_last_write_begins_a_new_life() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    let first = name.only().id;
    name.hear(written(200, 5), there(200, 200, 5), at(201));
    assert_eq!(name.states(), [Missing, Active]);
    name.hear(deleted(100), there(200, 200, 5), at(300));
    assert_eq!(name.states(), [Deleted, Active]);
    assert_eq!(name.chronological()[0].id, first);
}

#[test]
fn a_delete_of_a_name_never_seen_is_a_deleted_recording_that_is_never_named() {
    let mut name = Name::new();
    name.hear(deleted(100), BlobObservation::Gone, at(101));
    // The sweeps of a year change nothing of it.
    for day in [1, 2, 30, 365] {
        name.look(BlobObservation::Gone, at(86_400 * day));
        let only = name.only();
        assert_eq!((only.state, only.created_at(), only.gone_at()), (Deleted, None, Some(whole(100))));
        assert!(
            only.match_state.verdict.session().is_none() && only.match_state.verdict.person().is_none(),
            "day {day}"
        );
    }
    assert_eq!(name.told_names(), ["recording.deleted_unexpectedly"]);
    assert!(name.told[0].facts.iter().all(|fact| !["person", "created_at", "tunnel_id"].contains(&fact.name.as_str())));
}

#[test]
fn a_life_known_only_from_its_delete_is_kept() {
    let mut name = Name::new();
    name.hear(deleted(100), BlobObservation::Gone, at(101));
    assert_eq!(name.only().state, Deleted);
    assert_eq!(name.only().created_at(), None);
    name.hear(written(0, 9), BlobObservation::Gone, at(102));
    assert_eq!((name.only().state, name.only().life.size()), (Deleted, Some(9)));
}

#[test]
fn a_life_known_only_from_a_tier_change_is_kept() {
    let mut name = Name::new();
    name.hear(tier_changed(50), BlobObservation::Gone, at(51));
    assert_eq!(name.only().state, Missing);
    name.hear(written(0, 9), BlobObservation::Gone, at(52));
    name.hear(deleted(100), BlobObservation::Gone, at(101));
    assert_eq!((name.only().state, name.only().life.size()), (Deleted, Some(9)));
}

#[test]
fn a_tier_change_moved_to_an_earlier_life_stays_known() {
    let mut name = Name::new();
    for event in [tier_changed(20), written(40, 9), tier_changed(50), deleted(60), deleted(30)] {
        name.hear(event, BlobObservation::Gone, at(100));
    }
    let before = name.lives.clone();
    assert_eq!(name.states(), [Deleted, Deleted]);
    assert!(!name.hear(tier_changed(20), BlobObservation::Gone, at(101)));
    assert_eq!(name.lives, before);
}

#[test]
fn a_tier_change_is_read_from_the_blob() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    let BlobObservation::Present(mut properties) = there(0, 0, 9) else {
        unreachable!()
    };
    properties.tier = Some("Cool".to_owned());
    name.hear(tier_changed(50), BlobObservation::Present(properties), at(51));
    assert_eq!(name.only().life.tier(), Some("Cool"));
    assert!(name.only().history.iter().any(|change| change.what.name() == "tier_changed"));
}

#[test]
fn a_delete_in_the_second_of_creation_spares_the_new_blob() {
    let mut name = Name::new();
    name.look(there(100, 100, 9), at(100));
    let living = name.only().id;
    name.hear(deleted(100), there(100, 100, 9), at(101));
    let entry = name.lives.entry(living).unwrap();
    assert_eq!(entry.state, Active, "it is there");
    assert_eq!(name.lives.entries.len(), 2);
}

#[test]
fn a_blob_restored_after_its_delete_is_a_new_life() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.hear(deleted(100), BlobObservation::Gone, at(101));
    let tombstone = name.only().clone();
    name.look(there(0, 0, 9), at(200));
    assert_eq!(name.lives.entry(tombstone.id), Some(&tombstone));
    let restored = name.lives.entries.iter().find(|entry| entry.id != tombstone.id).unwrap();
    assert_eq!((restored.state, restored.life.size()), (Active, Some(9)));
    assert!(!name.look(there(0, 0, 9), at(201)), "and only one");
}

#[test]
fn storage_clocks_that_disagree_do_not_divide_a_life() {
    let mut name = Name::new();
    let BlobObservation::Present(mut properties) = there(1, 0, 9) else {
        unreachable!()
    };
    name.hear(written(0, 9), BlobObservation::Present(properties.clone()), at(1));
    assert_eq!(name.lives.entries.len(), 1);
    properties.etag = crate::catalogue::world::etag(50);
    properties.last_modified = whole(50);
    name.hear(written(50, 10), BlobObservation::Present(properties), at(51));
    assert_eq!(name.lives.entries.len(), 1);
}

#[test]
fn the_same_event_again_changes_nothing() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    let before = name.lives.clone();
    assert!(!name.hear(written(0, 9), there(0, 0, 9), at(2)));
    assert_eq!(name.lives, before);
}

#[test]
fn a_write_to_a_missing_final_recording_is_observed_later() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.sweep_to_the_end(&there(0, 0, 9));
    name.hear(written(50_000, 0), BlobObservation::Gone, at(50_002));
    name.hear(written(50_003, 5), BlobObservation::NotRead, at(50_003));
    assert_eq!(name.only().state, Missing);
    name.sweep_to_the_end(&there(50_003, 50_003, 5));
    assert_eq!(name.states(), [Missing, Settled]);
}
