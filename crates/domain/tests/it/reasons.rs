//! Tests the reasons for recordings without a certain session, with known usual times.

use std::sync::Arc;

use domain::decide::calibration::{Calibration, DayCounts};
use domain::decide::join::{LogRead, Neighbourhood, RecordingEvidence, SessionEvidence, judge, match_reasoning};
use domain::policy::join::{Gates, MatchingRules};
use domain::record::join::{Match, MatchReasoning, UndecidedReason};
use domain::record::join_key::JoinKey;
use domain::record::session::{SessionFacts, TunnelId};
use jiff::{SignedDuration, Timestamp};

/// 2026-03-02T09:00:00Z.
const START: i64 = 1_772_442_000;
const HOUR: i64 = 3600;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(START + second).unwrap()
}

fn recording(from: i64, to: i64) -> RecordingEvidence {
    let keys = [JoinKey::fold("vm-user")].into();
    RecordingEvidence { id: None, keys, created_at: at(from), last_modified: at(to), has_ended: true }
}

fn session(tunnel: &str, from: Option<i64>, to: Option<i64>) -> SessionEvidence {
    let facts = SessionFacts {
        tunnel_id: TunnelId::parse(tunnel).unwrap(),
        user_name: Some("user".into()),
        user_email: Some(format!("{tunnel}@contoso.example").into()),
        client_ip: None,
        protocol: None,
        target_resource_id: None,
        target_ip: None,
        started_at: from.map(at),
        ended_at: to.map(at),
        duration: None,
    };
    SessionEvidence { facts, ended_at: to.map(at), keys: [JoinKey::fold("vm-user")].into(), is_native: false }
}

/// A day on which recordings are created 0 to 20 s after the start and last written 0 to 10 s after the end, or
/// uploaded 30 to 60 s after the end.
fn day(live: u32, uploaded: u32) -> DayCounts {
    let mut counts = DayCounts { recordings: live + uploaded, at_once: uploaded, ..DayCounts::default() };
    let spread = |count: u32, first: i64, last: i64| {
        (0..i64::from(count)).map(move |n| SignedDuration::from_secs(first + n % (last - first + 1)))
    };
    spread(live, 0, 20).for_each(|apart| counts.starts.add(apart));
    spread(live, 0, 10).for_each(|apart| counts.ends.add(apart));
    spread(uploaded, 30, 60).for_each(|apart| counts.uploads.add(apart));
    (counts.names, counts.sessions) = (counts.recordings, counts.recordings);
    for _ in 0..counts.recordings {
        counts.recordings_alone.add(at(0), true);
        counts.sessions_alone.add(at(0), true);
    }
    counts
}

/// A day on which these percentages of recordings lack a session and of sessions lack a recording; all recordings have
/// one name.
fn doubtful(unlogged: u32, lost: u32) -> DayCounts {
    let mut counts = DayCounts { names: 1, ..day(344, 0) };
    for _ in 0..344 * unlogged / (100 - unlogged) {
        counts.recordings_alone.add(at(0), false);
    }
    for _ in 0..344 * lost / (100 - lost) {
        counts.sessions_alone.add(at(0), false);
    }
    counts
}

fn near(day: &DayCounts, recordings: Vec<RecordingEvidence>, sessions: Vec<SessionEvidence>) -> Neighbourhood {
    let calibration = Calibration::learn(day, [], Gates::from_rules(&MatchingRules::default()));
    Neighbourhood {
        recordings,
        sessions,
        steps_read: usize::MAX,
        log: Some(read_to(100 * HOUR)),
        calibration: Arc::new(calibration),
        ..Neighbourhood::default()
    }
}

fn read_to(second: i64) -> LogRead {
    LogRead { read_from: at(-HOUR), read_to: at(second), newest_record: at(second) }
}

fn weighed(subject: &RecordingEvidence, near: &Neighbourhood) -> (Match, MatchReasoning) {
    let verdict = judge(subject, near, &MatchingRules::default());
    let reasoning = match_reasoning(subject, near, &MatchingRules::default(), &verdict);
    (verdict.owned(), reasoning)
}

/// Returns the reason why the recording has no session.
fn reason(subject: &RecordingEvidence, near: &Neighbourhood) -> Option<UndecidedReason> {
    let (verdict, reasoning) = weighed(subject, near);
    assert!(verdict.session().is_none(), "{verdict:?}");
    if let (Some(lead), Some(needed)) = (reasoning.lead, reasoning.needed) {
        assert!(lead < needed, "{reasoning:?}");
    }
    reasoning.reason
}

/// A neighbourhood with one session, on a day of live-written recordings.
fn alone(session: SessionEvidence) -> Neighbourhood {
    near(&day(344, 0), vec![], vec![session])
}

fn usual() -> SessionEvidence {
    session("a", Some(-9), Some(996))
}

