//! All integration tests, one binary: the handler as the host meets it, the program as a user meets it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what cannot be had fails its test")]

mod azure;
mod custom_handler_fixtures;
mod handler;
mod page;
mod process;
mod support;
