//! The judgement on one session: whether there is a recording of it.

use std::borrow::Borrow;

use super::ball::Ball;
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
    let Some(worth) = competing.get(&0) else {
        return Standing::Unrecorded;
    };
    if *worth >= CLEAR {
        return Standing::Recorded;
    }
    let spare = competing.iter().filter(|(at, worth)| ball.is_logged_in(**at) && **worth < CLEAR);
    let mut spare: Vec<&Attended> = spare.map(|(at, _)| ball.sessions[*at]).collect();
    // The first one speaks for all, and one that goes on says nothing.
    spare.sort_by_key(|session| {
        let goes_on = session.facts.started_at.is_none() || session.ended_at.is_none();
        (goes_on, &session.facts.tunnel_id)
    });
    Standing::OneOf(spare.into_iter().map(|session| session.facts.tunnel_id.clone()).collect())
}
