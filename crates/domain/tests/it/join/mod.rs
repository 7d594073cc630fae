//! Tests the matching of sessions and recordings.

mod certainty;
mod clocks;
mod days;
mod gaps;
mod groups;
mod recordings;
mod sessions;
mod world;
