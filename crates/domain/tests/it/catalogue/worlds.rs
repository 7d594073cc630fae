//! Tests live-written and uploaded recordings.

use std::sync::Arc;

use domain::decide::calibration::WayOfWriting;
use domain::policy::matcher::ConditionResult;
use domain::policy::person::PersonForm;
use domain::policy::retention::StartsAt;
use domain::policy::route::facts_of_notification;
use domain::policy::tags::plan;
use domain::policy::times::LengthFrom;
use domain::record::catalogue::{JudgedTimes, RecordingState};
use domain::record::hold::HoldScope;
use domain::record::join::{Match, MatchGrounds, Matched, WritingMode};
use domain::record::notification::{FactValue, NotificationFact};
use domain::record::session::{Records, Session, TunnelId};
use jiff::SignedDuration;

use crate::catalogue::custody::known;
use crate::catalogue::world::{Name, at, there, whole, written};

const HOUR: i64 = 3600;
/// Seconds from the end of a session to its upload.
const LATER: i64 = 90;
/// Duration of an upload in seconds.
const TAKES: i64 = 4;

/// A session from `start` to `end`, recorded in one way of writing.
fn recorded(way: WritingMode, start: i64, end: i64) -> Name {
    let mut name = Name::new();
    name.rules.retention =
        Some(Arc::new(domain::policy::retention::Policy { starts_at: StartsAt::SessionEnd, ..known() }));
    let (created, last) = stored(way, start, end);
    if way == WritingMode::Live {
        name.hear(written(created, 0), there(created, created, 0), at(created + 1));
    }
    name.writes = if way == WritingMode::Live { WayOfWriting::Live } else { WayOfWriting::AtEnd };
    name.hear(written(last, 9), there(created, last, 9), at(last + 1));
    name
}

fn stored(way: WritingMode, start: i64, end: i64) -> (i64, i64) {
    match way {
        WritingMode::Live => (start, end),
        WritingMode::AtEnd => (end + LATER, end + LATER + TAKES),
    }
}

fn matched(way: WritingMode, start: i64, end: i64) -> Match {
    let mut session = Session::assemble(&TunnelId::parse("t").unwrap(), &Records::default()).facts;
    (session.started_at, session.ended_at) = (Some(whole(start)), Some(whole(end)));
    let grounds = MatchGrounds { written: way, ..MatchGrounds::default() };
    Match::Matched(Box::new(Matched { session, evidence: Vec::new(), grounds }))
}

/// Like [`recorded`], but matched and settled.
fn settled(way: WritingMode, start: i64, end: i64) -> Name {
    let mut name = recorded(way, start, end);
    name.lives.entries[0].match_state.verdict = matched(way, start, end);
    let (created, last) = stored(way, start, end);
    name.sweep_to_the_end(&there(created, last, 9));
    name
}

const WAYS: [WritingMode; 2] = [WritingMode::Live, WritingMode::AtEnd];

#[test]
fn a_recording_is_as_long_as_its_session_in_both_modes() {
    for (way, from) in WAYS.into_iter().zip([LengthFrom::Recording, LengthFrom::Session]) {
        let name = settled(way, 0, HOUR);
        assert_eq!(name.only().length(), Some((SignedDuration::from_hours(1), from)));
        let ready = name.told.iter().find(|told| told.event.name() == "recording.ready").unwrap();
        assert!(ready.facts.contains(&NotificationFact::number("duration_ms", 3_600_000)), "{way:?}");
        assert!(ready.facts.contains(&NotificationFact::text("duration_from", from.name())), "{way:?}");
    }
}

#[test]
fn an_upload_without_a_session_has_no_length() {
    for (way, is_known) in WAYS.into_iter().zip([true, false]) {
        let mut name = recorded(way, 0, HOUR);
        let (created, last) = stored(way, 0, HOUR);
        name.sweep_to_the_end(&there(created, last, 9));
        assert_eq!(name.only().length().is_some(), is_known, "{way:?}");
    }
}

#[test]
fn a_short_live_recording_keeps_its_length_after_its_match() {
    assert_eq!(
        settled(WritingMode::Live, 0, 8).only().length(),
        Some((SignedDuration::from_secs(8), LengthFrom::Recording))
    );
}

#[test]
fn a_length_contradicted_by_storage_is_not_shown() {
    let mut name = recorded(WritingMode::AtEnd, 0, HOUR);
    // The log claims that the session ended a day before the upload.
    name.lives.entries[0].match_state.verdict = matched(WritingMode::AtEnd, -24 * HOUR, -23 * HOUR);
    let (created, last) = stored(WritingMode::AtEnd, 0, HOUR);
    name.sweep_to_the_end(&there(created, last, 9));
    assert_eq!(name.only().match_state.contradicted.names(), ["end_contradicts_storage"]);
    assert_eq!(name.only().length(), None);
}

