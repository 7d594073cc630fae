//! The one place that deletes a recording.

use domain::catalogue::{Done, Entry};
use domain::retention::{Spared, Warrant};

use crate::archivist::Archivist;
use crate::ports::{BlobDelete, Fault};

impl Archivist {
    /// Deletes the blob of an entry whose deletion was decided, if everything still speaks for it.
    ///
    /// The holds are read here and not earlier: a hold that was placed since wins. One that is placed from now on has its
    /// tag written before whoever places it is told, and storage compares the tag.
    pub(crate) async fn delete_blob(&self, entry: &Entry) -> Result<Done, Fault> {
        let holds = self.holds().await?;
        let seen = self.with_todays_tags(entry).await?;
        let entry = seen.as_ref().unwrap_or(entry);
        let now = self.trusted_now().await?;
        let warrant = match Warrant::prove(entry, &holds, self.settings.rules.retention.as_deref(), now) {
            Ok(warrant) => warrant,
            Err(spared) => return Ok(Done::Spared(spared)),
        };
        Ok(match self.ports.blobs.delete(&warrant).await? {
            // Where none was there, an earlier try of this very deletion was, or an event will tell of somebody else's.
            BlobDelete::Deleted | BlobDelete::Gone => Done::BlobDeleted(Box::new(warrant.into_tombstone())),
            BlobDelete::Changed => Done::Spared(Spared::Changed),
        })
    }
}
