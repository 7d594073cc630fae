//! Judges whether a session has a recording.

use std::borrow::Borrow;

use super::ball::Ball;
use super::judge::MORE_IF_NATIVE;
use super::pair::{Pair, may_show};
use super::reach::Middle;
use super::sides::{Neighbourhood, RecordingEvidence, SessionEvidence};
use crate::policy::join::{Gates, MatchingRules};
use crate::record::join::Points;
use crate::record::session::TunnelId;

/// Points by which the best assignment must be better with a recording of the session than without one.
const CLEAR: Points = Points::whole(10);

/// State of a session's recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordingCoverage {
    /// The session has a recording, although it may be unclear which.
    Recorded,
    /// One of these sessions has no recording; sessions with known start and end come first.
    OneOf(Vec<TunnelId>),
    /// The session has no recording.
    Unrecorded,
    /// No recording fits, but it is possible that one of the existing recordings shows the session: the clocks may be far
    /// apart, or a recording of its name fits no session at all.
    Unknown,
}

/// Judges whether `subject` has a recording. `near` must not contain `subject` again.
pub fn recording_coverage<R: Borrow<RecordingEvidence>, A: Borrow<SessionEvidence>>(
    subject: &SessionEvidence,
    near: &Neighbourhood<R, A>,
    matching: &MatchingRules,
) -> RecordingCoverage {
    match in_time(subject, near, matching) {
        RecordingCoverage::Recorded => RecordingCoverage::Recorded,
        _ if near.calibration.shifted.is_some() => RecordingCoverage::Unknown,
        coverage => coverage,
    }
}

/// Judges whether `subject` has a recording if the clocks agree.
fn in_time<R: Borrow<RecordingEvidence>, A: Borrow<SessionEvidence>>(
    subject: &SessionEvidence,
    near: &Neighbourhood<R, A>,
    matching: &MatchingRules,
) -> RecordingCoverage {
    let ball = Ball::around(Middle::Session(subject), near, Gates::from_rules(matching));
    let unrecorded =
        |of: &[usize]| match of.iter().any(|at| has_possible_recording(&ball, *at, Gates::from_rules(matching))) {
            true => RecordingCoverage::Unknown,
            false => RecordingCoverage::Unrecorded,
        };
    let competing = ball.worths();
    let is_clear = |at: usize, worth: Points| worth >= clear(ball.sessions[at], matching);
    match competing.get(&0) {
        Some(worth) if is_clear(0, *worth) => return RecordingCoverage::Recorded,
        Some(_) if !subject.is_native => {}
        _ if subject.is_native => return RecordingCoverage::Unrecorded,
        _ => return unrecorded(&[0]),
    }
    let unclear = competing.iter().filter(|(at, worth)| ball.is_logged_in(**at) && !is_clear(**at, **worth));
    let unclear: Vec<usize> = unclear.map(|(at, _)| *at).collect();
    if !unclear.iter().any(|at| ball.can_go_without(*at)) {
        // Each of them may have a recording.
        return RecordingCoverage::Recorded;
    }
    match unrecorded(&unclear) {
        // All other sessions have recordings.
        RecordingCoverage::Unrecorded if unclear.len() > 1 => {
            one_of(unclear.into_iter().map(|at| ball.sessions[at]).collect())
        }
        coverage => coverage,
    }
}

/// True if a recording of the name was created during the session or soon after it and fits no session. Its last write
/// may be later than the end of its session, its upload late, or its session closed without the log knowing when.
fn has_possible_recording(ball: &Ball<'_>, session: usize, gates: Gates) -> bool {
    let is_free = |recorded: &RecordingEvidence| {
        let mut others = ball.sessions.iter().enumerate().filter(|(at, _)| *at != session);
        !others.any(|(_, other)| Pair::compare(recorded, other, gates).is_some())
    };
    ball.recordings.iter().any(|recorded| may_show(recorded, ball.sessions[session], gates) && is_free(recorded))
}

/// Returns the points required for a clear recording. A native client needs as many as for a match.
fn clear(session: &SessionEvidence, matching: &MatchingRules) -> Points {
    if session.is_native {
        Points::whole(matching.lead) + MORE_IF_NATIVE
    } else {
        CLEAR
    }
}

fn one_of(mut spare: Vec<&SessionEvidence>) -> RecordingCoverage {
    // The first session represents the group, so sessions without a known start or end come last.
    spare.sort_by_key(|session| {
        let goes_on = session.facts.started_at.is_none() || session.ended_at.is_none();
        (goes_on, &session.facts.tunnel_id)
    });
    RecordingCoverage::OneOf(spare.into_iter().map(|session| session.facts.tunnel_id.clone()).collect())
}
