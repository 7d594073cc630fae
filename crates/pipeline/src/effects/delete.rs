//! Deletes recordings; no other code does.

use domain::policy::retention::Warrant;
use domain::record::catalogue::Entry;
use domain::record::effect::EffectOutcome;
use domain::record::retention::Spared;

use crate::effects::CarryOutEffects;
use crate::ports::{BlobDelete, Fault};

impl CarryOutEffects {
    /// Deletes the blob of an entry with a deletion order, if all conditions still hold. Returns an error if the clock
    /// is wrong or the holds cannot be read.
    ///
    /// Reads the holds here and not earlier, so a hold placed since the order wins. A hold placed from now on writes
    /// its tag before its caller gets a result, and storage compares the tag on the delete.
    pub(crate) async fn delete_blob(&self, entry: &Entry) -> Result<EffectOutcome, Fault> {
        let holds = self.holds.holds().await?;
        let seen = self.current_tags.with_todays_tags(entry).await?;
        let entry = seen.as_ref().unwrap_or(entry);
        let now = self.deletion_clock.trusted_now().await?;
        let warrant = match Warrant::prove(entry, &holds, self.rules.retention.as_deref(), now) {
            Ok(warrant) => warrant,
            Err(spared) => return Ok(EffectOutcome::Spared(spared)),
        };
        Ok(match self.blobs.delete(&warrant).await? {
            // If the blob is gone, an earlier try of this order deleted it, or an event will report another deletion.
            BlobDelete::Deleted | BlobDelete::Gone => EffectOutcome::BlobDeleted(Box::new(warrant.into_tombstone())),
            BlobDelete::Changed => EffectOutcome::Spared(Spared::Changed),
        })
    }
}
