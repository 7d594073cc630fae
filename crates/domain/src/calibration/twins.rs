//! How often two people begin or end at the same time under one name, more often than chance would have it.

use jiff::SignedDuration;

use super::counts::{DayCounts, Near};
use crate::join::{Attended, NameIndex};
use crate::session::Span;

/// Two that begin and end within this of each other are twins.
const TWINS: SignedDuration = SignedDuration::from_secs(30);
/// Two that begin and end farther apart, but within this, are so by chance: a region of four times the size.
const TWINS_BY_CHANCE: SignedDuration = SignedDuration::from_secs(90);
/// Two that end within this of each other have twin ends.
const TWIN_ENDS: SignedDuration = SignedDuration::from_secs(120);
/// Two that end farther apart, but within this, do so by chance: a region of twice the size.
const TWIN_ENDS_BY_CHANCE: SignedDuration = SignedDuration::from_secs(360);

/// Sessions that last so long at most are counted apart.
pub(super) const SHORT: SignedDuration = SignedDuration::from_mins(1);

/// As many sessions as what is usual counts for.
const BEFORE: f64 = 20.0;

/// How much larger the region of chance is.
pub(super) const TWINS_WIDER: f64 = 4.0;
/// The same of ends.
pub(super) const TWIN_ENDS_WIDER: f64 = 2.0;
/// The size of the region of twins, in seconds of start times seconds of end.
pub(super) const TWINS_REGION: f64 = 3600.0;
/// The size of the region of twin ends, in seconds.
pub(super) const TWIN_ENDS_REGION: f64 = 240.0;

/// Counts a session, and whether it has another person's session beside it.
pub(super) fn count(session: &Attended, index: &NameIndex<'_>, counts: &mut DayCounts) {
    let (Some(start), Some(end)) = (session.facts.started_at, session.ended_at) else {
        return;
    };
    let others = index.ended_within(&session.keys, Span::around(end, TWIN_ENDS_BY_CHANCE));
    let others = others.into_iter().map(|at| &index.sessions[at]).filter(|other| is_other_person(session, other));
    let (mut is_twin, mut by_chance, mut ends, mut ends_by_chance) = (false, false, false, false);
    for other in others {
        let ended = other.ended_at.map_or(TWIN_ENDS_BY_CHANCE, |at| at.duration_since(end).abs());
        ends |= ended <= TWIN_ENDS;
        ends_by_chance |= ended > TWIN_ENDS;
        let begun = other.facts.started_at.map_or(SignedDuration::MAX, |at| at.duration_since(start).abs());
        is_twin |= ended <= TWINS && begun <= TWINS;
        let is_ring = |apart: SignedDuration| apart > TWINS && apart <= TWINS_BY_CHANCE;
        by_chance |= is_ring(ended) && is_ring(begun);
    }
    let is_short = end.duration_since(start) <= SHORT;
    for (count, is_so) in [
        (&mut counts.sessions, true),
        (&mut counts.twins.near, is_twin),
        (&mut counts.twins.farther, by_chance),
        (&mut counts.short_sessions, is_short),
        (&mut counts.short_twins.near, is_short && is_twin),
        (&mut counts.short_twins.farther, is_short && by_chance),
        (&mut counts.twin_ends.near, ends),
        (&mut counts.twin_ends.farther, ends_by_chance),
    ] {
        *count = count.saturating_add(u32::from(is_so));
    }
}

/// Whether two sessions are not known to be of one person.
fn is_other_person(one: &Attended, other: &Attended) -> bool {
    if one.facts.tunnel_id == other.facts.tunnel_id {
        return false;
    }
    match (&one.facts.user_email, &other.facts.user_email) {
        (Some(one), Some(other)) => !one.eq_ignore_ascii_case(other),
        _ => true,
    }
}

/// The share of sessions that have one near, beyond those that have by chance. `usual` counts for a few sessions of which
/// nothing else is known.
pub(super) fn share(near: Near, wider: f64, sessions: u32, usual: f64) -> f64 {
    let known = f64::from(sessions);
    let beyond_chance = (f64::from(near.near) - f64::from(near.farther) / wider).max(0.0);
    (beyond_chance + usual * BEFORE) / (known + BEFORE)
}
