//! Puts the files of a package in place with their permissions.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::archive::Effort;
use super::{ARCHIVE, archive, unusable};
use crate::ROOT;
use crate::step::StepError;

/// Name of the program in the package.
pub const BINARY: &str = "archivist";

/// File modes of the program and of all other files.
const RUN: u32 = 0o755;
const PLAIN: u32 = 0o644;

/// An assembled package.
pub struct Package {
    /// Path of the zip.
    pub archive: PathBuf,
    /// Size of the binary in bytes.
    pub binary_size: u64,
    /// Size of the zip in bytes.
    pub archive_size: u64,
}

/// Packages an executable into the folder `out`, which is recreated, and writes `archivist.zip` beside it. The same
/// files give the same bytes.
pub fn assemble(binary: &Path, out: &Path, effort: Effort) -> Result<Package, StepError> {
    clear(out).map_err(|source| unusable(out, source))?;
    put(binary, out, BINARY, RUN)?;
    let root = Path::new(ROOT);
    put(&root.join("host.json"), out, "host.json", PLAIN)?;
    put(&root.join("infra/archivist.yaml"), out, "archivist.yaml", PLAIN)?;
    for entry in fs::read_dir(root.join("functions")).map_err(|source| unusable(root, source))? {
        let folder = entry.map_err(|source| unusable(root, source))?.path();
        let function = folder.join("function.json");
        if let Some(name) = folder.file_name().filter(|_| function.is_file()) {
            put(&function, out, &format!("{}/function.json", name.to_string_lossy()), PLAIN)?;
        }
    }
    let archive = out.parent().unwrap_or(Path::new("")).join(ARCHIVE);
    archive::write(out, &archive, effort).map_err(|source| unusable(&archive, source))?;
    let size = |path: &Path| fs::metadata(path).map(|file| file.len()).map_err(|source| unusable(path, source));
    Ok(Package { binary_size: size(&out.join(BINARY))?, archive_size: size(&archive)?, archive })
}

/// Packages the program and the licences into the folder `out`, which is recreated, and writes the zip `name` beside
/// it.
pub fn command_line(binary: &Path, out: &Path, name: &str) -> Result<PathBuf, StepError> {
    if out.exists() {
        fs::remove_dir_all(out).map_err(|source| unusable(out, source))?;
    }
    put(binary, out, BINARY, RUN)?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        put(&Path::new(ROOT).join(licence), out, licence, PLAIN)?;
    }
    let archive = out.parent().unwrap_or(Path::new("")).join(name);
    archive::write(out, &archive, Effort::Quick).map_err(|source| unusable(&archive, source))?;
    Ok(archive)
}

/// Empties the folder. Returns an error if it contains anything other than an earlier package.
fn clear(out: &Path) -> io::Result<()> {
    if out.exists() {
        let foreign = fs::read_dir(out)?.next().is_some() && !out.join("host.json").is_file();
        if foreign {
            return Err(io::Error::other("the folder does not hold a package; name an empty folder"));
        }
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out)
}

/// Copies one file to its place in the package and sets its mode, whatever the mode of the source.
fn put(from: &Path, out: &Path, place: &str, mode: u32) -> Result<(), StepError> {
    let to = out.join(place);
    let copied = to.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| {
        fs::copy(from, &to)?;
        fs::set_permissions(&to, fs::Permissions::from_mode(mode))
    });
    copied.map_err(|source| unusable(from, source))
}
