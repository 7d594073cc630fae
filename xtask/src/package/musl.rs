//! Builds the static binary, which runs on any Linux of its architecture, independent of installed libraries.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::places::Places;
use crate::step::{self, StepError, cargo, command, step};

/// Target of the function app.
pub const X86_64: &str = "x86_64-unknown-linux-musl";
/// Target of the command line only.
pub const ARM64: &str = "aarch64-unknown-linux-musl";

/// Optimization of the binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuildProfile {
    /// Release build, as deployed.
    Release,
    /// Debug build, for a short build time.
    Debug,
}

/// Installs missing build prerequisites of the target. Returns an error if they cannot be installed here.
pub fn prepare(target: &str) -> Result<(), StepError> {
    if !has(target)? {
        let remedy = format!("install the standard library of Rust for {target}, for example with `rustup target add`");
        step("target", &remedy, || step::run(command("rustup", &["target", "add", target])))?;
    }
    if c_compiler(target).is_some() {
        return Ok(());
    }
    if !is_of_this_machine(target) {
        let source = format!("not found: name it in {}, and configure its linker in cargo", c_variable(target));
        return Err(StepError::Unreadable { what: format!("a C compiler for {target}"), source: source.into() });
    }
    let remedy = "install the C compiler musl-gcc: Debian's package musl-tools, Alpine's and Fedora's musl-gcc";
    step("C compiler", remedy, || {
        // A fresh machine has no package list yet.
        step::run(command("apt-get", &["update", "--quiet"]))?;
        step::run(command("apt-get", &["install", "--yes", "--no-install-recommends", "musl-tools"]))
    })
}

/// Builds the binary and returns its path.
pub fn build(target: &str, profile: BuildProfile) -> Result<PathBuf, StepError> {
    let mut command = build_command(profile);
    command.args(["--target", target]);
    if let Some(compiler) = c_compiler(target) {
        command.env(c_variable(target), compiler);
    }
    if profile == BuildProfile::Release {
        Places::here(target)?.hide(target, &mut command);
    }
    built_by(command)
}

/// Returns the compiler of the C parts (SQLite and cryptography) for this target: the one named in the environment,
/// else the first usual one that is installed.
fn c_compiler(target: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the standard variable for the compiler of a build")]
    let named = env::var(c_variable(target)).ok();
    let usual = [target.replace("-unknown", "") + "-gcc", "musl-gcc".to_owned()];
    let of_target = if is_of_this_machine(target) { 2 } else { 1 };
    named.or_else(|| usual.into_iter().take(of_target).find(|compiler| starts(compiler)))
}

fn c_variable(target: &str) -> String {
    format!("CC_{}", target.replace('-', "_"))
}

fn is_of_this_machine(target: &str) -> bool {
    target.starts_with(env::consts::ARCH)
}

/// Makes a debug build for this machine's default target, which shares most artifacts with other builds here.
pub fn build_for_this_machine() -> Result<PathBuf, StepError> {
    built_by(build_command(BuildProfile::Debug))
}

fn build_command(profile: BuildProfile) -> Command {
    let mut command = cargo(&["build", "--locked", "--package", "bastion-archivist", "--bin", "archivist"]);
    command.args(["--message-format", "json-render-diagnostics"]);
    if profile == BuildProfile::Release {
        command.arg("--release");
    }
    command
}

fn built_by(command: Command) -> Result<PathBuf, StepError> {
    let messages = step::output(command)?;
    executable(&String::from_utf8_lossy(&messages))
        .ok_or_else(|| StepError::Unreadable { what: "cargo's build output".into(), source: "no executable".into() })
}

/// Returns the executable named in cargo's JSON messages.
fn executable(messages: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut executables = messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from));
    executables.next_back()
}

fn has(target: &str) -> Result<bool, StepError> {
    let folder = step::output(command("rustc", &["--print", "target-libdir", "--target", target]))?;
    Ok(Path::new(String::from_utf8_lossy(&folder).trim()).is_dir())
}

fn starts(program: &str) -> bool {
    let mut asked = Command::new(program);
    asked.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    !asked.status().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{ARM64, X86_64, c_variable, executable};

    #[test]
    fn the_c_compiler_is_named_as_builds_everywhere_name_it() {
        assert_eq!(c_variable(X86_64), "CC_x86_64_unknown_linux_musl");
        assert_eq!(c_variable(ARM64), "CC_aarch64_unknown_linux_musl");
    }

    #[test]
    fn the_binary_path_comes_from_cargo() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"domain"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"archivist"},"executable":"/elsewhere/target/archivist"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(executable(messages).as_deref(), Some(Path::new("/elsewhere/target/archivist")));
        assert_eq!(executable(r#"{"reason":"build-finished","success":false}"#), None);
    }
}
