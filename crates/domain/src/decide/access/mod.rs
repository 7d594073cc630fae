//! Announces accesses of recordings.

mod announce;

pub use announce::{AnnounceRules, access_notification, deletion_caller_facts};
