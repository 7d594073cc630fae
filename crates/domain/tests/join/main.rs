//! Tests the matching of sessions and recordings.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod certainty;
mod days;
mod gaps;
mod groups;
mod recordings;
mod sessions;
mod world;
