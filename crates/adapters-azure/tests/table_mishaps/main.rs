//! Table adapters under failed, repeated and missing calls.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod checkpoints;
mod disposals;
mod entries;
mod headings;
mod sessions;
mod tables;
