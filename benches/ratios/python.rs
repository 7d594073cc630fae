//! A Python environment with the libraries of the comparison.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Measured;

/// Libraries with their exact releases.
const PACKAGES: [&str; 2] = ["duckdb==2.0.0", "orjson==3.13.0"];

/// Path of an interpreter with these libraries.
pub struct Python(PathBuf);

impl Python {
    /// Returns the environment below the target folder; creates it if missing.
    pub fn ready() -> Measured<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("python-{}", PACKAGES.join("-")));
        let python = Self(folder.join("bin/python"));
        let made = folder.join("made");
        if !made.is_file() {
            let environment = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).status();
            if !environment.is_ok_and(|status| status.success()) {
                return Err("python3 with venv is not there, and DuckDB and orjson need it".into());
            }
            let mut install = Command::new(&python.0);
            install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES);
            if !install.status()?.success() {
                return Err(format!("{} were not installed", PACKAGES.join(" and ")).into());
            }
            fs::write(made, "")?;
        }
        Ok(python)
    }

    /// Returns a command that runs a script of this folder.
    pub fn script(&self, script: &str) -> Command {
        let mut command = Command::new(&self.0);
        // Isolated from the user's own packages.
        command.arg("-I").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/ratios").join(script));
        command
    }
}
