//! Checks licences, sources, bans and advisories with cargo-deny and `deny.toml`.

use std::process::Stdio;

use crate::step::{self, StepError, cargo, command, step};

const VERSION: &str = "cargo-deny@0.20.2";
const TOOLS: &str = "target/tools";
const ADVISORIES: &str = "https://github.com/RustSec/advisory-db";

/// Behaviour if the advisory database cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreachable {
    /// Print a note and continue, so that a change can be checked offline.
    Tolerated,
    /// Fail, because a release requires the check.
    Refused,
}

/// Installs cargo-deny under `target/tools` if missing, then checks licences, sources, bans and advisories.
pub fn run(unreachable: Unreachable) -> Result<(), StepError> {
    step("cargo-deny", "check that crates can be downloaded here", || {
        // A debug build: cargo-deny runs for seconds, but its release build takes minutes.
        let mut install = cargo(&["install", "--debug", "--locked", "--quiet", VERSION, "--root", TOOLS]);
        install.env("CARGO_PROFILE_DEV_DEBUG", "0");
        step::run(install)
    })?;
    step(
        "bans, licences, sources",
        "change the dependency (`cargo tree -i CRATE` shows the crates that need it), or deny.toml with a reason",
        || check(&["bans", "licenses", "sources"]),
    )?;
    if unreachable == Unreachable::Tolerated && !advisories_are_reachable() {
        println!("\nadvisories: not checked, database not reachable");
        return Ok(());
    }
    step("advisories", "update the reported crate with `cargo update -p`", || check(&["advisories"]))
}

fn check(checks: &[&str]) -> Result<(), StepError> {
    let mut deny =
        command(&format!("{}/{TOOLS}/bin/cargo-deny", crate::ROOT), &["--locked", "check", "--hide-inclusion-graph"]);
    deny.args(checks);
    step::run(deny)
}

/// Checks reachability with git, because cargo-deny also fetches through git with the same proxies and name servers.
fn advisories_are_reachable() -> bool {
    let mut ask =
        command("git", &["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=10", "ls-remote", ADVISORIES, "HEAD"]);
    ask.env("GIT_TERMINAL_PROMPT", "0").stdout(Stdio::null()).stderr(Stdio::null());
    ask.status().is_ok_and(|status| status.success())
}
