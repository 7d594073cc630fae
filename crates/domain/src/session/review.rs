//! How a session goes on: with new records, and after a look at what is near it.
//!
//! Assumptions about the outside, each tested with its opposite:
//! - A recording that is written live is created when its session begins, one that is uploaded when its session is over,
//!   within [`UPLOADED_AFTER`]. So a bastion that uploads creates nothing while sessions go on.
//! - Until a day has taught how the bastion writes, it may do either.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::announce::{announce, announce_burst};
use super::assemble::{Session, SessionState};
use super::burst::{Burst, BurstKey};
use super::entry::SessionEntry;
use super::gap::{Cause, Gap};
use super::records::Records;
use crate::calibration::{UPLOADED_AFTER, UPLOADED_BEFORE, WayOfWriting};
use crate::catalogue::{Context, Effect, Rules};
use crate::join;
use crate::notification::Event;

/// How soon to look again where the container has not been listed since.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(30);
/// How soon after the end of its session a recording can be called missing: until then it may be uploaded, by any clock.
const COMES_WITHIN: SignedDuration = SignedDuration::from_secs(UPLOADED_BEFORE.as_secs() + UPLOADED_AFTER.as_secs());

/// The session with these records too. `None` where they say nothing new.
pub fn take_in(before: &SessionEntry, records: &Records, context: &Context<'_>) -> Option<SessionEntry> {
    let mut next = before.clone();
    next.set_right(context.now, context.rules);
    let right = next.clone();
    next.records.merge(records);
    let session = next.session();
    next.keys = context.rules.matching.naming.keys_of_session(&session.facts);
    if next == right {
        return (right != *before).then(|| SessionEntry { revision: right.revision + 1, ..right });
    }
    if next.pending.iter().all(|pending| pending.effect != Effect::Rejoin) {
        next.pending.push(Effect::Rejoin.pending(context.now));
    }
    next.wake_at = match session.state {
        SessionState::Failed => Some(context.now),
        // What is said of its gap may not hold any more.
        SessionState::Open | SessionState::Ended if next.has_gap() => Some(context.now),
        SessionState::Open | SessionState::Ended => {
            deadline(&session, context).filter(|_| next.gap.is_none()).map(|at| in_time(at, context))
        }
    };
    next.revision += 1;
    Some(next)
}

/// What a look at what is near a session showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// What is known of its recording. `None` where nothing can be known, as without a start.
    pub standing: Option<join::Standing>,
    /// Whether the bastion's containers have been listed since the deadline.
    pub is_listed: bool,
    /// When the bastion's newest recording was created.
    pub newest_recording: Option<Timestamp>,
    /// How the bastion writes recordings on the day of the session.
    pub writes: WayOfWriting,
    /// Whether a recording that fits is in the container of another bastion.
    pub is_elsewhere: bool,
    /// The bursts that a failed login belongs to and of which nobody was told, by whose they are.
    pub bursts: BTreeMap<BurstKey, Burst>,
}

/// The session after a look at what is near it.
pub fn review(before: &SessionEntry, seen: &Review, context: &Context<'_>) -> Option<SessionEntry> {
    let mut next = before.clone();
    next.set_right(context.now, context.rules);
    tell_bursts(&mut next, seen, context);
    if let Some(deadline) = deadline(&next.session(), context) {
        let missing = match &seen.standing {
            Some(join::Standing::Unrecorded) => Some(cause(&next, seen, context)),
            Some(join::Standing::OneOf(tunnels)) => Some(Cause::OneOf(tunnels.clone())),
            Some(join::Standing::Recorded) | None => None,
        };
        let is_over = deadline <= context.now;
        match missing {
            Some(cause) if is_over && seen.is_listed => open(&mut next, cause, seen, context),
            Some(_) if next.has_gap() => next.wake_at = None,
            Some(_) => next.wake_at = Some(in_time(deadline.max(later(context.now)), context)),
            None => {
                close(&mut next, context.now);
                next.wake_at = Some(in_time(deadline, context)).filter(|_| !is_over);
            }
        }
    } else {
        close(&mut next, context.now);
        next.wake_at = None;
    }
    (next != *before).then(|| {
        next.revision += 1;
        next
    })
}

/// When an ended session without a recording is reported. `None` for any other.
fn deadline(session: &Session, context: &Context<'_>) -> Option<Timestamp> {
    let ended_at = session.ended_by().filter(|_| session.state == SessionState::Ended)?;
    let started_at = session.facts.started_at?;
    let begun_at = started_at.min(session.end_written_at.unwrap_or(Timestamp::MAX));
    let wait = context.rules.matching.session_without_recording_after.max(COMES_WITHIN);
    ended_at.max(begun_at).saturating_add(wait).ok()
}

