//! Whole logs and what is found in them.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod broken;
mod cuts;
mod fixtures;
mod reading;
mod records;
