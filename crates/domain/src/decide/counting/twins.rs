//! Counts how often two people begin or end at the same time under one name.

use jiff::SignedDuration;

use crate::decide::calibration::DayCounts;
use crate::decide::calibration::twins::SHORT;
use crate::decide::join::{NameIndex, SessionEvidence};
use crate::record::session::TimeSpan;

/// Sessions whose starts and ends each differ by at most this are twins.
const TWINS: SignedDuration = SignedDuration::from_secs(30);

/// Outer bound of the region of chance: starts and ends each differ by more than [`TWINS`] and at most this. Four times
/// the size of the region of twins.
const TWINS_BY_CHANCE: SignedDuration = SignedDuration::from_secs(90);

/// Sessions whose ends differ by at most this have twin ends.
const TWIN_ENDS: SignedDuration = SignedDuration::from_secs(120);

/// Outer bound of the region of chance for ends: twice the size of the region of twin ends.
const TWIN_ENDS_BY_CHANCE: SignedDuration = SignedDuration::from_secs(360);

/// Counts a session, and whether another person's session lies beside it.
pub(super) fn count(session: &SessionEvidence, index: &NameIndex<'_>, counts: &mut DayCounts) {
    let (Some(start), Some(end)) = (session.facts.started_at, session.ended_at) else {
        return;
    };
    let others = index.ended_within(&session.keys, TimeSpan::around(end, TWIN_ENDS_BY_CHANCE));
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

/// True unless both sessions are known to be of the same person.
fn is_other_person(one: &SessionEvidence, other: &SessionEvidence) -> bool {
    if one.facts.tunnel_id == other.facts.tunnel_id {
        return false;
    }
    match (&one.facts.user_email, &other.facts.user_email) {
        (Some(one), Some(other)) => !one.eq_ignore_ascii_case(other),
        _ => true,
    }
}
