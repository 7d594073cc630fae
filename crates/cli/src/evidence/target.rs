//! The file of an export: written beside its place, and moved there once it is complete.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::shown;
use crate::CliError;

/// Unfinished file, with the spool of an export. Both are removed when this value is dropped.
pub struct Target {
    path: PathBuf,
    overwrite: bool,
    part: PathBuf,
    spool: PathBuf,
}

impl Target {
    /// Creates the two files beside `path`.
    ///
    /// # Errors
    /// The file exists and must not be replaced, or its folder cannot be written.
    pub fn create(path: &Path, overwrite: bool) -> Result<(Self, File, File), CliError> {
        let beside = |end: &str| {
            let mut name = path.file_name().unwrap_or_default().to_owned();
            name.push(format!(".{}.{end}", std::process::id()));
            path.with_file_name(name)
        };
        let target = Self { path: path.to_owned(), overwrite, part: beside("part"), spool: beside("spool") };
        target.check()?;
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

/// Creates a file that only this user can read: a bundle names people.
fn create(path: &Path) -> Result<File, CliError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map_err(|error: io::Error| CliError::Problems(format!("--out: {} cannot be written: {error}", shown(path))))
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
}
