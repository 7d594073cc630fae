//! Tests the states active, settled, final and stale.

use domain::record::blob::BlobObservation;
use domain::record::catalogue::RecordingState;

use crate::catalogue::world::{Name, at, etag, there, whole, written};

const HOUR: i64 = 3600;

#[test]
fn a_recording_settles_after_five_quiet_minutes_whenever_the_sweep_runs() {
    let mut name = Name::new();
    name.hear(written(0, 0), there(0, 0, 0), at(1));
    name.hear(written(1638, 9), there(0, 1638, 9), at(1639));
    assert_eq!(name.only().due_at(), Some(whole(1638 + 300)));
    name.look(there(0, 1638, 9), at(4000));
    assert_eq!(name.only().state, RecordingState::Settled);
    assert_eq!(name.only().settled_at, Some(whole(1638 + 300)));
}

#[test]
fn an_empty_content_never_settles_and_is_reported_stale_once() {
    let mut name = Name::new();
    name.hear(written(0, 0), there(0, 0, 0), at(1));
    for day in 1..4 {
        name.look(there(0, 0, 0), at(day * 24 * HOUR));
    }
    assert_eq!(name.only().state, RecordingState::Active);
    assert_eq!(name.told_names(), ["recording.started", "recording.stale"]);
    assert_eq!(name.told[1].at, whole(12 * HOUR));
    name.hear(written(4 * 24 * HOUR, 9), there(0, 4 * 24 * HOUR, 9), at(4 * 24 * HOUR + 1));
    assert_eq!(name.told.len(), 2, "it is written, but goes on");
    name.sweep_to_the_end(&there(0, 4 * 24 * HOUR, 9));
    assert_eq!(name.told_names()[2..], ["recording.ready", "recording.stale.resolved"]);
    assert_eq!(name.told[1].key, name.told[3].key);
}

#[test]
fn a_later_write_reactivates_a_settled_recording_silently() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.look(there(0, 0, 9), at(301));
    assert_eq!(name.only().state, RecordingState::Settled);
    name.hear(written(1000, 10), there(0, 1000, 10), at(1001));
    assert_eq!((name.only().state, name.only().settled_at), (RecordingState::Active, None));
    assert_eq!(name.told_names(), ["recording.started"]);
}

#[test]
fn a_write_whose_event_was_lost_is_seen_before_settling() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.look(there(0, 200, 20), at(301));
    assert_eq!(name.only().state, RecordingState::Active);
    assert_eq!(name.only().life.etag(), Some(etag(200)));
    name.look(there(0, 200, 20), at(501));
    assert_eq!(name.only().settled_at, Some(whole(500)));
}

#[test]
fn a_three_hour_session_with_two_writes_is_ready_once() {
    let mut name = Name::new();
    name.hear(written(0, 0), there(0, 0, 0), at(1));
    name.hear(written(3 * HOUR, 77), there(0, 3 * HOUR, 77), at(3 * HOUR + 1));
    name.sweep_to_the_end(&there(0, 3 * HOUR, 77));
    let entry = name.only();
    assert_eq!((entry.state, entry.final_at, entry.due_at()), (RecordingState::Settled, Some(whole(12 * HOUR)), None));
    assert_eq!(name.told_names(), ["recording.started", "recording.ready"]);
    assert_eq!(name.told[1].at, whole(12 * HOUR));
}

#[test]
fn a_write_after_final_changes_facts_without_another_notification() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.sweep_to_the_end(&there(0, 0, 9));
    name.hear(written(20 * HOUR, 10), there(0, 20 * HOUR, 10), at(20 * HOUR + 1));
    let entry = name.only();
    assert_eq!(
        (entry.state, entry.life.size(), entry.life.etag()),
        (RecordingState::Settled, Some(10), Some(etag(20 * HOUR)))
    );
    assert_eq!(entry.tagged.as_ref().map(|tagged| tagged.etag.clone()), Some(etag(20 * HOUR)), "tagged again");
    assert_eq!(name.told_names(), ["recording.started", "recording.ready"]);
}

#[test]
fn a_missing_blob_never_settles() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.look(BlobObservation::Gone, at(301));
    assert_eq!(
        (name.only().state, name.only().settled_at, name.only().due_at()),
        (RecordingState::Missing, None, None)
    );
}

#[test]
fn an_event_alone_creates_an_entry_and_schedules_an_observation() {
    let mut name = Name::new();
    name.hear(written(0, 9), BlobObservation::NotRead, at(1));
    assert_eq!(name.only().state, RecordingState::Active);
    assert_eq!(name.only().due_at(), Some(at(61)));
    assert!(name.told.is_empty(), "the blob is not known to exist yet");
    name.look(there(0, 0, 9), at(61));
    assert_eq!(name.told_names(), ["recording.started"]);
}

#[test]
fn the_entry_stays_small_however_often_the_blob_is_written() {
    let mut name = Name::new();
    for second in 0..500 {
        name.hear(written(second, 9), there(0, second, 9), at(second));
    }
    let blob_events = &name.only().life.blob_events;
    assert_eq!(blob_events.events().len(), domain::record::catalogue::WRITES_KEPT);
    assert_eq!(blob_events.folded().unwrap().count, 468);
    assert!(!name.hear(written(250, 9), there(0, 499, 9), at(500)), "a folded write is known");
}

#[test]
fn an_emptied_final_recording_is_not_reported_as_stale() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.sweep_to_the_end(&there(0, 0, 9));
    name.hear(written(20 * HOUR, 0), there(0, 20 * HOUR, 0), at(20 * HOUR + 1));
    assert_eq!(name.told_names(), ["recording.started", "recording.ready"]);
}

#[test]
fn a_recording_is_stale_only_after_an_observation() {
    let mut name = Name::new();
    name.hear(written(0, 0), there(0, 0, 0), at(1));
    name.look(BlobObservation::NotRead, at(12 * HOUR));
    assert_eq!(name.told_names(), ["recording.started"]);
    name.look(there(0, 3 * HOUR, 77), at(12 * HOUR + 60));
    assert_eq!(name.told_names(), ["recording.started", "recording.ready"]);
}

#[test]
fn an_unreadable_blob_is_postponed_again() {
    let mut name = Name::new();
    name.hear(written(0, 9), BlobObservation::NotRead, at(1));
    for now in [61, 121, 181] {
        assert_eq!(name.only().due_at(), Some(at(now)));
        name.look(BlobObservation::NotRead, at(now));
    }
}

#[test]
fn a_blob_missing_for_a_day_counts_as_deleted_and_is_notified() {
    let mut name = Name::new();
    name.hear(written(0, 9), there(0, 0, 9), at(1));
    name.look(there(0, 0, 9), at(13 * HOUR));
    name.look(BlobObservation::Gone, at(20 * HOUR));
    assert_eq!((name.only().state, name.only().due_at()), (RecordingState::Missing, Some(at(44 * HOUR))));
    name.look(BlobObservation::Gone, at(44 * HOUR));
    assert_eq!(name.only().state, RecordingState::Deleted);
    assert_eq!(name.told_names().last(), Some(&"recording.deleted_unexpectedly"));
    assert!(!name.look(BlobObservation::Gone, at(90 * HOUR)), "once");
    name.look(there(0, 0, 9), at(100 * HOUR));
    assert_eq!(name.only().state, RecordingState::Settled, "the blob was restored");
}