#[test]
fn a_certain_session_has_no_reason_and_the_next_candidate() {
    let sessions = vec![usual(), session("b", Some(-148), Some(1120))];
    let (verdict, reasoning) = weighed(&recording(0, 1000), &near(&day(344, 0), vec![recording(-140, 1125)], sessions));
    assert_eq!(verdict.session().map(|session| session.tunnel_id.as_str()), Some("a"));
    assert_eq!(reasoning, MatchReasoning { next_off: Some(148_000), ..MatchReasoning::default() });
    let (verdict, reasoning) = weighed(&recording(0, 1000), &alone(usual()));
    assert!(verdict.session().is_some());
    assert_eq!(reasoning, MatchReasoning::default());
}

#[test]
fn a_recording_that_goes_on_has_not_ended() {
    let subject = RecordingEvidence { has_ended: false, ..recording(0, 1000) };
    assert_eq!(reason(&subject, &alone(session("a", Some(-9), None))), Some(UndecidedReason::NotEnded));
}

#[test]
fn without_a_nearby_session_the_log_is_awaited() {
    let nothing = near(&day(344, 0), vec![], vec![]);
    let unread = Neighbourhood { log: Some(read_to(HOUR)), ..nothing.clone() };
    assert_eq!(reason(&recording(0, 1000), &unread), Some(UndecidedReason::NotRead));
    let unknown = Neighbourhood { log: None, ..nothing.clone() };
    assert_eq!(reason(&recording(0, 1000), &unknown), Some(UndecidedReason::NoLog));
    assert_eq!(reason(&recording(0, 1000), &nothing), None, "it is of no session in the log");
}

#[test]
fn a_pair_needing_the_rest_of_the_log_waits_for_it() {
    let crowd: Vec<RecordingEvidence> = (0..12).map(|n| recording(-280 + 20 * n, 7000 + 60 * n)).collect();
    let unread = Neighbourhood { log: Some(read_to(1000)), ..near(&doubtful(1, 80), crowd, vec![usual()]) };
    assert_eq!(reason(&recording(0, 1000), &unread), Some(UndecidedReason::NotRead));
    assert_eq!(reason(&recording(0, 1000), &Neighbourhood { log: None, ..unread }), Some(UndecidedReason::NoLog));
}

#[test]
fn a_pair_whose_neighbours_were_not_read_may_have_rivals() {
    let cut = Neighbourhood { steps_read: 1, ..alone(usual()) };
    assert_eq!(reason(&recording(0, 1000), &cut), Some(UndecidedReason::NotAllRead));
}

#[test]
fn two_sessions_alike_are_rivals() {
    let sessions = vec![usual(), session("b", Some(-8), Some(995))];
    assert_eq!(reason(&recording(0, 1000), &near(&day(344, 0), vec![], sessions)), Some(UndecidedReason::RivalSession));
}

#[test]
fn two_recordings_of_one_session_are_rivals() {
    let rival = near(&day(344, 0), vec![recording(1, 1001)], vec![usual()]);
    assert_eq!(reason(&recording(0, 1000), &rival), Some(UndecidedReason::RivalRecording));
}

#[test]
fn an_odd_time_is_given_as_the_reason() {
    assert_eq!(
        reason(&recording(0, 1000), &alone(session("a", Some(-200), Some(800)))),
        Some(UndecidedReason::OddTimes)
    );
    let one = near(&doubtful(90, 90), vec![], vec![session("a", Some(-9), Some(800))]);
    assert_eq!(reason(&recording(0, 1000), &one), Some(UndecidedReason::OddTime));
}

#[test]
fn a_time_missing_from_the_log_is_explained() {
    let of = |session| reason(&recording(0, 1000), &near(&doubtful(90, 90), vec![], vec![session]));
    assert_eq!(of(session("a", Some(-9), None)), Some(UndecidedReason::NoEnd));
    assert_eq!(of(session("a", None, Some(996))), Some(UndecidedReason::NoStart));
}

#[test]
fn a_seldom_recorded_client_is_given_as_the_reason() {
    let native = SessionEvidence { is_native: true, ..usual() };
    let near = near(&doubtful(50, 1), vec![], vec![native]);
    assert_eq!(reason(&recording(0, 1000), &near), Some(UndecidedReason::NativeClient));
}

#[test]
fn a_possibly_open_session_is_given_as_the_reason() {
    let sessions = vec![session("a", Some(-4000), Some(-40)), session("b", Some(-100), None)];
    assert_eq!(reason(&recording(0, 0), &near(&day(0, 344), vec![], sessions)), Some(UndecidedReason::OpenSession));
}

#[test]
fn an_incomplete_log_is_given_as_the_reason() {
    let near = near(&doubtful(90, 90), vec![], vec![usual()]);
    assert_eq!(reason(&recording(0, 1000), &near), Some(UndecidedReason::Unlogged));
}
