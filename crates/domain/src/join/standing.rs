//! The judgement on one session: whether there is a recording of it.

use std::borrow::Borrow;

use super::ball::Ball;
use super::judge::MORE_IF_NATIVE;
use super::matching::Matching;
use super::points::Points;
use super::reach::Middle;
use super::sides::{Attended, Neighbourhood, Recorded};
use crate::calibration::Gates;
use crate::session::TunnelId;

/// By how much the world must be likelier with a recording of a session than without one.
const CLEAR: Points = Points::whole(10);

/// What is known of the recording of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It has one, although it may not be known which.
    Recorded,
    /// One of these sessions has none; those of which start and end are known stand first.
    OneOf(Vec<TunnelId>),
    /// It has none.
    Unrecorded,
}

/// What is known of the recording of `subject`, which must not be in its neighbourhood once more.
pub fn standing<R: Borrow<Recorded>, A: Borrow<Attended>>(
    subject: &Attended,
    near: &Neighbourhood<R, A>,
    matching: &Matching,
) -> Standing {
    let ball = Ball::around(Middle::Session(subject), near, Gates::of(matching));
    let competing = ball.worths();
    let is_clear = |at: usize, worth: Points| worth >= clear(ball.sessions[at], matching);
    match competing.get(&0) {
        Some(worth) if is_clear(0, *worth) => return Standing::Recorded,
        Some(_) if !subject.is_native => {}
        _ => return Standing::Unrecorded,
    }
    let unclear = competing.iter().filter(|(at, worth)| ball.is_logged_in(**at) && !is_clear(**at, **worth));
    let unclear: Vec<usize> = unclear.map(|(at, _)| *at).collect();
    if !unclear.iter().any(|at| ball.can_go_without(*at)) {
        // There may be a recording for each of them.
        return Standing::Recorded;
    }
    match unclear[..] {
        // Every other one has a recording.
        [_] => Standing::Unrecorded,
        _ => one_of(unclear.into_iter().map(|at| ball.sessions[at]).collect()),
    }
}

/// How clear the recording of this session must be. That of a native client must be as clear as a name.
fn clear(session: &Attended, matching: &Matching) -> Points {
    if session.is_native {
        Points::whole(matching.lead) + MORE_IF_NATIVE
    } else {
        CLEAR
    }
}

fn one_of(mut spare: Vec<&Attended>) -> Standing {
    // The first one speaks for all, and one that goes on says nothing.
    spare.sort_by_key(|session| {
        let goes_on = session.facts.started_at.is_none() || session.ended_at.is_none();
        (goes_on, &session.facts.tunnel_id)
    });
    Standing::OneOf(spare.into_iter().map(|session| session.facts.tunnel_id.clone()).collect())
}
