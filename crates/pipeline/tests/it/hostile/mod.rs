//! Weeks of an archive in a hostile world: logs with malformed times and junk, false events, jumping clocks, tags of
//! other writers, holds of every kind, a wrong store. No recording is deleted before its creation date, a hold and
//! its last day allow it, and in the end every deletable one is gone.
//!
//! The truth shares no code with the archivist. The number of worlds is half of `PROPTEST_CASES`.

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
