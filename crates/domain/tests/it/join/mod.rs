//! Tests the matching of sessions and recordings.

mod certainty;
mod days;
mod gaps;
mod groups;
mod recordings;
mod sessions;
mod world;
