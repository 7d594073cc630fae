//! When a recording counts as settled, final or stale.

use jiff::{SignedDuration, Timestamp};

use super::context::Rules;
use super::entry::{Entry, State};

/// How soon to look again at a blob that could not be looked at.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// When a content last written at `last_modified` has rested long enough.
pub(super) fn settles_at(last_modified: Timestamp, rules: &Rules) -> Timestamp {
    last_modified.saturating_add(rules.settle_after).unwrap_or(last_modified)
}

/// When a recording created at `created_at` has been active for as long as one may be.
pub(super) fn overdue_at(created_at: Timestamp, rules: &Rules) -> Timestamp {
    created_at.saturating_add(rules.active_at_most).unwrap_or(created_at)
}

/// When time alone may next change the entry.
///
/// `looked` says whether the blob's properties have just been read.
pub(super) fn wakes_at(entry: &Entry, looked: bool, now: Timestamp, rules: &Rules) -> Option<Timestamp> {
    // Even where it was missing: what has been heard of it since may be another blob.
    if !looked {
        return now.saturating_add(LOOK_AGAIN).ok();
    }
    if matches!(entry.state, State::Missing | State::Deleted) {
        return None;
    }
    let overdue = entry.created_at().map(|at| overdue_at(at, rules));
    match entry.state {
        State::Active => {
            let has_content = entry.life.size().is_some_and(|size| size > 0);
            let settles = entry.life.last_modified().filter(|_| has_content).map(|at| settles_at(at, rules));
            // Of an empty content that is overdue only an event, or a listing of the container, brings news.
            settles.into_iter().chain(overdue).filter(|at| *at > now).min()
        }
        _ if entry.final_at.is_some() => None,
        _ => overdue,
    }
}
