//! Transitions of a session: with new records, and after a review of its neighbourhood.
//!
//! Assumptions about the outside, each tested with its opposite:
//! - A live recording is created when its session begins; an uploaded one after its session, within [`UPLOADED_AFTER`].
//!   A bastion that uploads therefore creates nothing during sessions.
//! - Until a day has taught how the bastion writes, both ways are possible.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::announce::{announce, announce_burst};
use super::bursts::Burst;
use crate::decide::calibration::WayOfWriting;
use crate::decide::context::{Context, Rules, suppress_if_quiet};
use crate::decide::join;
use crate::policy::join::{UPLOADED_AFTER, UPLOADED_BEFORE};
use crate::record::effect::Effect;
use crate::record::notification::Event;
use crate::record::session::{BurstKey, Gap, GapCause, Records, Session, SessionEntry, SessionState};

/// Delay until the next review if the container has not been listed since the deadline.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(30);
/// Minimum time after the end of a session before its recording counts as missing: until then it may still be uploaded,
/// whatever the clocks show.
const COMES_WITHIN: SignedDuration = SignedDuration::from_secs(UPLOADED_BEFORE.as_secs() + UPLOADED_AFTER.as_secs());

/// Merges records into a session. Returns `None` if nothing changes.
pub fn merge_records(before: &SessionEntry, records: &Records, context: &Context<'_>) -> Option<SessionEntry> {
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
        // The result about the gap may be outdated.
        SessionState::Open | SessionState::Ended if next.has_gap() => Some(context.now),
        SessionState::Open | SessionState::Ended => {
            deadline(&session, context).filter(|_| next.gap.is_none()).map(|at| in_time(at, context))
        }
    };
    next.revision += 1;
    Some(next)
}

/// Result of reading a session's neighbourhood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// State of the recording. `None` if it cannot be determined, for example without a start.
    pub coverage: Option<join::RecordingCoverage>,
    /// True if the bastion's containers have been listed since the deadline.
    pub is_listed: bool,
    /// Creation time of the bastion's newest recording.
    pub newest_recording: Option<Timestamp>,
    /// Way in which the bastion writes recordings on the day of the session.
    pub writes: WayOfWriting,
    /// True if a matching recording is in the container of another bastion.
    pub is_elsewhere: bool,
    /// Bursts of which a failed login is part and which have not been notified, by key.
    pub bursts: BTreeMap<BurstKey, Burst>,
}

/// Applies a review to a session. Returns `None` if nothing changes.
pub fn review(before: &SessionEntry, seen: &Review, context: &Context<'_>) -> Option<SessionEntry> {
    let mut next = before.clone();
    next.set_right(context.now, context.rules);
    next.is_unclear = false;
    notify_bursts(&mut next, seen, context);
    if let Some(deadline) = deadline(&next.session(), context) {
        let is_over = deadline <= context.now;
        next.is_unclear = seen.coverage == Some(join::RecordingCoverage::Unknown) && !next.has_gap();
        let missing = match &seen.coverage {
            Some(join::RecordingCoverage::Unrecorded) => Some(cause(&next, seen, context)),
            Some(join::RecordingCoverage::OneOf(tunnels)) => Some(GapCause::OneOf(tunnels.clone())),
            Some(join::RecordingCoverage::Recorded | join::RecordingCoverage::Unknown) | None => None,
        };
        match missing {
            Some(cause) if is_over && seen.is_listed => open(&mut next, cause, seen, context),
            Some(_) if next.has_gap() => next.wake_at = None,
            Some(_) => next.wake_at = Some(in_time(deadline.max(later(context.now)), context)),
            // An open gap is neither confirmed nor closed. Learning the day again wakes the session.
            None if seen.coverage == Some(join::RecordingCoverage::Unknown) && next.has_gap() => next.wake_at = None,
            None => {
                close(&mut next, context);
                next.wake_at = Some(in_time(deadline, context)).filter(|_| !is_over);
            }
        }
    } else {
        close(&mut next, context);
        next.wake_at = None;
    }
    (next != *before).then(|| {
        suppress_if_quiet(&mut next.pending, &before.pending, context);
        next.revision += 1;
        next
    })
}

/// Returns the time at which an ended session without a recording is reported. `None` for any other session.
fn deadline(session: &Session, context: &Context<'_>) -> Option<Timestamp> {
    let ended_at = session.ended_by().filter(|_| session.state == SessionState::Ended)?;
    let started_at = session.facts.started_at?;
    let begun_at = started_at.min(session.end_written_at.unwrap_or(Timestamp::MAX));
    let wait = context.rules.matching.session_without_recording_after.max(COMES_WITHIN);
    ended_at.max(begun_at).saturating_add(wait).ok()
}

