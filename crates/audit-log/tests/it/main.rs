//! Integration tests that read whole logs.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod broken;
mod cuts;
mod fixtures;
mod reading;
mod records;
