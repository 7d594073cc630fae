//! `cargo xtask dev`: runs the package on the storage emulator with a stand-in for the Functions host.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};

use crate::ROOT;
use crate::package::{self, BuildProfile, PackagedProgram, archive};
use crate::step::{StepError, cargo};

/// Packages the app and replaces this process with the run. Ctrl-C then reaches only the run, and the shell waits for
/// its cleanup.
pub fn run(profile: BuildProfile, arguments: &[String]) -> Result<(), StepError> {
    let app = unzipped(&packaged(profile)?)?;
    let mut command = cargo(&["run", "--locked", "--package", "dev", "--", "--app"]);
    command.arg(app).args(arguments);
    Err(StepError::NotStarted { command: "cargo run --package dev".to_owned(), source: command.exec() })
}

/// Extracts the archive, so that the run uses the deployed files with the permissions stored in the archive.
fn unzipped(package: &Path) -> Result<PathBuf, StepError> {
    let app = Path::new(ROOT).join("target/dev/unzipped");
    let archive = package.with_file_name(package::ARCHIVE);
    archive::extract(&archive, &app)
        .map_err(|source| StepError::Unreadable { what: archive.display().to_string(), source: source.into() })?;
    Ok(app)
}

/// Builds the package and returns its folder. A debug package goes to `target/dev/app`, separate from the deployed
/// one.
fn packaged(profile: BuildProfile) -> Result<PathBuf, StepError> {
    let root = Path::new(ROOT);
    match profile {
        BuildProfile::Release => package::run(None, &PackagedProgram::Built(profile)).map(|()| root.join("dist")),
        BuildProfile::Debug => {
            let app = root.join("target/dev/app");
            package::for_this_machine(&app).map(|()| app)
        }
    }
}
