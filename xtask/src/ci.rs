//! `cargo xtask ci`: runs every check of the pipeline, quick checks first, and stops at the first failure.

use crate::background::Background;
use crate::step::{self, StepError, cargo, command, step};
use crate::{deny, fuzz, test, tidy};

/// Runs every check with `seeds` cases for each property test and `seconds` for each fuzz target.
pub fn run(seeds: u32, seconds: u32) -> Result<(), StepError> {
    step("format", "run `cargo fmt --all`, in fuzz/ too", format)?;
    tidy::run()?;
    step("lint", "fix the findings of clippy", lint)?;
    step("docs", "fix the findings of rustdoc", docs)?;
    deny::run(deny::Unreachable::Tolerated)?;
    // Packaging spends half its time in one linker thread, and many tests wait for other processes. Running both at
    // once is faster.
    let package = Background::start("package")?;
    test::run(Some(seeds), test::Cases::Same)?;
    fuzz::run(seconds)?;
    package.finish()?;
    step("sample day", "see the output of the archivist", || step::run(command("dist/archivist", &SAMPLE_DAY)))?;
    println!("\nall checks passed");
    Ok(())
}

/// Arguments of the README's first command for the packaged binary, with a disposable folder and any free port.
const SAMPLE_DAY: [&str; 7] = ["local", "--sample", "--once", "--folder", "target/sample", "--port", "0"];

/// Checks the workspace and `fuzz/`, which is a separate workspace.
fn format() -> Result<(), StepError> {
    step::run(cargo(&["fmt", "--all", "--check"]))?;
    step::run(cargo(&["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
}

fn lint() -> Result<(), StepError> {
    step::run(cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--locked", "--", "-D", "warnings"]))
}

fn docs() -> Result<(), StepError> {
    let mut command = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    step::run(command)
}