/// The longest that a session sleeps.
pub fn longest_sleep(rules: &Rules) -> SignedDuration {
    rules.matching.session_without_recording_after.max(LOOK_AGAIN).max(COMES_WITHIN)
}

/// What a log dates further ahead is looked at in between: so whatever waits longer is known to be wrong.
fn in_time(at: Timestamp, context: &Context<'_>) -> Timestamp {
    at.min(context.now.saturating_add(longest_sleep(context.rules)).unwrap_or(Timestamp::MAX))
}

fn later(now: Timestamp) -> Timestamp {
    now.saturating_add(LOOK_AGAIN).unwrap_or(now)
}

fn open(next: &mut SessionEntry, cause: Cause, seen: &Review, context: &Context<'_>) {
    next.wake_at = None;
    // One of several tells for all of them.
    let speaks = match &cause {
        Cause::OneOf(tunnels) => tunnels.first() == Some(&next.id.tunnel),
        _ => true,
    };
    let found_at = next.gap.as_ref().filter(|gap| gap.closed_at.is_none()).map_or(context.now, |gap| gap.found_at);
    let stopped = cause == Cause::RecordingOff;
    next.gap = Some(Gap { found_at, cause, closed_at: None });
    if speaks && next.announced.insert(Event::SessionUnrecorded) {
        let notification = announce(next, Event::SessionUnrecorded, "", context);
        next.pending.push(Effect::Notify(notification).pending(context.now));
    }
    if stopped && next.announced.insert(Event::BastionRecordingStopped) {
        // The same for all sessions since, so that people hear of it once.
        let since = seen.newest_recording.map(|at| at.to_string()).unwrap_or_default();
        let notification = super::announce::announce_stop(next, &since, context);
        next.pending.push(Effect::Notify(notification).pending(context.now));
    }
}

fn close(next: &mut SessionEntry, now: Timestamp) {
    if let Some(gap) = next.gap.as_mut().filter(|gap| gap.closed_at.is_none()) {
        gap.closed_at = Some(now);
    }
}

fn cause(entry: &SessionEntry, seen: &Review, context: &Context<'_>) -> Cause {
    let session = entry.session();
    let written_at = written_at(&session, seen.writes);
    let after = |limit: Timestamp| written_at.is_some_and(|at| at >= limit);
    let tolerance = context.rules.matching.start_tolerance;
    let silent_since = |newest: Timestamp| newest.saturating_add(tolerance).unwrap_or(newest);
    if session.is_native {
        Cause::NativeClient
    } else if seen.is_elsewhere {
        Cause::ContainerMismatch
    } else if context.estate.access_expires(&entry.id.bastion).is_some_and(after) {
        Cause::AccessExpired
    } else if seen.newest_recording.is_none_or(|newest| after(silent_since(newest))) {
        Cause::RecordingOff
    } else {
        Cause::Unknown
    }
}

/// When the bastion had to begin to write the recording of a session: at its start, or at its end if it uploads. Where
/// both may be, the earlier one, since what was recorded after that is a sign of life in either way of writing.
fn written_at(session: &Session, writes: WayOfWriting) -> Option<Timestamp> {
    let started_at = session.facts.started_at;
    match writes {
        WayOfWriting::AtEnd => session.ended_by().max(started_at),
        WayOfWriting::Live | WayOfWriting::Both | WayOfWriting::Unknown => started_at,
    }
}

/// Tells each burst once, however many of person, client and machine its logins have in common. Bursts that share only some
/// logins are told one by one.
fn tell_bursts(next: &mut SessionEntry, seen: &Review, context: &Context<'_>) {
    let is_untold = |(key, _): &(&BurstKey, &Burst)| !next.bursts_told.contains(key.kind());
    let mut untold: Vec<(&BurstKey, &Burst)> = seen.bursts.iter().filter(is_untold).collect();
    // The largest first, and of those that are as large the first key.
    untold.sort_by_key(|(_, burst)| std::cmp::Reverse(burst.tunnels.len()));
    while let Some((_, burst)) = untold.first().copied() {
        let (within, others): (Vec<_>, Vec<_>) =
            untold.into_iter().partition(|(_, other)| other.tunnels.iter().all(|one| burst.tunnels.contains(one)));
        let same: Vec<&BurstKey> = within
            .iter()
            .filter(|(_, other)| other.tunnels.len() == burst.tunnels.len())
            .map(|(key, _)| *key)
            .collect();
        let notification = announce_burst(next, &same, burst, context);
        next.pending.extend(notification.map(|told| Effect::Notify(told).pending(context.now)));
        next.bursts_told.extend(within.iter().map(|(key, _)| key.kind().to_owned()));
        untold = others;
    }
}
