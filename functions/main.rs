//! The `archivist` binary.

use std::process::ExitCode;

use clap::Parser;
use functions::command::{CommandLine, refuse, run};

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
