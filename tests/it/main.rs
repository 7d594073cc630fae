//! All integration tests in one binary: the handler as the host calls it, and the program as a user runs it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a missing resource fails its test")]

mod azure;
mod custom_handler_fixtures;
mod handler;
mod page;
mod process;
mod support;
