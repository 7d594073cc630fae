//! Tests of the messages for people.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod adaptive;
mod hostile;
mod limits;
mod npm;
mod samples;
mod shown;
