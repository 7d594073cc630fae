//! A blob that is not there any more, and of whose delete nobody has told.

use jiff::{SignedDuration, Timestamp};

use super::advance::Standing;
use super::entry::Entry;

/// How long a delete may still be told of: the platform gives an event up after a day.
pub(super) const TOLD_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// Takes note of when the blob of a final recording was first found to be gone. Of one whose name another blob has taken,
/// a delete that was lost says nothing new.
pub(super) fn note_absence(entry: &mut Entry, standing: Standing, now: Timestamp) {
    let since = entry.custody.missing_since;
    entry.custody.missing_since = match standing {
        Standing::Gone if entry.final_at.is_some() => since.or(Some(now)),
        Standing::Gone | Standing::NotRead | Standing::Deleted => since,
        Standing::Present | Standing::Superseded => None,
    };
}

/// When a blob that is missing counts as deleted, whoever did it.
pub(super) fn gives_up_at(entry: &Entry) -> Option<Timestamp> {
    entry.custody.missing_since?.saturating_add(TOLD_WITHIN).ok()
}

/// Whether nobody will tell of its delete any more.
pub(super) fn is_given_up(entry: &Entry, now: Timestamp) -> bool {
    gives_up_at(entry).is_some_and(|at| at <= now)
}
