//! Detects missing blobs without a delete event.

use jiff::{SignedDuration, Timestamp};

use super::advance::LifePosition;
use crate::record::catalogue::Entry;

/// Time within which a delete event can still arrive: Event Grid gives up an event after one day.
pub(super) const NOTIFIED_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// Stores when the blob of a final recording was first found missing. If another blob took the name, a lost delete adds
/// no information.
pub(super) fn note_absence(entry: &mut Entry, position: LifePosition, now: Timestamp) {
    let since = entry.custody.missing_since;
    entry.custody.missing_since = match position {
        LifePosition::Gone if entry.final_at.is_some() => since.or(Some(now)),
        LifePosition::Gone | LifePosition::NotRead | LifePosition::Deleted => since,
        LifePosition::Present | LifePosition::Superseded => None,
    };
}

/// Returns when a missing blob counts as deleted.
pub(super) fn gives_up_at(entry: &Entry) -> Option<Timestamp> {
    entry.custody.missing_since?.saturating_add(NOTIFIED_WITHIN).ok()
}

/// Returns true if no delete event can arrive any more.
pub(super) fn is_given_up(entry: &Entry, now: Timestamp) -> bool {
    gives_up_at(entry).is_some_and(|at| at <= now)
}
