//! Writes an entry's tags to its blob.

use domain::policy::tags::plan;
use domain::record::catalogue::Entry;
use domain::record::effect::EffectOutcome;
use domain::record::tags::{HOLD, Merged, NO_HOLD, TagSet, UNKNOWN_HOLD, merge};

use crate::effects::CarryOutEffects;
use crate::ports::{Fault, TagWrite};

/// Attempts if others write tags at the same time, before a sweep retries.
const TRIES: usize = 4;

/// Result of one attempt to write tags.
pub(crate) enum TagsTried {
    /// The tags match the entry, or the content is gone.
    Done(EffectOutcome),
    /// The tags changed meanwhile and must be read again.
    Moved,
    /// The tags contain a foreign change, to be processed by the entry first. Nothing was written.
    Foreign,
}

impl CarryOutEffects {
    /// Makes the tags match the current entry.
    ///
    /// After placing a hold, callers rely on its tag, so a slow writer must not replace a newer tag with older data.
    /// Entries are saved before their tags are written. An entry loaded after the tags were read therefore covers
    /// everything in them, and storage detects any later tag write.
    ///
    /// Never overwrites a foreign change unknown to the entry: that change is saved and notified first.
    pub(crate) async fn write_tags(&self, entry: &Entry) -> Result<TagsTried, Fault> {
        for _ in 0..TRIES {
            let Some(read) = self.blobs.tags(&entry.address).await? else {
                return Ok(TagsTried::Done(EffectOutcome::ContentGone));
            };
            match self.try_write_tags(entry, &read).await? {
                TagsTried::Moved => {}
                tried => return Ok(tried),
            }
        }
        Err(Fault::transient(format!("tag blob {}", entry.address), "others kept writing its tags at the same time"))
    }

    async fn try_write_tags(&self, entry: &Entry, read: &TagSet) -> Result<TagsTried, Fault> {
        let merged = merge(read, &plan(entry));
        if merged.tags == *read {
            return Ok(TagsTried::Done(written(entry, merged)));
        }
        let loaded = self.catalogue.lives(&entry.address).await?;
        let Some(entry) = loaded.lives.entry(entry.id).filter(|entry| entry.state.is_there()) else {
            return Ok(TagsTried::Done(EffectOutcome::ContentGone));
        };
        let Some(observation) = &entry.life.observation else {
            return Ok(TagsTried::Done(EffectOutcome::ContentGone));
        };
        if entry.learns_from(read, self.time.now()) {
            return Ok(TagsTried::Foreign);
        }
        let mut merged = merge(read, &plan(entry));
        let is_whole = entry.custody.disposal.is_none() || read.hold().is_some() || merged.tags.hold() != Some(NO_HOLD);
        if !is_whole {
            // A write cannot be conditional on a missing tag. First write a hold tag to prevent deletion; the next
            // attempt replaces this tag conditionally.
            merged.tags.0.insert(HOLD.to_owned(), UNKNOWN_HOLD.to_owned());
        }
        let etag = &observation.properties.etag;
        Ok(match self.blobs.replace_tags(&entry.address, &merged.tags, etag, read).await? {
            TagWrite::Written if is_whole => TagsTried::Done(written(entry, merged)),
            TagWrite::ContentGone => TagsTried::Done(EffectOutcome::ContentGone),
            TagWrite::Written | TagWrite::TagsMoved => TagsTried::Moved,
        })
    }
}

/// Builds the result for tags matching the entry.
fn written(entry: &Entry, merged: Merged) -> EffectOutcome {
    let Some(observation) = &entry.life.observation else {
        return EffectOutcome::ContentGone;
    };
    let etag = observation.properties.etag.clone();
    EffectOutcome::TagsWritten { etag, plan: plan(entry), tags: merged.tags, left_out: merged.left_out }
}
