//! Days of an estate whose truth is known, played with everything that can go wrong: late, lost and doubled records and
//! events, names that collide, accounts that people share, native clients, outages.
//!
//! The simulator shares no code with the archivist. `PROPTEST_CASES` says how many days are played.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod naming;
mod order;
mod play;
mod storage;
mod watcher;
mod world;
