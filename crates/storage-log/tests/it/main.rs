//! Tests of the reader of storage logs.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod cuts;
mod fixtures;
mod reading;
