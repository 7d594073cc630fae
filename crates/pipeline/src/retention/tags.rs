//! Reads current foreign tags for rules on tags.

use domain::catalogue::Entry;

use crate::archivist::Archivist;
use crate::ports::Fault;

impl Archivist {
    /// Returns the entry with the current tags of its blob, if a rule tests tags and they differ from the known ones.
    /// Storage raises no event for tags, and the daily check may be a day old.
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