#[test]
fn a_recording_is_final_once_soon_after_settling_in_both_modes() {
    for way in WAYS {
        let name = settled(way, 0, 3 * HOUR);
        let (_, last) = stored(way, 0, 3 * HOUR);
        assert_eq!(name.only().state, RecordingState::Settled);
        assert_eq!(name.only().settled_at, Some(whole(last + 300)), "{way:?}");
        assert_eq!(name.only().final_at, Some(whole(last + 300)), "{way:?}");
        let ready = name.told_names().iter().filter(|told| **told == "recording.ready").count();
        assert_eq!(ready, 1, "{way:?}");
        assert!(!name.told_names().contains(&"recording.stale"));
    }
}

/// An upload after midnight counts from the day of its creation, one day after its session.
#[test]
fn retention_counts_from_session_end_and_never_before_creation() {
    let midnight = 15 * HOUR;
    let counted =
        |way| settled(way, 0, midnight - 60).only().custody.retention.clone().unwrap().counted_from.to_string();
    assert_eq!(WAYS.map(counted), ["2026-03-02", "2026-03-03"]);
}

#[test]
fn a_start_is_notified_unless_the_bastion_uploads() {
    for (writes, is_told) in [
        (WayOfWriting::Live, true),
        (WayOfWriting::AtEnd, false),
        (WayOfWriting::Both, true),
        (WayOfWriting::Unknown, true),
    ] {
        let mut name = Name::new();
        name.writes = writes;
        name.hear(written(0, 9), there(0, 0, 9), at(1));
        assert_eq!(name.told_names().contains(&"recording.started"), is_told, "{writes:?}");
    }
}

#[test]
fn a_start_unlike_an_upload_is_notified_on_an_uploading_bastion() {
    for (size, last, is_told) in [(0, 0, true), (9, 10, false), (9, 11, true)] {
        let mut name = Name::new();
        name.writes = WayOfWriting::AtEnd;
        name.hear(written(last, size), there(0, last, size), at(last + 1));
        assert_eq!(name.told_names().contains(&"recording.started"), is_told, "{size} bytes after {last} s");
    }
}

#[test]
fn the_start_tag_is_the_session_start_in_both_modes() {
    for way in WAYS {
        let name = settled(way, 0, HOUR);
        let tags = plan(name.only());
        let start = tags.iter().find(|tag| tag.key.as_str() == "bsr-start").unwrap();
        assert_eq!(start.value.as_str(), whole(0).to_string(), "{way:?}");
    }
}

#[test]
fn a_route_sees_length_and_start_of_the_session_in_both_modes() {
    for way in WAYS {
        let name = settled(way, 0, HOUR);
        let ready = name.told.iter().find(|told| told.event.name() == "recording.ready").unwrap();
        facts_of_notification(ready, PersonForm::Full, |facts| {
            assert_eq!(facts.duration, Some(SignedDuration::from_hours(1)), "{way:?}");
            assert_eq!(facts.started, Some(whole(0)), "{way:?}");
        });
    }
}

#[test]
fn a_route_sees_no_length_or_start_of_an_unmatched_upload() {
    let mut name = recorded(WritingMode::AtEnd, 0, HOUR);
    let (created, last) = stored(WritingMode::AtEnd, 0, HOUR);
    name.sweep_to_the_end(&there(created, last, 9));
    let ready = name.told.iter().find(|told| told.event.name() == "recording.ready").unwrap();
    assert!(ready.facts.iter().any(|fact| fact.name == "created_at" && matches!(fact.value, FactValue::Text(_))));
    facts_of_notification(ready, PersonForm::Full, |facts| assert_eq!((facts.duration, facts.started), (None, None)));
}

/// Times of a recording of the ninth day.
fn judged(way: WritingMode) -> JudgedTimes {
    let (created, last) = stored(way, 8 * 24 * HOUR, (8 * 24 + 1) * HOUR);
    JudgedTimes { created_at: whole(created), last_modified: whole(last) }
}

#[test]
fn a_hold_until_a_time_cannot_rule_out_a_copy_without_a_known_session() {
    let until = HoldScope { to: Some(whole(0)), ..HoldScope::default() };
    for (created, took, expected) in [
        // Copied half a year later, in seconds or in a quarter of an hour.
        (180 * 24 * HOUR, TAKES, ConditionResult::Unknown),
        (180 * 24 * HOUR, 900, ConditionResult::Unknown),
        // No copy takes that long.
        (180 * 24 * HOUR, 901, ConditionResult::False),
    ] {
        let mut name = Name::new();
        name.hear(written(created + took, 9), there(created, created + took, 9), at(created + took + 1));
        assert_eq!(until.covers(name.only()), expected, "written for {took} s");
    }
}

#[test]
fn a_hold_until_a_time_covers_earlier_sessions_in_both_modes() {
    let until = HoldScope { to: Some(whole(60)), ..HoldScope::default() };
    for way in WAYS {
        // A session of thirty hours is too long for its upload to confirm the start.
        let name = settled(way, 0, 30 * HOUR);
        assert_ne!(until.covers(name.only()), ConditionResult::False, "{way:?}");
        // Created eight days later, longer than any session lasts.
        let mut later = settled(way, 8 * 24 * HOUR, (8 * 24 + 1) * HOUR);
        later.lives.entries[0].match_state.judged = Some(judged(way));
        assert_eq!(until.covers(later.only()), ConditionResult::False, "{way:?}");
    }
}
