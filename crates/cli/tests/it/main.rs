//! Tests of the commands, run from their command lines.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod catalogue;
mod classes;
mod day;
mod desk;
mod doctor;
mod export;
mod formats;
mod gaps;
mod holds;
mod holds_meanwhile;
mod init;
mod line;
mod list;
mod notify;
mod policy;
mod replay;
mod retention;
mod sessions;
mod show;
