//! Reads current foreign tags for rules on tags.

use std::sync::Arc;

use domain::decide::context::Rules;
use domain::record::catalogue::Entry;

use crate::ports::{BlobStore, Fault};

/// Reads the tags that policy rules match on.
pub struct CurrentTags {
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) rules: Arc<Rules>,
}

impl CurrentTags {
    /// Returns the entry with the current tags of its blob, if a rule tests tags and they differ from the known ones.
    /// Storage raises no event for tags, and the daily check may be a day old.
    pub(crate) async fn with_todays_tags(&self, entry: &Entry) -> Result<Option<Entry>, Fault> {
        let asks_tags = self.rules.retention.as_ref().is_some_and(|policy| policy.asks_tags());
        if !asks_tags {
            return Ok(None);
        }
        let Some(there) = self.blobs.tags(&entry.address).await? else {
            return Ok(None);
        };
        Ok((there != entry.tags).then(|| Entry { tags: there, ..entry.clone() }))
    }
}
