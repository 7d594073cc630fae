//! The `archivist` binary.

use std::process::ExitCode;

use clap::Parser;
use functions::command::{CommandLine, run};

fn main() -> ExitCode {
    run(CommandLine::parse())
}
