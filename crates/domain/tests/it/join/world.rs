//! Builds recordings and sessions around one of them, with times in seconds of one morning.

use std::sync::Arc;

use domain::decide::calibration::{Calibration, DayCounts};
use domain::decide::join::{
    LogRead, Neighbourhood, RecordingCoverage, RecordingEvidence, SessionEvidence, judge, judge_with_reasoning,
    match_reasoning, recording_coverage,
};
use domain::policy::join::{Gates, MatchingRules};
use domain::record::join::Match;
use domain::record::join_key::JoinKey;
use domain::record::session::{SessionFacts, TunnelId};
use jiff::{SignedDuration, Timestamp};

/// 2026-03-02T09:00:00Z.
const START: i64 = 1_772_442_000;
pub const HOUR: i64 = 3600;

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(START + second).unwrap()
}

/// An ended recording of `vm-user`.
pub fn recording(from: i64, to: i64) -> RecordingEvidence {
    RecordingEvidence {
        id: None,
        keys: [JoinKey::fold("vm-user")].into(),
        created_at: at(from),
        last_modified: at(to),
        has_ended: true,
    }
}

/// A recording of `vm-user`, still being written.
pub fn unfinished(from: i64, to: i64) -> RecordingEvidence {
    RecordingEvidence { has_ended: false, ..recording(from, to) }
}

/// A session of `vm-user`; still open if it has no end.
pub fn session(tunnel: &str, from: i64, to: Option<i64>) -> SessionEvidence {
    let facts = SessionFacts {
        tunnel_id: TunnelId::parse(tunnel).unwrap(),
        user_name: Some("user".into()),
        user_email: Some(format!("{tunnel}@contoso.com").into()),
        client_ip: None,
        protocol: None,
        target_resource_id: Some("/x/VIRTUALMACHINES/VM".into()),
        target_ip: None,
        started_at: Some(at(from)),
        ended_at: to.map(at),
        duration: to.map(|to| SignedDuration::from_secs(to - from)),
    };
    SessionEvidence { facts, ended_at: to.map(at), keys: [JoinKey::fold("vm-user")].into(), is_native: false }
}

/// The session with another person.
pub fn with_person(person: &str, mut session: SessionEvidence) -> SessionEvidence {
    session.facts.user_email = Some(person.into());
    session
}

/// A failed login.
pub fn failed(tunnel: &str, when: i64) -> SessionEvidence {
    let mut failed = session(tunnel, when, Some(when));
    failed.facts.started_at = None;
    failed
}

/// A complete neighbourhood with an unread log, on a day without calibration.
pub fn near(recordings: Vec<RecordingEvidence>, sessions: Vec<SessionEvidence>) -> Neighbourhood {
    Neighbourhood { recordings, sessions, steps_read: usize::MAX, ..Neighbourhood::default() }
}

/// The neighbourhood on a day of live-written recordings: created up to 9 s after the start, last written up to 4 s
/// after the end.
pub fn live(near: Neighbourhood) -> Neighbourhood {
    let mut day = day();
    (0..10).for_each(|second| day.starts.add_many(second, 40));
    (0..5).for_each(|second| day.ends.add_many(second, 80));
    Neighbourhood { calibration: learned(&day), ..near }
}

/// The neighbourhood on a day of recordings uploaded one to two minutes after the end.
pub fn uploading(near: Neighbourhood) -> Neighbourhood {
    let mut day = DayCounts { at_once: 400, ..day() };
    (60..120).for_each(|second| day.uploads.add_many(second, 7));
    Neighbourhood { calibration: learned(&day), ..near }
}

/// 400 recordings of 100 names, each with its session in the log.
fn day() -> DayCounts {
    let mut day = DayCounts { recordings: 400, names: 100, sessions: 400, ..DayCounts::default() };
    for minute in 0..400 {
        day.recordings_alone.add(at(minute * 60), true);
        day.sessions_alone.add(at(minute * 60), true);
    }
    day
}

fn learned(day: &DayCounts) -> Arc<Calibration> {
    Arc::new(Calibration::learn(day, [], Gates::from_rules(&MatchingRules::default())))
}

/// The neighbourhood with a log that was read up to `second` and has records of that time.
pub fn read_to(second: i64, near: Neighbourhood) -> Neighbourhood {
    Neighbourhood {
        log: Some(LogRead { read_from: at(-HOUR), read_to: at(second), newest_record: at(second) }),
        ..near
    }
}

pub fn judged(subject: &RecordingEvidence, near: &Neighbourhood) -> Match {
    let matching = MatchingRules::default();
    let verdict = judge(subject, near, &matching);
    // Judging and weighing at once gives the same result as one after the other.
    let reasoning = match_reasoning(subject, near, &matching, &verdict);
    assert_eq!(judge_with_reasoning(subject, near, &matching), (verdict.clone(), reasoning));
    verdict.owned()
}

pub fn stands(subject: &SessionEvidence, near: &Neighbourhood) -> RecordingCoverage {
    recording_coverage(subject, near, &MatchingRules::default())
}

/// Session named by the verdict.
pub fn named(verdict: &Match) -> Option<&str> {
    verdict.session().map(|session| session.tunnel_id.as_str())
}

/// Candidates of the verdict.
pub fn candidates(verdict: &Match) -> Vec<&str> {
    match verdict {
        Match::Ambiguous { candidates, .. } => {
            candidates.iter().map(|candidate| candidate.session.tunnel_id.as_str()).collect()
        }
        _ => Vec::new(),
    }
}
