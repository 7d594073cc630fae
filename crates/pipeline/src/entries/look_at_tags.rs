//! Compares the tags of a blob with its entry, and updates the entry with foreign changes.

use domain::decide::catalogue::EntryCommand;
use domain::record::catalogue::Entry;
use domain::record::tags::TagSet;
use futures_util::future::BoxFuture;

use crate::entries::UpdateEntries;
use crate::ports::Fault;

/// Attempts per lost race; after that, the next check retries.
const TRIES: usize = 4;

impl UpdateEntries {
    /// Reads a recording's tags and updates its entry if they differ. Returns true if the blob is gone or our tags must
    /// be written again.
    pub(crate) fn look_at_tags(&self, mut entry: Entry) -> BoxFuture<'_, Result<bool, Fault>> {
        Box::pin(async move {
            for _ in 0..TRIES {
                let seen = self.blobs.tags(&entry.address).await?;
                // A trouble with the tags ends with a look that finds them as planned.
                if seen.as_ref().is_some_and(|tags| self.agrees(&entry, tags)) && !entry.has_tag_trouble() {
                    return Ok(false);
                }
                let is_amiss = seen.as_ref().is_none_or(|tags| self.is_amiss_in(tags, &entry));
                let Some(loaded) = self.catalogue.lives_of(entry.id).await? else {
                    return Ok(false);
                };
                let Some(now) = loaded.lives.entry(entry.id) else {
                    return Ok(false);
                };
                let bastion = entry.bastion.clone();
                match seen {
                    // Tags read before the last save may predate the save.
                    Some(_) if now.revision != entry.revision => entry = now.clone(),
                    Some(seen) => {
                        let command = EntryCommand::TakeTags { seen, revision: entry.revision };
                        return self.command(loaded, &bastion, (entry.id, command)).await.map(|_| is_amiss);
                    }
                    None => {
                        return self.reconsider(loaded, &bastion, None).await.map(|_| is_amiss);
                    }
                }
            }
            Ok(false)
        })
    }

    /// Returns true if the entry needs no update for a blob with these tags.
    pub(crate) fn agrees(&self, entry: &Entry, tags: &TagSet) -> bool {
        entry.tags == *tags && !self.is_amiss_in(tags, entry)
    }

    /// Returns true if the blob lacks our last known tags. If no tags were written yet, their write is still pending.
    fn is_amiss_in(&self, seen: &TagSet, entry: &Entry) -> bool {
        let is_carried = entry.tagged.is_none() || seen.ours().eq(entry.tags.ours());
        !is_carried || entry.learns_from(seen, self.time.now())
    }
}
