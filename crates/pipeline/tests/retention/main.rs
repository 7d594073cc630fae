//! Years of an archive whose truth is known: recordings, policies, holds, people, crashes. Nothing goes that must stay,
//! and what must go goes.
//!
//! The truth shares no code with the archivist. Half as many decades are played as `PROPTEST_CASES` says.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod clocks;
mod coverage;
mod decade;
mod foreign_holds;
mod guards;
mod holds;
mod hurried;
mod policy;
mod refused;
mod storage;
mod tags_removed;
mod truth;
mod world;
mod writers;
