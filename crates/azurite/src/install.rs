//! Installs npm packages from a lock file, once for all test binaries.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::start_error::EmulatorError;

/// Copy of the lock file, written last: if it exists, the installation is complete and matches it.
const STAMP: &str = "node_modules/.installed-package-lock.json";

/// Installs the packages of the folder's lock file into its `node_modules` if they are missing or outdated. A
/// concurrent caller waits for the installation.
///
/// # Errors
/// Returns a [`EmulatorError`] if npm is missing or fails, or if the folder cannot be written.
pub fn installed(folder: &Path) -> Result<(), EmulatorError> {
    if !is_current(folder)? {
        let path = folder.join("package-lock.json");
        let failed = |source| EmulatorError::File { path: path.clone(), source };
        // Held until the file is closed; a concurrent caller waits here and then finds the installation complete.
        let lock = File::open(&path).map_err(failed)?;
        lock.lock().map_err(failed)?;
        if !is_current(folder)? {
            install(folder)?;
        }
    }
    Ok(())
}

fn is_current(folder: &Path) -> Result<bool, EmulatorError> {
    let path = folder.join("package-lock.json");
    let wanted = fs::read(&path).map_err(|source| EmulatorError::File { path, source })?;
    Ok(fs::read(folder.join(STAMP)).is_ok_and(|installed| installed == wanted))
}

fn install(folder: &Path) -> Result<(), EmulatorError> {
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder).stdin(Stdio::null());
    let output = npm.output().map_err(|source| EmulatorError::of_program("npm", source))?;
    if !output.status.success() {
        let output_text = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        let (folder, status) = (folder.to_owned(), output.status);
        return Err(EmulatorError::NotInstalled { folder, status, output: output_text.concat() });
    }
    let path = folder.join(STAMP);
    let stamped = fs::copy(folder.join("package-lock.json"), &path);
    stamped.map(drop).map_err(|source| EmulatorError::File { path, source })
}