/// Returns the longest wait until the next review of a session.
pub fn longest_sleep(rules: &Rules) -> SignedDuration {
    rules.matching.session_without_recording_after.max(LOOK_AGAIN).max(COMES_WITHIN)
}

/// Caps a time from the log at the longest wait, so any longer wait is known to be wrong.
fn in_time(at: Timestamp, context: &Context<'_>) -> Timestamp {
    at.min(context.now.saturating_add(longest_sleep(context.rules)).unwrap_or(Timestamp::MAX))
}

fn later(now: Timestamp) -> Timestamp {
    now.saturating_add(LOOK_AGAIN).unwrap_or(now)
}

fn open(next: &mut SessionEntry, cause: GapCause, seen: &Review, context: &Context<'_>) {
    next.wake_at = None;
    // The first of several sessions reports for all of them.
    let is_first = match &cause {
        GapCause::OneOf(tunnels) => tunnels.first() == Some(&next.id.tunnel),
        _ => true,
    };
    let found_at = next.gap.as_ref().filter(|gap| gap.closed_at.is_none()).map_or(context.now, |gap| gap.found_at);
    // People were told that an earlier gap is over, so this one is news. The first one has the same id at any time.
    let occurrence = if next.announced.contains(&Event::SessionUnrecordedResolved) {
        found_at.to_string()
    } else {
        String::new()
    };
    let stopped = cause == GapCause::RecordingOff;
    next.gap = Some(Gap { found_at, cause, closed_at: None });
    if is_first && next.announced.insert(Event::SessionUnrecorded) {
        let notification = announce(next, Event::SessionUnrecorded, &occurrence, context);
        next.pending.push(Effect::Notify(notification).pending(context.now));
    }
    if stopped && next.announced.insert(Event::BastionRecordingStopped) {
        // Equal for all sessions since then, so people are notified once.
        let since = seen.newest_recording.map(|at| at.to_string()).unwrap_or_default();
        let notification = super::announce::announce_stop(next, &since, context);
        next.pending.push(Effect::Notify(notification).pending(context.now));
    }
}

fn close(next: &mut SessionEntry, context: &Context<'_>) {
    let Some(gap) = next.gap.as_mut().filter(|gap| gap.closed_at.is_none()) else {
        return;
    };
    gap.closed_at = Some(context.now);
    let occurrence = gap.found_at.to_string();
    if next.announced.remove(&Event::SessionUnrecorded) {
        next.announced.insert(Event::SessionUnrecordedResolved);
        let notification = announce(next, Event::SessionUnrecordedResolved, &occurrence, context);
        next.pending.push(Effect::Notify(notification).pending(context.now));
    }
}

fn cause(entry: &SessionEntry, seen: &Review, context: &Context<'_>) -> GapCause {
    let session = entry.session();
    let written_at = written_at(&session, seen.writes);
    let after = |limit: Timestamp| written_at.is_some_and(|at| at >= limit);
    let tolerance = context.rules.matching.start_tolerance;
    let silent_since = |newest: Timestamp| newest.saturating_add(tolerance).unwrap_or(newest);
    if session.is_native {
        GapCause::NativeClient
    } else if seen.is_elsewhere {
        GapCause::ContainerMismatch
    } else if context.estate.access_expires(&entry.id.bastion).is_some_and(after) {
        GapCause::AccessExpired
    } else if seen.newest_recording.is_none_or(|newest| after(silent_since(newest))) {
        GapCause::RecordingOff
    } else {
        GapCause::Unknown
    }
}

/// Returns the time at which the bastion had to begin writing the recording: the session's start, or its end if it
/// uploads. If both are possible, the earlier one, because any later recording proves that recording works in either
/// way.
fn written_at(session: &Session, writes: WayOfWriting) -> Option<Timestamp> {
    let started_at = session.facts.started_at;
    match writes {
        WayOfWriting::AtEnd => session.ended_by().max(started_at),
        WayOfWriting::Live | WayOfWriting::Both | WayOfWriting::Unknown => started_at,
    }
}

/// Notifies each burst once, even if its logins share several of person, client and machine. Bursts that share only
/// part of their logins are notified separately.
fn notify_bursts(next: &mut SessionEntry, seen: &Review, context: &Context<'_>) {
    let is_unreported = |(key, _): &(&BurstKey, &Burst)| !next.notified_bursts.contains(key.kind());
    let mut untold: Vec<(&BurstKey, &Burst)> = seen.bursts.iter().filter(is_unreported).collect();
    // Largest burst first; for equal sizes, the first key.
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
        next.pending.extend(notification.map(|notification| Effect::Notify(notification).pending(context.now)));
        next.notified_bursts.extend(within.iter().map(|(key, _)| key.kind().to_owned()));
        untold = others;
    }
}
