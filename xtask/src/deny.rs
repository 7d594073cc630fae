//! Licences, sources and who may depend on what, by cargo-deny and `deny.toml`.

use std::process::Stdio;

use crate::step::{self, Trouble, cargo, command, step};

const VERSION: &str = "cargo-deny@0.20.2";
const TOOLS: &str = "target/tools";
const ADVISORIES: &str = "https://github.com/RustSec/advisory-db";

/// What to do if the database of advisories cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreachable {
    /// Say so and go on: a change can be tried without the internet.
    Tolerated,
    /// Fail: nothing is released unchecked.
    Refused,
}

/// Installs cargo-deny under `target/tools` where it is missing, then checks licences, sources, bans and advisories.
pub fn run(unreachable: Unreachable) -> Result<(), Trouble> {
    step("cargo-deny", "check that crates can be downloaded here", || {
        // It runs for seconds and is built for minutes, so it is built quickly.
        let mut install = cargo(&["install", "--debug", "--locked", "--quiet", VERSION, "--root", TOOLS]);
        install.env("CARGO_PROFILE_DEV_DEBUG", "0");
        step::run(install)
    })?;
    step(
        "bans, licences, sources",
        "change the dependency (`cargo tree -i CRATE` says who brings it), or deny.toml with a reason",
        || check(&["bans", "licenses", "sources"]),
    )?;
    if unreachable == Unreachable::Tolerated && !advisories_are_reachable() {
        println!("\nadvisories: not checked, database not reachable");
        return Ok(());
    }
    step("advisories", "update the crate it names with `cargo update -p`", || check(&["advisories"]))
}

fn check(checks: &[&str]) -> Result<(), Trouble> {
    let mut deny =
        command(&format!("{}/{TOOLS}/bin/cargo-deny", crate::ROOT), &["--locked", "check", "--hide-inclusion-graph"]);
    deny.args(checks);
    step::run(deny)
}

/// Asks with git, which goes the way that cargo-deny goes: through the same proxies and name servers.
fn advisories_are_reachable() -> bool {
    let mut ask =
        command("git", &["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=10", "ls-remote", ADVISORIES, "HEAD"]);
    ask.env("GIT_TERMINAL_PROMPT", "0").stdout(Stdio::null()).stderr(Stdio::null());
    ask.status().is_ok_and(|status| status.success())
}
