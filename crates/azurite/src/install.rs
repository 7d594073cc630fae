//! The emulator's installation: what the lock file says, once for all test binaries.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::start_error::StartError;

/// The emulator below its installation.
const PROGRAM: &str = "node_modules/azurite/dist/src/azurite.js";

/// A copy of the lock file, written last: what stands beside it is whole, and is what that lock file says.
const STAMP: &str = "node_modules/.installed-package-lock.json";

/// The emulator's program in this folder, installed first where it is missing or another version.
///
/// # Errors
/// [`StartError`] where npm is missing or fails, or the folder cannot be written.
pub fn installed(folder: &Path) -> Result<PathBuf, StartError> {
    if !is_current(folder)? {
        let path = folder.join("package-lock.json");
        let failed = |source| StartError::File { path: path.clone(), source };
        // Held until it is closed; whoever comes meanwhile waits here, and then finds the work done.
        let lock = File::open(&path).map_err(failed)?;
        lock.lock().map_err(failed)?;
        if !is_current(folder)? {
            install(folder)?;
        }
    }
    Ok(folder.join(PROGRAM))
}

fn is_current(folder: &Path) -> Result<bool, StartError> {
    let path = folder.join("package-lock.json");
    let wanted = fs::read(&path).map_err(|source| StartError::File { path, source })?;
    Ok(fs::read(folder.join(STAMP)).is_ok_and(|installed| installed == wanted))
}

fn install(folder: &Path) -> Result<(), StartError> {
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder).stdin(Stdio::null());
    let output = npm.output().map_err(|source| StartError::of_program("npm", source))?;
    if !output.status.success() {
        let output_text = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        return Err(StartError::NotInstalled { status: output.status, output: output_text.concat() });
    }
    let path = folder.join(STAMP);
    let stamped = fs::copy(folder.join("package-lock.json"), &path);
    stamped.map(drop).map_err(|source| StartError::File { path, source })
}
