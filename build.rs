//! Passes the commit, its date and the target to the program, for `archivist --version`.
//!
//! Nothing of the machine or of the time of the build is passed on, so a build stays reproducible. Without git, the
//! commit is left out.

#![expect(clippy::disallowed_methods, reason = "cargo passes its values to a build script in the environment")]

use std::env::var;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Names the file that changes with every commit and checkout; the usual place is a worktree's or the clone's.
    if let Some(log) = git(&["rev-parse", "--path-format=absolute", "--git-path", "logs/HEAD"]) {
        println!("cargo::rerun-if-changed={log}");
    }
    let target = var("TARGET").unwrap_or_default();
    let version = var("CARGO_PKG_VERSION").unwrap_or_default();
    let commit = git(&["log", "--max-count=1", "--abbrev=12", "--date=format-local:%Y-%m-%d", "--format=%h %cd"]);
    let built_from = commit.map_or(target.clone(), |commit| format!("{commit}, {target}"));
    println!("cargo::rustc-env=ARCHIVIST_VERSION={version} ({built_from})");
}

/// Runs git with its times in UTC. Returns `None` outside a clone of this repository.
fn git(arguments: &[&str]) -> Option<String> {
    let root = var("CARGO_MANIFEST_DIR").ok()?;
    // A copy of the sources inside another repository must not show the commit of that one.
    std::path::Path::new(&root).join(".git").exists().then_some(())?;
    let output = Command::new("git").args(arguments).current_dir(root).env("TZ", "UTC").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned()).filter(|text| !text.is_empty())
}
