//! Blob index tags: what may be written, what we write, and how it joins what others wrote.

mod guards;
mod limits;
mod merge;
mod plan;
mod text;

pub use limits::TagsRefused;
pub use merge::{Merged, TagSet, merge};
pub use plan::{PlannedTag, hold_value, plan};
pub use text::{TagError, TagKey, TagValue};

/// The most tags that one blob can carry.
pub const TAGS_PER_BLOB: usize = 10;

/// The beginning of every tag key that is ours.
pub const OUR_PREFIX: &str = "bsr-";

/// The key of the tag that says whether a legal hold is on a recording.
pub const HOLD: &str = "bsr-hold";

/// What [`HOLD`] says where none is.
pub const NO_HOLD: &str = "none";

/// What [`HOLD`] says until it is certain that none is.
pub const UNKNOWN_HOLD: &str = "unknown";

/// Whether a value of [`HOLD`] holds a recording.
pub fn is_hold(value: &str) -> bool {
    value != NO_HOLD && value != UNKNOWN_HOLD
}

/// The key of the tag with the retention class.
pub const CLASS: &str = "bsr-class";

/// The key of the tag that says how far a recording has come; `due` where the platform may delete it.
pub const STATE: &str = "bsr-state";

/// What [`STATE`] says where the platform may delete a recording.
pub const DUE: &str = "due";

/// The keys of the tags that a deletion is held to, by us or by the platform: whoever writes one over another must have
/// read that one.
pub const GUARDS: [&str; 3] = [HOLD, CLASS, STATE];
