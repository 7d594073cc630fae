//! Hashes the content of final recordings, in a function of its own because the time depends on the length.

use std::sync::Arc;

use domain::decide::catalogue::EntryCommand;
use domain::record::recording_id::RecordingId;
use domain::record::retention::Fingerprint;
use futures_util::future::BoxFuture;

use crate::entries::UpdateEntries;
use crate::ledger::hash_blob;
use crate::outcome::{Ignored, Outcome};
use crate::ports::{BlobStore, Catalogue, Fault, Queue};

/// Hashes the content of final recordings.
pub struct HashRecording {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) entries: Arc<UpdateEntries>,
}

impl HashRecording {
    /// Reads a final recording and stores the hash of its content.
    ///
    /// Returns an error if the blob cannot be read or the entry cannot be saved.
    pub fn hash_recording(&self, id: RecordingId) -> BoxFuture<'_, Result<Outcome, Fault>> {
        Box::pin(async move {
            let Some(loaded) = self.catalogue.lives_of(id).await? else {
                return Ok(Outcome::Ignored(Ignored::AlreadyKnown));
            };
            let Some(entry) = loaded.lives.entry(id).filter(|entry| entry.final_at.is_some() && entry.state.is_there())
            else {
                return Ok(Outcome::Ignored(Ignored::AlreadyKnown));
            };
            let (etag, address, bastion) = (entry.life.etag(), entry.address.clone(), entry.bastion.clone());
            if entry.custody.fingerprint.as_ref().map(|print| &print.etag) == etag.as_ref() {
                return Ok(Outcome::Ignored(Ignored::AlreadyKnown));
            }
            let Some(hashed) = hash_blob(&*self.blobs, &address, etag.as_ref()).await? else {
                // The content has changed or is gone. The updated entry requests a new hash if needed.
                return self.entries.reconsider(loaded, &bastion, None).await;
            };
            let print = Fingerprint::new(hashed.etag, hashed.size, hashed.sha256);
            // If others saved the name meanwhile, this save fails, and the decision is made again.
            let changed = self.entries.command(loaded, &bastion, (id, EntryCommand::Hashed(print))).await?;
            Ok(if changed.is_some() {
                Outcome::Applied
            } else {
                Outcome::Ignored(Ignored::AlreadyKnown)
            })
        })
    }
}
