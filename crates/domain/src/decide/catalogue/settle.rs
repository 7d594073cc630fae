//! Computes when a recording counts as settled, final or stale.

use jiff::{SignedDuration, Timestamp};

use super::vanish::gives_up_at;
use crate::decide::context::{Context, Rules};
use crate::record::catalogue::{Entry, RecordingState};

/// Wait before an unreadable blob is read again.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// Returns when a content last written at `last_modified` settles.
pub(super) fn settles_at(last_modified: Timestamp, rules: &Rules) -> Timestamp {
    last_modified.saturating_add(rules.settle_after).unwrap_or(last_modified)
}

/// Returns when a recording created at `created_at` exceeds the longest active time.
pub(super) fn overdue_at(created_at: Timestamp, rules: &Rules) -> Timestamp {
    created_at.saturating_add(rules.active_at_most).unwrap_or(created_at)
}

/// Returns when a recording becomes final: after the trusted end of its session, else after the longest active time.
pub(super) fn closes_at(entry: &Entry, rules: &Rules) -> Option<Timestamp> {
    let session_end = entry.session_end(rules.matching.tolerances()).trusted();
    let closed = session_end.and_then(|at| at.saturating_add(rules.matching.end_tolerance).ok());
    closed.or_else(|| entry.created_at().map(|at| overdue_at(at, rules)))
}

/// Returns when the entry may next change without an event.
///
/// `looked` is true if the blob's properties have just been read.
pub(super) fn wakes_at(entry: &Entry, looked: bool, context: &Context<'_>) -> Option<Timestamp> {
    let (now, rules) = (context.now, context.rules);
    // This holds for missing blobs too: events received since may be about another blob.
    if !looked {
        return now.saturating_add(LOOK_AGAIN).ok();
    }
    let settles = || entry.life.last_modified().filter(|_| entry.life.has_content()).map(|at| settles_at(at, rules));
    let by_state = match entry.state {
        RecordingState::Missing => gives_up_at(entry).filter(|at| *at > now),
        RecordingState::Deleted | RecordingState::Expiring => None,
        // For an overdue empty blob, only an event or a listing of the container brings news.
        RecordingState::Active => {
            let overdue = entry.created_at().map(|at| overdue_at(at, rules));
            settles().into_iter().chain(overdue).filter(|at| *at > now).min()
        }
        RecordingState::Settled if entry.final_at.is_some() => None,
        RecordingState::Settled => closes_at(entry, rules),
    };
    by_state.into_iter().chain(asks_at(entry, context)).min()
}

/// Returns when to search for the session: as scheduled, or soon if the neighbourhood could not be read.
fn asks_at(entry: &Entry, context: &Context<'_>) -> Option<Timestamp> {
    if entry.wants_session(context.now) && context.estate.reads_log_of(&entry.bastion) {
        return context.now.saturating_add(LOOK_AGAIN).ok();
    }
    entry.match_state.ask_at
}
