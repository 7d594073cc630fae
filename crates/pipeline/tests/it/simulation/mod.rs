//! Days of an estate whose truth is known, with every kind of trouble: late, lost and repeated records and events,
//! names that collide, shared accounts, native clients, outages.
//!
//! The simulator shares no code with the archivist. The number of days is a third of `PROPTEST_CASES`, or an eighth where a case
//! plays two.

mod coverage;
mod naming;
mod order;
mod play;
mod storage;
mod watcher;
mod world;
