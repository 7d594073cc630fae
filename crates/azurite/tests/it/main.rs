//! The emulator as tests meet it: it answers, it parts them from each other, and it never stays behind.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod accounts;
mod end;
mod http;
mod https;
mod start;
