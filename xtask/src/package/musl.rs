//! The static binary: it runs on any x86-64 Linux, whatever libraries stand there.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::step::{self, Trouble, cargo, command, step};

const TARGET: &str = "x86_64-unknown-linux-musl";

/// What compiles the C parts, SQLite and the cryptography, for this target; the first that is there is taken.
const C_COMPILERS: [&str; 2] = ["x86_64-linux-musl-gcc", "musl-gcc"];

/// How the binary is optimised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// As it is deployed.
    Release,
    /// As quickly as possible.
    Debug,
}

/// Installs what is missing to build for the target, where that can be done.
pub fn prepare() -> Result<(), Trouble> {
    if !has_target()? {
        let remedy = format!("install the standard library of Rust for {TARGET}, as `rustup target add` does");
        step("target", &remedy, || step::run(command("rustup", &["target", "add", TARGET])))?;
    }
    if C_COMPILERS.iter().any(|compiler| starts(compiler)) {
        return Ok(());
    }
    let remedy = "install the C compiler musl-gcc: Debian's package musl-tools, Alpine's and Fedora's musl-gcc";
    step("C compiler", remedy, || {
        // A fresh machine has no list of packages yet.
        step::run(command("apt-get", &["update", "--quiet"]))?;
        step::run(command("apt-get", &["install", "--yes", "--no-install-recommends", "musl-tools"]))
    })
}

/// Builds the binary and says where it is.
pub fn build(profile: Profile) -> Result<PathBuf, Trouble> {
    build_with(&["--target", TARGET], profile)
}

/// Builds the binary for this machine alone, which is what every other build here has done most of already.
pub fn build_for_this_machine() -> Result<PathBuf, Trouble> {
    build_with(&[], Profile::Debug)
}

fn build_with(arguments: &[&str], profile: Profile) -> Result<PathBuf, Trouble> {
    let mut command = cargo(&["build", "--locked", "--package", "bastion-archivist", "--bin", "archivist"]);
    command.args(["--message-format", "json-render-diagnostics"]).args(arguments);
    if profile == Profile::Release {
        command.arg("--release");
    }
    let messages = step::output(command)?;
    executable(&String::from_utf8_lossy(&messages))
        .ok_or_else(|| Trouble::Unreadable { what: "what cargo built".into(), source: "no executable".into() })
}

/// The executable named in what cargo says of a build.
fn executable(messages: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut executables = messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from));
    executables.next_back()
}

fn has_target() -> Result<bool, Trouble> {
    let folder = step::output(command("rustc", &["--print", "target-libdir", "--target", TARGET]))?;
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

    use super::executable;

    #[test]
    fn the_binary_is_where_cargo_says() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"domain"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"archivist"},"executable":"/elsewhere/target/archivist"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(executable(messages).as_deref(), Some(Path::new("/elsewhere/target/archivist")));
        assert_eq!(executable(r#"{"reason":"build-finished","success":false}"#), None);
    }
}
