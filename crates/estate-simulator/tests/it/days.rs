use estate_simulator::EstateDay;
use jiff::{SignedDuration, Timestamp};

use crate::days;

#[test]
fn a_seed_gives_the_same_day_every_time() {
    for seed in [0, 1, 77, u64::MAX] {
        assert_eq!(EstateDay::generate(seed, 40), EstateDay::generate(seed, 40));
    }
    assert_ne!(EstateDay::generate(1, 40), EstateDay::generate(2, 40));
}

#[test]
fn a_day_has_about_as_many_sessions_as_asked_for() {
    for seed in 0..50 {
        for size in [20, 60] {
            let day = EstateDay::generate(seed, size).unwrap();
            let sessions = day.truth.sessions.len();
            assert!((size - 6..size + 20).contains(&sessions), "{sessions} of {size}");
        }
    }
}

#[test]
fn arrivals_are_ordered_by_time() {
    assert!(days().all(|day| day.arrivals.is_sorted_by_key(|arrival| arrival.at)));
}

#[test]
fn a_day_begins_in_the_morning_and_arrives_within_two_days() {
    let morning: Timestamp = "2026-03-02T05:59:00Z".parse().unwrap();
    let (evening, late) = (morning + SignedDuration::from_hours(15), morning + SignedDuration::from_hours(48));
    for day in days() {
        assert!(day.truth.sessions.iter().all(|session| (morning..evening).contains(&session.started_at)));
        assert!(day.arrivals.iter().all(|arrival| (morning..late).contains(&arrival.at)));
    }
}

#[test]
fn recordings_and_sessions_reference_each_other() {
    for day in days() {
        let truth = &day.truth;
        for (index, recording) in truth.recordings.iter().enumerate() {
            assert_eq!(truth.sessions[recording.session].recording, Some(index));
        }
        let recorded = truth.sessions.iter().filter(|session| session.recording.is_some());
        assert_eq!(recorded.count(), truth.recordings.len());
    }
}
