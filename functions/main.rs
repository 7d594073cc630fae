//! The `archivist` binary.

use std::process::ExitCode;

use clap::Parser;
use functions::command::{CommandLine, refuse, run};

/// The allocator of musl maps pages and gives them back for every few texts: a backfill would take half as long again.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    match CommandLine::try_parse() {
        Ok(line) => run(line),
        Err(error) => refuse(&error),
    }
}
