//! The blob's tags come to show the entry.

use domain::catalogue::{Done, Entry};
use domain::tags::{HOLD, Merged, NO_HOLD, TagSet, UNKNOWN_HOLD, merge, plan};

use crate::archivist::Archivist;
use crate::ports::{Fault, TagWrite};

/// How often tags are read and written anew where others write them, too; then that is left to a sweep.
const TRIES: usize = 4;

/// What came of one try to write tags.
pub(crate) enum TagsTried {
    /// The tags show the entry, or its content is gone.
    Done(Done),
    /// The tags say something else by now; read them anew.
    Moved,
    /// They hold a change of somebody else that the entry has to take in first. Nothing was written.
    Foreign,
}

impl Archivist {
    /// Makes the tags show the entry, as it is when they are written.
    ///
    /// Whoever was told that a recording is held relies on its tag, so a slow writer must not put what it knew earlier
    /// over a newer tag. An entry is saved before its tags are written: one that is loaded after the tags were read knows
    /// of all that they say, and of what is said after that, storage tells.
    ///
    /// Writes nothing over a change that somebody else made and the entry does not know of: that is saved and told first.
    pub(crate) async fn write_tags(&self, entry: &Entry) -> Result<TagsTried, Fault> {
        for _ in 0..TRIES {
            let Some(read) = self.ports.blobs.tags(&entry.address).await? else {
                return Ok(TagsTried::Done(Done::ContentGone));
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
        let loaded = self.ports.catalogue.lives(&entry.address).await?;
        let Some(entry) = loaded.lives.entry(entry.id).filter(|entry| entry.state.is_there()) else {
            return Ok(TagsTried::Done(Done::ContentGone));
        };
        let Some(sighting) = &entry.life.sighting else {
            return Ok(TagsTried::Done(Done::ContentGone));
        };
        if entry.learns_from(read, self.now()) {
            return Ok(TagsTried::Foreign);
        }
        let mut merged = merge(read, &plan(entry));
        let is_whole = entry.custody.disposal.is_none() || read.hold().is_some() || merged.tags.hold() != Some(NO_HOLD);
        if !is_whole {
            // Storage cannot hold a write to a tag that is not there, so none is put over one that lets nothing go.
            merged.tags.0.insert(HOLD.to_owned(), UNKNOWN_HOLD.to_owned());
        }
        let etag = &sighting.properties.etag;
        Ok(match self.ports.blobs.replace_tags(&entry.address, &merged.tags, etag, read).await? {
            TagWrite::Written if is_whole => TagsTried::Done(written(entry, merged)),
            TagWrite::ContentGone => TagsTried::Done(Done::ContentGone),
            TagWrite::Written | TagWrite::TagsMoved => TagsTried::Moved,
        })
    }
}

/// The blob's tags are these, and show the entry.
fn written(entry: &Entry, merged: Merged) -> Done {
    let Some(sighting) = &entry.life.sighting else { return Done::ContentGone };
    let etag = sighting.properties.etag.clone();
    Done::TagsWritten { etag, plan: plan(entry), tags: merged.tags, left_out: merged.left_out }
}
