//! The command line of `archivist`, for the binary and for the man pages of a release.

mod command_line;
mod completions;
mod groups;
mod local;
mod logs;
mod page;

use std::process::ExitCode;

pub use crate::command_line::command_tree;

/// Parses the arguments of this process, runs the command and returns the exit code.
pub fn main() -> ExitCode {
    match command_line::parse() {
        Ok(line) => command_line::run(line),
        Err(error) => command_line::refuse(&error),
    }
}
