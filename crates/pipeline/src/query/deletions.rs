//! Query for recordings that retention deletes or asks to review next.

use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use futures_util::future::try_join;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};

use crate::hold::ShownHolds;
use crate::ports::{Catalogue, Checkpoints, Due, Fault};

/// Days ahead to look for recordings.
pub const FORESEEN_DAYS: i64 = 90;
/// Concurrent lookups of recordings.
const AT_ONCE: usize = 8;

/// Recordings without a legal hold that retention ends within [`FORESEEN_DAYS`], the next first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComingDeletions {
    /// Recordings warned about; deletion follows the end of their grace period, or an approval.
    pub in_grace: Vec<Entry>,
    /// Recordings not warned about yet.
    pub due: Vec<Entry>,
    /// True if more recordings wait: their grace period or last day is over.
    pub more_waiting: bool,
    /// True if more recordings follow whose grace period or last day is not over.
    pub more_coming: bool,
}

/// Reads `most` recordings whose grace period or last day is over, and the next `most` after them: a large plan that waits
/// must not hide recordings that a hold can still keep. Costs two reads, plus one per recording.
pub async fn coming_deletions(
    catalogue: &dyn Catalogue,
    checkpoints: &dyn Checkpoints,
    now: Timestamp,
    most: usize,
) -> Result<ComingDeletions, Fault> {
    let ahead = SignedDuration::from_hours(24 * FORESEEN_DAYS);
    let until = now.saturating_add(ahead).unwrap_or(Timestamp::MAX);
    let over = Due { at: now, id: RecordingId::first_at(Timestamp::MAX) };
    let ((waiting, more_waiting), (coming, more_coming)) =
        try_join(disposals(catalogue, now, None, most), disposals(catalogue, until, Some(&over), most)).await?;
    let holds = ShownHolds::read(checkpoints).await?;
    let lookups: Vec<_> = waiting.into_iter().chain(coming).map(|due| entry_of(catalogue, due)).collect();
    let entries: Vec<Option<Entry>> = stream::iter(lookups).buffered(AT_ONCE).try_collect().await?;
    // A hold placed just now is not applied to its entries yet.
    let entries = entries.into_iter().flatten().map(|entry| holds.on(entry)).filter(|entry| !entry.custody.is_held());
    let (in_grace, due) = entries.partition(|entry| entry.custody.disposal.is_some());
    Ok(ComingDeletions { in_grace, due, more_waiting, more_coming })
}

/// Returns the first recordings after `after`, and true if more follow until `until`.
async fn disposals(
    catalogue: &dyn Catalogue,
    until: Timestamp,
    after: Option<&Due>,
    most: usize,
) -> Result<(Vec<Due>, bool), Fault> {
    let mut due = catalogue.disposals(until, after, most + 1).await?;
    let has_more = due.len() > most;
    due.truncate(most);
    Ok((due, has_more))
}

async fn entry_of(catalogue: &dyn Catalogue, due: Due) -> Result<Option<Entry>, Fault> {
    let loaded = catalogue.lives_of(due.id).await?;
    Ok(loaded.and_then(|loaded| loaded.lives.entry(due.id).cloned()).filter(|entry| entry.disposal_at().is_some()))
}
