//! Checks tags against the limits of storage.

use thiserror::Error;

use super::{TAGS_PER_BLOB, TagError, TagKey, TagSet, TagValue};

/// Reason why storage would refuse a set of tags.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TagsRefused {
    /// More tags than a blob can carry.
    #[error("a blob carries at most {TAGS_PER_BLOB} tags, these are {0}")]
    TooMany(usize),
    /// A key or value is not allowed.
    #[error(transparent)]
    Text(#[from] TagError),
}

impl TagSet {
    /// Checks number, lengths and alphabet as storage does. Returns an error for the first violation.
    pub fn check(&self) -> Result<(), TagsRefused> {
        if self.0.len() > TAGS_PER_BLOB {
            return Err(TagsRefused::TooMany(self.0.len()));
        }
        for (key, value) in &self.0 {
            TagKey::parse(key)?;
            TagValue::parse(value)?;
        }
        Ok(())
    }
}
