//! Tests the calibration from one day.

use domain::decide::calibration::{Calibration, DayCounts, HourCounts, WayOfWriting};
use domain::decide::join::{LogRead, NameIndex, Neighbourhood, RecordingEvidence, SessionEvidence};
use domain::policy::join::{Gates, MatchingRules};

use crate::join::world::{HOUR, at, judged, live, named, near, read_to, recording, session};

/// Counts of a day with a log read up to `read`.
fn shown(recordings: &[RecordingEvidence], sessions: &[SessionEvidence], read: i64) -> DayCounts {
    let log = LogRead { read_from: at(-HOUR), read_to: at(read), newest_record: at(read) };
    DayCounts::count(&NameIndex::new(recordings, sessions, &[]), &MatchingRules::default(), Some(log), |_| true)
}

/// Returns the number of recordings written at once, and the number of possibly growing ones.
fn at_once(recordings: &[RecordingEvidence], sessions: &[SessionEvidence], read: i64) -> (u32, u32) {
    let counts = shown(recordings, sessions, read);
    (counts.at_once, counts.growing)
}

#[test]
fn a_recording_of_an_open_session_does_not_count_as_uploaded() {
    let resting = [recording(0, 3)];
    assert_eq!(at_once(&resting, &[session("a", -4, None)], 3 * HOUR), (0, 1));
    assert_eq!(
        at_once(&resting, &[session("a", -4, Some(2))], 3 * HOUR),
        (0, 0),
        "a short session may be on it in either way"
    );
    assert_eq!(at_once(&[recording(0, 900)], &[session("a", -4, None)], 3 * HOUR), (0, 0), "it has grown");
}

#[test]
fn a_recording_counts_as_uploaded_only_after_its_session_is_logged() {
    let resting = [recording(0, 0)];
    assert_eq!(at_once(&resting, &[], 600), (0, 1));
    assert_eq!(at_once(&resting, &[], 2 * HOUR), (1, 0));
    assert_eq!(at_once(&resting, &[session("a", -900, Some(-90))], 0), (1, 0), "a session ended just before");
}

#[test]
fn growing_recordings_do_not_change_the_way_of_writing() {
    let learned = |at_once, growing| {
        let counts = DayCounts { recordings: 60, at_once, growing, names: 10, ..DayCounts::default() };
        let calibration = Calibration::learn(&counts, [], Gates::from_rules(&MatchingRules::default()));
        (calibration.writes, calibration.uploaded)
    };
    assert_eq!(learned(0, 0), (WayOfWriting::Live, 0.0));
    assert_eq!(learned(0, 30), (WayOfWriting::Live, 0.02), "the first uploads may be among them");
    assert_eq!(learned(30, 30), (WayOfWriting::AtEnd, 1.0));
    assert_eq!(learned(0, 50).0, WayOfWriting::Unknown);
}

#[test]
fn two_people_disconnecting_together_affect_only_short_sessions() {
    let mut sessions: Vec<SessionEvidence> =
        (0..40).map(|n| session(&format!("long{n}"), n * 900, Some(n * 900 + 600))).collect();
    sessions.extend((0..10).map(|n| session(&format!("short{n}"), n * 3600, Some(n * 3600 + 20))));
    sessions.extend((0..10).map(|n| session(&format!("other{n}"), n * 3600 + 10, Some(n * 3600 + 25))));
    let counts = shown(&[], &sessions, 100 * HOUR);
    assert_eq!((counts.sessions, counts.short_sessions), (60, 20));
    assert_eq!((counts.twins.near, counts.short_twins.near), (20, 20));
    let calibration = Calibration::learn(&counts, [], Gates::from_rules(&MatchingRules::default()));
    assert!(calibration.short_twins > 5.0 * calibration.twins, "{calibration:?}");
}

#[test]
fn a_possible_large_clock_offset_prevents_matches() {
    let mut counts = DayCounts { recordings: 400, names: 100, sessions: 400, ..DayCounts::default() };
    (0..10).for_each(|second| counts.starts.add_many(second, 40));
    (0..5).for_each(|second| counts.ends.add_many(second, 80));
    let mut seen = |lost, unlogged| {
        counts.sessions_alone.0 = [HourCounts { with: 10 - lost, without: lost }; 24];
        counts.recordings_alone.0 = [HourCounts { with: 10 - unlogged, without: unlogged }; 24];
        let calibration = Calibration::learn(&counts, [], Gates::from_rules(&MatchingRules::default())).into();
        let beside = Neighbourhood { calibration, ..live(near(vec![], vec![session("a", 0, Some(1000))])) };
        named(&judged(&recording(2, 1001), &read_to(100 * HOUR, beside))).is_some()
    };
    assert!(seen(6, 0), "recordings are lost");
    assert!(seen(0, 6), "the log has holes");
    assert!(!seen(6, 6), "half of everything has no counterpart");
}
