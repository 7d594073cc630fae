//! Integration tests in one binary: decoding and encoding of events.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod decode;
mod fixtures;
mod meaning;
mod resources;
mod round_trip;
