//! Tests malformed log times against every decision that uses session times.

use std::sync::Arc;

use domain::decide::catalogue::EntryCommand;
use domain::policy::join::Tolerances;
use domain::policy::matcher::{Condition, ConditionResult, Range, Test};
use domain::policy::retention::{Policy, RetentionRule, StartsAt, Warrant};
use domain::record::catalogue::{Entry, EntryChangeKind, RecordingState};
use domain::record::hold::{Hold, HoldScope};
use domain::record::join::{Match, MatchGrounds, Matched, WritingMode};
use domain::record::retention::Spared;
use domain::record::session::{Records, Session, SessionFacts, TunnelId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::option;
use proptest::prelude::*;

use crate::catalogue::custody::{DAY, hold, known};
use crate::catalogue::world::{Name, at, there, whole, written};

const HOUR: i64 = 3600;
/// Tolerance in seconds between session times and the times of a live-written recording.
const TOLERANCE: i64 = 300;
/// Seconds from creation to session end for which an upload confirms the end.
const UPLOADED: std::ops::RangeInclusive<i64> = -900..=120;

/// Start and end of a session as claimed by the log, in seconds since the creation of its recording.
type Claims = (Option<i64>, Option<i64>);

/// Last writes of the recordings, in seconds since their creation.
const WRITTEN: [i64; 3] = [0, HOUR, 30 * HOUR];

/// Returns malformed pairs of session times for a recording last written at `last`.
fn malformed(last: i64) -> Vec<(&'static str, Claims)> {
    let year = 365 * DAY;
    vec![
        ("an end twenty years ago", (Some(0), Some(-20 * year))),
        ("an end whose day and month are swapped, months ago", (Some(0), Some(last - 88 * DAY))),
        ("an end whose day and month are swapped, months ahead", (Some(0), Some(last + 88 * DAY))),
        ("an end in 2099", (Some(0), Some(73 * year))),
        ("an end a minute before the start", (Some(90), Some(30 - 60))),
        ("an end without a zone", (Some(0), Some(last - 5 * HOUR))),
        ("start and end without a zone", (Some(-5 * HOUR), Some(last - 5 * HOUR))),
        ("start and end a day early", (Some(-DAY), Some(last - DAY))),
        ("start and end a year ahead", (Some(year), Some(year + last))),
        ("a start twenty years ago", (Some(-20 * year), Some(last))),
        ("a start in 2099", (Some(73 * year), Some(last))),
        ("an end just beyond the tolerance", (Some(0), Some(last + TOLERANCE + 1))),
        ("an end just before the tolerance", (Some(0), Some(last - TOLERANCE - 1))),
        ("an end too long before an upload", (Some(-HOUR), Some(-901))),
        ("an end just long enough before an upload", (Some(-HOUR), Some(-900))),
        ("a start before the longest session", (Some(-30 * HOUR), Some(-90))),
        ("only an end, twenty years ago", (None, Some(-20 * year))),
        ("only an end, in 2099", (None, Some(73 * year))),
        ("only a start, twenty years ago", (Some(-20 * year), None)),
        ("nothing", (None, None)),
    ]
}

fn session((start, end): Claims) -> SessionFacts {
    let mut facts = Session::assemble(&TunnelId::of_unnamed(b"claims"), &Records::default()).facts;
    (facts.started_at, facts.ended_at) = (start.map(whole), end.map(whole));
    facts
}

/// Matches the session as written at the end if the recording may have been uploaded.
fn claim(name: &mut Name, last: i64, claims: Claims) {
    let written = if last <= 10 { WritingMode::AtEnd } else { WritingMode::Live };
    let grounds = MatchGrounds { written, ..MatchGrounds::default() };
    let matched = Matched { session: session(claims), evidence: Vec::new(), grounds };
    name.lives.entries[0].match_state.verdict = Match::Matched(Box::new(matched));
}

/// Returns a recording with these claims, swept until nothing changes without an event.
fn recording(policy: Policy, last: i64, claims: Claims) -> Name {
    let mut name = Name::new();
    name.rules.retention = Some(Arc::new(policy));
    name.hear(written(last, 9), there(0, last, 9), at(last + 1));
    claim(&mut name, last, claims);
    name.sweep_to_the_end(&there(0, last, 9));
    name
}

fn day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

/// Days from which periods may count according to storage: from the creation to the last write, including an end within
/// the tolerance.
fn days(last: i64) -> std::ops::RangeInclusive<Date> {
    day(whole((last - TOLERANCE).max(0)))..=day(whole(last + TOLERANCE))
}

fn clocked(starts_at: StartsAt) -> Policy {
    Policy { starts_at, ..known() }
}

fn retained(name: &Name) -> domain::record::retention::Retention {
    name.only().custody.retention.clone().unwrap()
}

fn every_case(mut with: impl FnMut(&str, i64, Claims)) {
    for last in WRITTEN {
        for (what, claims) in malformed(last) {
            with(&format!("{what}, written {last} s after its creation"), last, claims);
        }
    }
}

#[test]
fn a_logged_time_never_moves_retention_outside_storage_times() {
    every_case(|what, last, claims| {
        let counted = retained(&recording(clocked(StartsAt::SessionEnd), last, claims)).counted_from;
        assert!(days(last).contains(&counted), "{what}: counted from {counted}");
        let created = retained(&recording(clocked(StartsAt::Created), last, claims)).counted_from;
        assert_eq!(created, day(whole(0)), "{what}");
    });
}

#[test]
fn a_logged_time_never_makes_a_recording_final_early_or_never() {
    every_case(|what, last, claims| {
        let name = recording(known(), last, claims);
        let final_at = name.only().final_at.unwrap_or_else(|| panic!("{what}: never final"));
        assert!(final_at >= whole(last + 300), "{what}: final at {final_at}");
        assert!(final_at <= whole((12 * HOUR).max(last + 2 * TOLERANCE)), "{what}: final at {final_at}");
        let is_near = |end: i64| {
            if last == 0 {
                UPLOADED.contains(&end)
            } else {
                (end - last).abs() <= TOLERANCE
            }
        };
        let is_trusted = claims.1.is_some_and(|end| is_near(end) && claims.0.is_none_or(|start| end >= start));
        assert!(
            is_trusted || final_at >= whole(12 * HOUR),
            "{what}: final at {final_at} by an end that does not count"
        );
    });
}

#[test]
fn a_logged_time_never_removes_a_recording_from_a_hold() {
    let edges = [-100 * DAY, -DAY, -6 * HOUR, -60, 0, 60, HOUR, 20 * HOUR, 31 * HOUR, 100 * DAY];
    every_case(|what, last, claims| {
        let (with, without) = (recording(known(), last, claims), recording(known(), last, (None, None)));
        for (nth, from) in edges.into_iter().enumerate() {
            for to in &edges[nth + 1..] {
                let scope = |from, to| HoldScope { from, to, ..HoldScope::default() };
                for scope in [
                    scope(Some(whole(from)), Some(whole(*to))),
                    scope(Some(whole(from)), None),
                    scope(None, Some(whole(*to))),
                ] {
                    let covers = scope.covers(with.only());
                    let may_begin_before =
                        last <= 900 && claims.0.zip(scope.to).is_some_and(|(start, to)| whole(start) < to);
                    let is_wider = covers == ConditionResult::Unknown && may_begin_before;
                    assert!(is_wider || covers == scope.covers(without.only()), "{what}: {scope}");
                    let overlaps =
                        scope.from.is_none_or(|from| whole(last) >= from) && scope.to.is_none_or(|to| whole(0) < to);
                    assert!(
                        !overlaps || covers == ConditionResult::True,
                        "{what}: {scope} covers it, and says {covers:?}"
                    );
                }
            }
        }
    });
}

/// The sweep marks and orders day after day, but the recording stays until its own dates allow the deletion.
#[test]
fn a_logged_time_never_deletes_a_recording_early() {
    every_case(|what, last, claims| {
        for starts_at in [StartsAt::SessionEnd, StartsAt::Created] {
            let mut name = recording(clocked(starts_at), last, claims);
            let reading = there(0, last, 9);
            let earliest = if starts_at == StartsAt::Created { day(whole(0)) } else { *days(last).start() };
            let last_day = earliest.checked_add(jiff::Span::new().months(1)).unwrap();
            let mut went_on = None;
            for today in (1..60).map(|day| last + day * DAY) {
                name.command(EntryCommand::Mark, reading.clone(), at(today));
                name.command(EntryCommand::Dispose, reading.clone(), at(today));
                if name.only().custody.tombstone.is_some() {
                    went_on = Some(day(at(today)));
                    break;
                }
            }
            let went_on = went_on.unwrap_or_else(|| panic!("{what}: it is never deleted"));
            assert!(went_on > last_day, "{what}: it was deleted on {went_on}");
        }
    });
}

#[test]
fn a_log_contradicting_storage_leaves_length_and_start_unknown() {
    let ask =
        |test: Test| RetentionRule { name: "asked".to_owned(), when: Condition::Is(test), class: 1, minimum: false };
    let rules = [
        ask(Test::Duration(Range { over: None, under: Some(SignedDuration::from_hours(400)) })),
        ask(Test::Started(Range { over: Some(whole(-400 * DAY)), under: None })),
    ];
    for (last, claims, unknown) in [
        (HOUR, (Some(0), Some(HOUR)), [false, false]),
        (HOUR, (Some(0), None), [false, false]),
        (HOUR, (None, None), [false, false]),
        (HOUR, (Some(0), Some(-DAY)), [true, false]),
        (HOUR, (Some(-DAY), Some(HOUR)), [true, true]),
        (HOUR, (Some(DAY), Some(2 * DAY)), [true, true]),
        // Uploaded after its session: storage knows neither start nor length, and confirms only the end.
        (1, (Some(-2 * HOUR), Some(-90)), [false, false]),
        (1, (Some(-2 * HOUR), Some(-900)), [false, false]),
        (1, (Some(-2 * HOUR), Some(-901)), [true, true]),
        (1, (Some(-2 * HOUR), None), [true, true]),
        (1, (None, Some(-90)), [true, true]),
        (1, (None, None), [true, true]),
        (1, (Some(-2 * DAY), Some(-90)), [true, true]),
        (1, (Some(-2 * HOUR), Some(-HOUR)), [true, true]),
    ] {
        for (rule, unknown) in rules.iter().zip(unknown) {
            let name = recording(Policy { rules: vec![rule.clone()], ..known() }, last, claims);
            assert_eq!(!retained(&name).unknown.is_empty(), unknown, "{last} s, {claims:?}, {:?}", rule.when);
        }
    }
}

#[test]
fn an_uploaded_recording_is_as_long_as_its_session() {
    let short = Condition::Is(Test::Duration(Range { over: None, under: Some(SignedDuration::from_secs(15)) }));
    let policy = Policy {
        rules: vec![RetentionRule { name: "short".to_owned(), when: short, class: 1, minimum: false }],
        ..known()
    };
    let name = recording(policy, 1, (Some(-2 * HOUR), Some(-90)));
    assert_eq!(retained(&name).class, "standard");
}

#[test]
fn a_length_contradicted_by_the_log_is_unknown() {
    let short = Condition::Is(Test::Duration(Range { over: None, under: Some(SignedDuration::from_secs(15)) }));
    let rules = vec![RetentionRule { name: "short".to_owned(), when: short, class: 1, minimum: false }];
    for (last, claims) in [(HOUR, (Some(0), Some(HOUR))), (1, (Some(-100), Some(-90)))] {
        for (told, is_known) in [(None, true), (Some(HOUR), last == HOUR), (Some(5 * HOUR), false)] {
            let mut name = Name::new();
            name.rules.retention = Some(Arc::new(Policy { rules: rules.clone(), ..known() }));
            name.hear(written(last, 9), there(0, last, 9), at(last + 1));
            let duration = told.map(SignedDuration::from_secs);
            claim(&mut name, last, claims);
            if let Match::Matched(matched) = &mut name.lives.entries[0].match_state.verdict {
                matched.session.duration = duration;
            }
            name.sweep_to_the_end(&there(0, last, 9));
            assert_eq!(retained(&name).unknown.is_empty(), is_known, "{last} s, told {told:?}");
        }
    }
}

#[test]
fn a_possible_upload_stays_covered_by_a_hold_on_session_time() {
    let until = |second| HoldScope { to: Some(whole(second)), ..HoldScope::default() };
    // In one piece, and in several pieces over a slow line.
    for last in [1, 900] {
        let uploaded = recording(known(), last, (None, None));
        assert_eq!(
            [1, -HOUR, -7 * DAY + 1, -7 * DAY].map(|to| until(to).covers(uploaded.only())),
            // A copy may be made any time later.
            [ConditionResult::True, ConditionResult::Unknown, ConditionResult::Unknown, ConditionResult::Unknown],
            "{last} s"
        );
    }
    let live = recording(known(), HOUR, (None, None));
    assert_eq!([1, -HOUR].map(|to| until(to).covers(live.only())), [ConditionResult::True, ConditionResult::False]);
}

#[test]
fn a_hold_by_time_may_cover_an_unobserved_recording() {
    let mut name = Name::new();
    name.hear(written(0, 9), domain::record::blob::BlobObservation::NotRead, at(1));
    let scope = |from, to| HoldScope { from, to, ..HoldScope::default() };
    for scope in [scope(Some(whole(DAY)), None), scope(None, Some(whole(-DAY)))] {
        assert_eq!(scope.covers(name.only()), ConditionResult::Unknown, "{scope}");
    }
}

/// A recording with its retention counted from a day twenty years before its creation.
fn counted_too_early(policy: Policy) -> Name {
    let mut name = recording(policy, HOUR, (None, None));
    let retention = name.lives.entries[0].custody.retention.as_mut().unwrap();
    retention.counted_from = "2006-02-28".parse().unwrap();
    retention.retain_until = "2008-02-28".parse().unwrap();
    retention.delete_after = Some("2008-02-28".parse().unwrap());
    name
}

#[test]
fn a_warrant_is_refused_if_retention_counts_from_before_creation() {
    let mut name = crate::catalogue::custody::expiring();
    let now = at(60 * DAY);
    let prove =
        |entry: &Entry, policy: &Policy, holds: &[Hold]| Warrant::prove(entry, holds, Some(policy), now).map(drop);
    assert_eq!(prove(name.only(), &known(), &[]), Ok(()));
    let rewritten = Entry { settled_at: now.checked_add(SignedDuration::from_secs(1)).ok(), ..name.only().clone() };
    assert_eq!(prove(&rewritten, &known(), &[]), Err(Spared::StillWritten), "its content has not rested");
    name.lives.entries[0].custody.retention.as_mut().unwrap().counted_from = "2026-03-01".parse().unwrap();
    assert_eq!(prove(name.only(), &known(), &[]), Err(Spared::CountedTooEarly));
    name.lives.entries[0].life.observation = None;
    assert!(prove(name.only(), &known(), &[]).is_err(), "storage has said nothing of it");
}

#[test]
fn a_retention_counted_too_early_is_recounted_without_shortening() {
    let mut name = counted_too_early(known());
    name.look(there(0, HOUR, 9), at(2 * DAY));
    let retention = retained(&name);
    assert_eq!(retention.counted_from.to_string(), "2026-03-02");
    // The earlier retention was two years, the present policy allows one month.
    assert_eq!(retention.delete_after.unwrap().to_string(), "2028-03-02");
    assert!(!name.look(there(0, HOUR, 9), at(3 * DAY)), "it is moved once");
}

#[test]
fn session_times_contradicted_by_storage_are_shown() {
    let mut name = recording(known(), HOUR, (Some(0), Some(-20 * 365 * DAY)));
    assert_eq!(name.only().match_state.contradicted.names(), ["end_contradicts_storage"]);
    let contradicted =
        |change: &domain::record::catalogue::EntryChange| matches!(change.what, EntryChangeKind::TimesContradicted(_));
    assert_eq!(name.only().history.iter().filter(|change| contradicted(change)).count(), 1);
    let ready = name.told.iter().find(|told| told.event.name() == "recording.ready").unwrap();
    assert!(
        ready
            .facts
            .contains(&domain::record::notification::NotificationFact::text("warning", "end_contradicts_storage"))
    );
    claim(&mut name, HOUR, (Some(0), Some(HOUR)));
    name.look(there(0, HOUR, 9), at(2 * DAY));
    assert!(name.only().match_state.contradicted.names().is_empty());
}

#[test]
fn an_event_time_never_changes_settling_or_retention() {
    for claimed in [at(73 * 365 * DAY), at(-20 * 365 * DAY)] {
        let mut name = Name::new();
        name.rules.retention = Some(Arc::new(known()));
        name.hear(written(0, 9), there(0, HOUR, 9), at(HOUR + 1));
        let lie = domain::record::blob::BlobEvent { at: claimed, ..written(5, 9) };
        name.hear(lie, there(0, HOUR, 9), at(HOUR + 2));
        name.sweep_to_the_end(&there(0, HOUR, 9));
        let mut there_still = name.lives.entries.iter().filter(|entry| entry.state == RecordingState::Settled);
        let entry = there_still.next().unwrap();
        assert_eq!((entry.settled_at, entry.final_at), (Some(whole(HOUR + 300)), Some(whole(12 * HOUR))), "{claimed}");
        assert_eq!(entry.custody.retention.as_ref().unwrap().counted_from, day(whole(0)));
    }
}

fn second() -> impl Strategy<Value = i64> {
    prop_oneof![
        -400i64..400,
        (-30i64..30).prop_map(|hours| hours * HOUR),
        (-8000i64..30_000).prop_map(|days| days * DAY),
        (-400i64..400, -30i64..30).prop_map(|(second, hours)| second + hours * HOUR),
    ]
}

proptest! {
    #[test]
    fn storage_times_bound_every_logged_time(
        start in option::of(second()), end in option::of(second()), near_end in any::<bool>(),
        last in prop_oneof![0i64..20, 0i64..100_000], clock in any::<bool>(),
    ) {
        let end = end.map(|end| if near_end { end + last } else { end });
        let starts_at = if clock { StartsAt::SessionEnd } else { StartsAt::Created };
        let name = recording(clocked(starts_at), last, (start, end));
        let entry = name.only();
        let counted = retained(&name).counted_from;
        prop_assert!(days(last).contains(&counted) || starts_at == StartsAt::Created && counted == day(whole(0)));
        let final_at = entry.final_at.unwrap();
        prop_assert!(final_at >= whole(last + 300) && final_at <= whole((12 * HOUR).max(last + 2 * TOLERANCE)));
        if let Some(trusted) = entry.session_end(Tolerances::default()).trusted() {
            let after = trusted.duration_since(whole(last)).as_secs();
            let is_uploaded = last <= 10;
            prop_assert!(after.abs() <= TOLERANCE || is_uploaded && UPLOADED.contains(&(after + last)));
            prop_assert!(start.is_none_or(|start| trusted >= whole(start)));
        }
        let held = hold(HoldScope { from: Some(whole(last)), to: Some(whole(1)), ..HoldScope::default() });
        prop_assert!(last > 0 || Hold::covering(&[held], entry).next().is_some());
    }
}
