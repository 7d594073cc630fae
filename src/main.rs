//! The `archivist` binary.

use std::process::ExitCode;

/// The allocator of musl maps and returns pages for a few strings, which makes a backfill 50 % slower.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    bastion_archivist::main()
}
