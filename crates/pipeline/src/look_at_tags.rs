//! Compares the tags of a blob with its entry, and has the entry take in what somebody else changed.

use domain::catalogue::{Command, Entry};
use domain::tags::TagSet;
use futures_util::future::BoxFuture;

use crate::archivist::Archivist;
use crate::ports::Fault;

/// How often a lost race is run again; then the next look does it.
const TRIES: usize = 4;

impl Archivist {
    /// Reads the tags of a recording and takes in how they differ from what its entry knows. Returns whether the blob is
    /// gone or our tags on it have to be written again.
    pub(crate) fn look_at_tags(&self, mut entry: Entry) -> BoxFuture<'_, Result<bool, Fault>> {
        Box::pin(async move {
            for _ in 0..TRIES {
                let seen = self.ports.blobs.tags(&entry.address).await?;
                let is_amiss = seen.as_ref().is_none_or(|tags| self.is_amiss_in(tags, &entry));
                if !is_amiss && seen.as_ref() == Some(&entry.tags) {
                    return Ok(false);
                }
                let Some(loaded) = self.ports.catalogue.lives_of(entry.id).await? else {
                    return Ok(false);
                };
                let Some(now) = loaded.lives.entry(entry.id) else { return Ok(false) };
                let bastion = entry.bastion.clone();
                match seen {
                    // Tags that were read before the last save may be those of before it.
                    Some(_) if now.revision != entry.revision => entry = now.clone(),
                    Some(seen) => {
                        let command = Command::TakeTags { seen, revision: entry.revision };
                        return self.command(loaded, &bastion, (entry.id, command)).await.map(|_| is_amiss);
                    }
                    None => return self.reconsider(loaded, &bastion, None).await.map(|_| is_amiss),
                }
            }
            Ok(false)
        })
    }

    /// Whether a blob does not carry our tags as they were last known; if none were yet, they are on their way.
    fn is_amiss_in(&self, seen: &TagSet, entry: &Entry) -> bool {
        let is_carried = entry.tagged.is_none() || seen.ours().eq(entry.tags.ours());
        !is_carried || entry.learns_from(seen, self.now())
    }
}
