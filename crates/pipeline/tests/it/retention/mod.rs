//! Years of an archive whose truth is known: recordings, policies, holds, people, crashes. No recording is deleted
//! that must stay, and every recording that must go is deleted.
//!
//! The truth shares no code with the archivist. The number of decades is a third of `PROPTEST_CASES`.

mod clocks;
mod coverage;
mod decade;
mod evidence;
mod foreign_holds;
mod guards;
mod holds;
mod hurried;
mod policy;
mod refused;
mod renamed;
mod shown;
mod storage;
mod tags_removed;
mod ticks;
mod truth;
mod world;
mod writers;
