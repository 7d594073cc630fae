//! Stores a person's review of a recording.
//!
//! Assumption, tested with its opposite: others change the entry at the same time. As with any change, the review is
//! decided on the current entry and saved with a conditional write.

use std::sync::Arc;

use domain::decide::catalogue::{EntryCommand, ReviewRefusal, ReviewSubmission};
use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use futures_util::future::BoxFuture;

use crate::entries::UpdateEntries;
use crate::ports::{Catalogue, Fault};

/// Result of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// Entry after the review.
    pub entry: Entry,
    /// False if the last review of the recording was the same.
    pub is_changed: bool,
}

/// Reason to refuse a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotMarked {
    /// The catalogue has no such recording.
    UnknownRecording,
    /// The entry refuses the review.
    Refused(ReviewRefusal),
}

/// Stores reviews of recordings.
pub struct MarkReview {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) entries: Arc<UpdateEntries>,
}

impl MarkReview {
    /// Stores a review. Repeating the last one changes nothing. Returns an error if others keep changing the entry.
    pub fn mark<'a>(
        &'a self,
        id: RecordingId,
        submitted: &'a ReviewSubmission,
    ) -> BoxFuture<'a, Result<Result<Marked, NotMarked>, Fault>> {
        Box::pin(async move {
            let Some(loaded) = self.catalogue.lives_of(id).await? else {
                return Ok(Err(NotMarked::UnknownRecording));
            };
            let Some(before) = loaded.lives.entry(id).cloned() else {
                return Ok(Err(NotMarked::UnknownRecording));
            };
            let command = EntryCommand::Review(submitted.clone());
            let changed = self.entries.command(loaded, &before.bastion, (id, command)).await?;
            // Without a change, another writer may have saved the same review, or a reason to refuse it.
            let current = match changed {
                Some(entry) => entry,
                None => self.current(id).await?.unwrap_or_else(|| before.clone()),
            };
            if current.has_review(submitted) {
                let is_changed = current.reviews.last() != before.reviews.last();
                return Ok(Ok(Marked { entry: current, is_changed }));
            }
            match current.refuses_review(&submitted.by) {
                Some(refusal) => Ok(Err(NotMarked::Refused(refusal))),
                None => Err(Fault::transient(format!("store the review of {id}"), "another review came in between")),
            }
        })
    }

    async fn current(&self, id: RecordingId) -> Result<Option<Entry>, Fault> {
        Ok(self.catalogue.lives_of(id).await?.and_then(|loaded| loaded.lives.entry(id).cloned()))
    }
}
