//! Integration tests in one binary: the pages.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod bastions;
mod coverage;
mod day;
mod deletions;
mod gaps;
mod health;
mod profile;
mod recording;
mod reviews;
