//! Blob index tags: what may be written, what we write, and how it joins what others wrote.

mod limits;
mod merge;
mod plan;
mod text;

pub use limits::TagsRefused;
pub use merge::{Merged, TagSet, merge};
pub use plan::{PlannedTag, plan};
pub use text::{TagError, TagKey, TagValue};

/// The most tags that one blob can carry.
pub const TAGS_PER_BLOB: usize = 10;

/// The beginning of every tag key that is ours.
pub const OUR_PREFIX: &str = "bsr-";
