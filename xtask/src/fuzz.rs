//! `cargo xtask fuzz`: runs every fuzz target for a bounded time on the stable toolchain.

use std::fs;

use serde_json::Value;

use crate::metadata;
use crate::step::{self, StepError, cargo, command, step};

const MANIFEST: &str = "fuzz/Cargo.toml";

/// Compiler flags that give libFuzzer its coverage instrumentation.
const COVERAGE: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    --cfg fuzzing -Cdebug-assertions -Ccodegen-units=1";

/// Builds every target of `fuzz/` and runs each for `seconds` seconds, starting from its checked-in corpus.
pub fn run(seconds: u32) -> Result<(), StepError> {
    let triple = host_triple()?;
    step("fuzz build", "fix the compiler errors; libFuzzer needs a C++ compiler", || build(&triple))?;
    for target in targets(&metadata::members(MANIFEST)?) {
        let remedy =
            format!("turn the reported input into a test, fix the bug, keep the input in fuzz/corpus/{target}");
        step(&format!("fuzz {target}, {seconds} s"), &remedy, || fuzz(&triple, &target, seconds))?;
    }
    Ok(())
}

/// Passes `--target`, so that the flags do not apply to build scripts and procedural macros.
fn build(triple: &str) -> Result<(), StepError> {
    let mut command = cargo(&["build", "--release", "--locked", "--manifest-path", MANIFEST]);
    command.args(["--target", triple, "--target-dir", "fuzz/target"]).env("RUSTFLAGS", COVERAGE);
    step::run(command)
}

fn fuzz(triple: &str, target: &str, seconds: u32) -> Result<(), StepError> {
    // libFuzzer writes new inputs to the first folder and only reads the second.
    let found = format!("fuzz/target/found/{target}");
    let path = format!("{}/{found}", crate::ROOT);
    fs::create_dir_all(&path).map_err(|source| StepError::Unreadable { what: found.clone(), source: source.into() })?;
    step::run(command(
        &format!("{}/fuzz/target/{triple}/release/{target}", crate::ROOT),
        &[
            &format!("-max_total_time={seconds}"),
            "-timeout=10",
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
            &format!("-artifact_prefix={found}-"),
            &found,
            &format!("fuzz/corpus/{target}"),
        ],
    ))
}

fn host_triple() -> Result<String, StepError> {
    let version = step::output(command("rustc", &["-vV"]))?;
    let version = String::from_utf8_lossy(&version);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| StepError::Unreadable { what: "rustc -vV".into(), source: "no host line".into() })
}

/// Returns the names of all binaries of the fuzz package.
fn targets(packages: &[Value]) -> Vec<String> {
    packages
        .iter()
        .flat_map(|package| package["targets"].as_array().into_iter().flatten())
        .filter(|target| target["kind"][0] == "bin")
        .filter_map(|target| target["name"].as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::targets;

    #[test]
    fn every_binary_of_the_fuzz_package_is_a_target() {
        let package = json!({ "targets": [
            { "kind": ["lib"], "name": "shared" },
            { "kind": ["bin"], "name": "invocation" },
            { "kind": ["bin"], "name": "storage_event" },
        ]});
        assert_eq!(targets(&[package]), ["invocation", "storage_event"]);
    }
}
