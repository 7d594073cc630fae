//! What storage refuses to write as tags.

use domain::tags::{TAGS_PER_BLOB, TagError, TagKey, TagSet, TagValue};
use thiserror::Error;

/// Why storage would not take a set of tags.
#[derive(Debug, Error)]
pub(crate) enum TagsRefused {
    #[error("a blob carries at most {TAGS_PER_BLOB} tags, these are {0}")]
    TooMany(usize),
    #[error(transparent)]
    Text(#[from] TagError),
}

/// Checks number, lengths and alphabet as storage does.
pub(crate) fn check(tags: &TagSet) -> Result<(), TagsRefused> {
    if tags.0.len() > TAGS_PER_BLOB {
        return Err(TagsRefused::TooMany(tags.0.len()));
    }
    for (key, value) in &tags.0 {
        TagKey::parse(key)?;
        TagValue::parse(value)?;
    }
    Ok(())
}
