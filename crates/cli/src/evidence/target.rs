//! The file of an export: written beside its place, and moved there once it is complete.
//!
//! The unfinished files are locked as long as the export runs. A killed export leaves them behind without a lock, and the
//! next export of the same name removes them.

use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::shown;
use crate::CliError;
use crate::output::note;

/// Unfinished file, with the spool of an export. Both are removed when this value is dropped.
pub struct Target {
    path: PathBuf,
    overwrite: bool,
    part: PathBuf,
    spool: PathBuf,
}

/// Endings of the unfinished files.
const UNFINISHED: [&str; 2] = ["part", "spool"];

impl Target {
    /// Creates the two files beside `path`, and removes those of earlier exports to `path` that were killed.
    ///
    /// # Errors
    /// The file exists and must not be replaced, or its folder cannot be written.
    pub fn create(path: &Path, overwrite: bool) -> Result<(Self, File, File), CliError> {
        let beside = |end: &str| {
            let mut name = path.file_name().unwrap_or_default().to_owned();
            name.push(format!(".{}.{end}", std::process::id()));
            path.with_file_name(name)
        };
        let [part, spool] = UNFINISHED.map(beside);
        let target = Self { path: path.to_owned(), overwrite, part, spool };
        target.check()?;
        remove_abandoned(path);
        let (part, spool) = (create(&target.part)?, create(&target.spool)?);
        Ok((target, part, spool))
    }

    /// Ends the file with this length, and moves it to its place.
    ///
    /// # Errors
    /// The disk fails, or a file has come into being in its place.
    pub fn finish(self, file: &File, length: u64) -> Result<(), CliError> {
        self.check()?;
        file.set_len(length)?;
        file.sync_all()?;
        Ok(std::fs::rename(&self.part, &self.path)?)
    }

    fn check(&self) -> Result<(), CliError> {
        if self.path.is_dir() {
            return Err(CliError::Problems(format!("--out: {} is a folder; name a file", shown(&self.path))));
        }
        if self.path.exists() && !self.path.is_file() {
            return Err(CliError::Problems(format!("--out: {} is a device or pipe; name a file", shown(&self.path))));
        }
        if !self.overwrite && self.path.exists() {
            let what =
                format!("--out: {} exists; name another file, or replace it with --overwrite", shown(&self.path));
            return Err(CliError::Problems(what));
        }
        Ok(())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        for file in [&self.part, &self.spool] {
            // It may have been moved already; nothing more can be done about any other error.
            let _ = std::fs::remove_file(file);
        }
    }
}

/// Creates a locked file that only this user can read: a bundle names people.
fn create(path: &Path) -> Result<File, CliError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let failed = |error: io::Error| CliError::Problems(format!("--out: {} cannot be written: {error}", shown(path)));
    loop {
        let file = options.open(path).map_err(failed)?;
        // A file system without locks only keeps abandoned files from being removed.
        let _ = file.try_lock();
        // Another export may have taken the file for abandoned before it was locked.
        if path.exists() {
            return Ok(file);
        }
    }
}

/// Removes the unfinished files of exports to `path` that no process holds any more.
fn remove_abandoned(path: &Path) {
    let Some(name) = path.file_name() else { return };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(files) = std::fs::read_dir(folder) else { return };
    for file in files.filter_map(Result::ok).filter(|file| is_unfinished(name, &file.file_name())) {
        let is_abandoned = file.file_type().is_ok_and(|kind| kind.is_file())
            && File::options().write(true).open(file.path()).is_ok_and(|file| file.try_lock().is_ok());
        if is_abandoned && std::fs::remove_file(file.path()).is_ok() {
            note(&format!("removed {}, which a killed export left behind", shown(&file.path())));
        }
    }
}

/// True if `found` is the name of an unfinished file of an export to `name`: `name.PID.part` or `name.PID.spool`.
fn is_unfinished(name: &OsStr, found: &OsStr) -> bool {
    UNFINISHED.iter().any(|end| {
        let mut beginning: OsString = name.to_owned();
        beginning.push(".");
        let middle = found.as_encoded_bytes().strip_prefix(beginning.as_encoded_bytes());
        let middle = middle.and_then(|rest| rest.strip_suffix(end.as_bytes())).and_then(|rest| rest.strip_suffix(b"."));
        middle.is_some_and(|process| !process.is_empty() && process.iter().all(u8::is_ascii_digit))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_file_appears_when_it_is_complete_and_nothing_else_remains() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bundle.zip");
        let count = || std::fs::read_dir(folder.path()).unwrap().count();
        let (target, mut part, _spool) = Target::create(&path, false).unwrap();
        part.write_all(b"complete and more").unwrap();
        assert!(!path.exists());
        target.finish(&part, 8).unwrap();
        assert_eq!((std::fs::read(&path).unwrap(), count()), (b"complete".to_vec(), 1));
        assert!(Target::create(&path, false).is_err());
        drop(Target::create(&path, true).unwrap());
        assert_eq!((std::fs::read(&path).unwrap(), count()), (b"complete".to_vec(), 1));
    }

    #[test]
    fn an_export_that_fails_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let (target, mut part, mut spool) = Target::create(&folder.path().join("bundle.zip"), false).unwrap();
        part.write_all(b"begun").unwrap();
        spool.write_all(b"begun").unwrap();
        drop(target);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_files_of_a_killed_export_are_removed_and_those_of_a_running_one_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bundle.zip");
        let made = |name: &str| {
            std::fs::write(folder.path().join(name), b"unfinished").unwrap();
            folder.path().join(name)
        };
        let killed = ["bundle.zip.1.part", "bundle.zip.1.spool"].map(made);
        let others = ["bundle.zip.part", "bundle.zip.x.part", "other.zip.1.part", "bundle.zip.1.parts"].map(made);
        let running = made("bundle.zip.2.part");
        let held = File::options().write(true).open(&running).unwrap();
        held.try_lock().unwrap();
        let (target, part, spool) = Target::create(&path, false).unwrap();
        assert!(killed.iter().all(|file| !file.exists()), "{killed:?}");
        assert!(others.iter().all(|file| file.exists()), "{others:?}");
        assert!(running.exists());
        // The files of this export are locked as well.
        remove_abandoned(&path);
        assert!(target.part.exists() && target.spool.exists());
        drop((target, part, spool, held));
    }
}
