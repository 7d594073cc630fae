//! Tests of the emulator: it answers, separates accounts, and ends with its starter.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod accounts;
mod end;
mod http;
mod https;
mod start;
