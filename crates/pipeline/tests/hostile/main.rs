//! Weeks of an archive in a hostile world: logs with malformed times and junk, events that lie, clocks that jump, tags that
//! others write, holds of every kind, a wrong store. Nothing goes that its own creation date, a hold or a date forbids, and
//! in the end everything goes that may.
//!
//! The truth shares no code with the archivist. As many worlds are played as `PROPTEST_CASES` says.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod act;
mod elements;
mod guards;
mod holds;
mod log;
mod play;
mod policy;
mod storage;
mod strategy;
mod truth;
mod visit;
mod world;
