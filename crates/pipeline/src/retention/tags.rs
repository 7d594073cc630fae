//! What others have tagged a recording with, where a rule asks for it.

use domain::catalogue::Entry;

use crate::archivist::Archivist;
use crate::ports::Fault;

impl Archivist {
    /// Returns the entry with the tags that its blob carries now, if a rule asks for tags and they are not those last known.
    /// Storage raises no event for tags, and the daily look may be a day ago.
    pub(super) async fn with_todays_tags(&self, entry: &Entry) -> Result<Option<Entry>, Fault> {
        let asks_tags = self.settings.rules.retention.as_ref().is_some_and(|policy| policy.asks_tags());
        if !asks_tags {
            return Ok(None);
        }
        let Some(there) = self.ports.blobs.tags(&entry.address).await? else {
            return Ok(None);
        };
        Ok((there != entry.tags).then(|| Entry { tags: there, ..entry.clone() }))
    }
}
