//! What tables do for the ports when calls fail, are repeated, or are never made.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod checkpoints;
mod disposals;
mod entries;
mod headings;
mod sessions;
mod tables;
