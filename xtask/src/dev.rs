//! `cargo xtask dev`: the package on the storage emulator, driven as the Functions host would.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};

use crate::ROOT;
use crate::package::{self, Profile, Program, archive};
use crate::step::{Trouble, cargo};

/// Packages, and becomes the run: so Ctrl-C goes to nobody else, and the shell waits until all is cleared away.
pub fn run(profile: Profile, arguments: &[String]) -> Result<(), Trouble> {
    let app = unzipped(&packaged(profile)?)?;
    let mut command = cargo(&["run", "--locked", "--package", "dev", "--", "--app"]);
    command.arg(app).args(arguments);
    Err(Trouble::NotStarted { command: "cargo run --package dev".to_owned(), source: command.exec() })
}

/// What is deployed is the archive, so that is what runs: its files, with the permissions that they have in it.
fn unzipped(package: &Path) -> Result<PathBuf, Trouble> {
    let app = Path::new(ROOT).join("target/dev/unzipped");
    let archive = package.with_file_name(package::ARCHIVE);
    archive::extract(&archive, &app)
        .map_err(|source| Trouble::Unreadable { what: archive.display().to_string(), source: source.into() })?;
    Ok(app)
}

/// The folder of the package. A quick one lies apart from the one that is deployed.
fn packaged(profile: Profile) -> Result<PathBuf, Trouble> {
    let root = Path::new(ROOT);
    match profile {
        Profile::Release => package::run(None, &Program::Built(profile)).map(|()| root.join("dist")),
        Profile::Debug => {
            let app = root.join("target/dev/app");
            package::for_this_machine(&app).map(|()| app)
        }
    }
}
