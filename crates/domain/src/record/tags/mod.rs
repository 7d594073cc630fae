//! Blob index tags: limits, our tags, and merging them with foreign tags.

mod guards;
mod limits;
mod merge;
mod text;

pub use limits::TagsRefused;
pub use merge::{Merged, PlannedTag, TagSet, merge};
pub use text::{TagError, TagKey, TagValue};

/// Largest number of tags on one blob.
pub const TAGS_PER_BLOB: usize = 10;

/// Key prefix of our tags.
pub const OUR_PREFIX: &str = "bsr-";

/// Key of the tag with the legal hold.
pub const HOLD: &str = "bsr-hold";

/// Value of [`HOLD`] if no hold covers the recording.
pub const NO_HOLD: &str = "none";

/// Value of [`HOLD`] until it is certain that no hold covers the recording. No person types it, so every other value
/// except [`NO_HOLD`] is a hold of somebody else.
pub const UNKNOWN_HOLD: &str = "archivist:unread";

/// Returns true if a value of [`HOLD`] keeps a recording.
pub fn is_hold(value: &str) -> bool {
    value != NO_HOLD && value != UNKNOWN_HOLD
}

/// Key of the tag with the retention class.
pub const CLASS: &str = "bsr-class";

/// Key of the tag with the state of a recording; `due` if the lifecycle policy may delete it.
pub const STATE: &str = "bsr-state";

/// Value of [`STATE`] if the lifecycle policy may delete the recording.
pub const DUE: &str = "due";

/// Keys of the tags behind a deletion by us or by the lifecycle policy. A writer may overwrite a value of these only
/// after reading it.
pub const GUARDS: [&str; 3] = [HOLD, CLASS, STATE];
