//! The commands, as a person types them.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod catalogue;
mod day;
mod export;
mod gaps;
mod line;
mod list;
mod sessions;
mod show;
