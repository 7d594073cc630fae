//! Writes and extracts the zip of a package. The same files give the same bytes on any day and any machine.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Effort to make an archive small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// For use on this machine.
    Quick,
    /// For a release: half a minute for 3 % less.
    Smallest,
}

impl Effort {
    /// Levels above 9 are runs of Zopfli.
    fn level(self) -> i64 {
        match self {
            Self::Quick => 6,
            Self::Smallest => 10,
        }
    }
}

/// Writes all files of the folder in path order, with their permissions and without their times.
pub fn write(folder: &Path, archive: &Path, effort: Effort) -> io::Result<()> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort();
    let mut writer = ZipWriter::new(File::create(archive)?);
    for path in paths {
        let mode = fs::metadata(&path)?.permissions().mode();
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(effort.level()))
            .last_modified_time(DateTime::DEFAULT)
            .unix_permissions(mode & 0o777);
        let name = path.strip_prefix(folder).map_err(io::Error::other)?;
        writer.start_file_from_path(name, options)?;
        io::copy(&mut File::open(&path)?, &mut writer)?;
    }
    writer.finish()?;
    Ok(())
}

/// Extracts all files of the archive with their permissions. Deletes the previous content of the folder.
pub fn extract(archive: &Path, folder: &Path) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    ZipArchive::new(File::open(archive)?)?.extract(folder).map_err(io::Error::from)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}
