//! The `archivist` binary.

mod command_line;
mod local;
mod logs;
mod page;

use std::process::ExitCode;

use clap::Parser;

use crate::command_line::{CommandLine, refuse, run};

/// The allocator of musl maps and returns pages for a few strings, which makes a backfill 50 % slower.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    match CommandLine::try_parse() {
        Ok(line) => run(line),
        Err(error) => refuse(&error),
    }
}
