//! What others have tagged a recording with, where a rule asks for it.

use domain::catalogue::Entry;

use crate::archivist::Archivist;
use crate::ports::Fault;

impl Archivist {
    /// The entry with the tags that its blob carries now, where a rule asks for tags and somebody else has changed them.
    /// Storage tells nobody of that, and the daily look may be a day ago.
    pub(super) async fn with_todays_tags(&self, entry: &Entry) -> Result<Option<Entry>, Fault> {
        let asks_tags = self.settings.rules.retention.as_ref().is_some_and(|policy| policy.asks_tags());
        if !asks_tags {
            return Ok(None);
        }
        let Some(there) = self.ports.blobs.tags(&entry.address).await? else {
            return Ok(None);
        };
        let tags = entry.tags.with_others_of(&there);
        Ok((tags != entry.tags).then(|| Entry { tags, ..entry.clone() }))
    }
}
