//! `cargo xtask package`: what is deployed, as a folder and as a zip beside it.

mod archive;
mod host_rules;
mod musl;

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::ROOT;
use crate::step::{Trouble, step};
pub use musl::Profile;

/// The name of the zip, beside the folder.
const ARCHIVE: &str = "archivist.zip";

/// What a package holds besides the functions, the binary first: its place in the package, and whether it is run.
const BINARY: (&str, u32) = ("archivist", 0o755);
const PLAIN: u32 = 0o644;

/// A package that was put together.
pub struct Package {
    /// The zip.
    pub archive: PathBuf,
    /// The size of the binary, in bytes.
    pub binary_size: u64,
    /// The size of the zip, in bytes.
    pub archive_size: u64,
}

/// The program that is packaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// The static binary, which is built first.
    Built(Profile),
    /// One that is there already.
    There(PathBuf),
}

/// Packages the program into this folder, `dist` of the repository where none is named.
pub fn run(out: Option<&Path>, program: &Program) -> Result<(), Trouble> {
    let dist = Path::new(ROOT).join("dist");
    let out = out.unwrap_or(&dist);
    let binary = match program {
        Program::Built(profile) => built(*profile)?,
        Program::There(binary) => binary.clone(),
    };
    step("package", "mend what is named above", || {
        let package = assemble(&binary, out)?;
        let problems = host_rules::problems(out).map_err(|source| unusable(out, source))?;
        if !problems.is_empty() {
            return Err(Trouble::Unreadable { what: "the package".into(), source: problems.join("; ").into() });
        }
        println!("{}: {}", shown(&out.join(BINARY.0)), mebibytes(package.binary_size));
        println!("{}: {}", shown(&package.archive), mebibytes(package.archive_size));
        Ok(())
    })
}

fn built(profile: Profile) -> Result<PathBuf, Trouble> {
    musl::prepare()?;
    let mut binary = PathBuf::new();
    step("static binary", "mend what the compiler names", || {
        binary = musl::build(profile)?;
        Ok(())
    })?;
    Ok(binary)
}

/// Builds the binary for this machine, quickly, and packages it into this folder.
pub fn for_this_machine(out: &Path) -> Result<(), Trouble> {
    step("package for this machine", "mend what the compiler names", || {
        assemble(&musl::build_for_this_machine()?, out).map(drop)
    })
}

/// Packages any executable: the folder `out`, made anew, and `archivist.zip` beside it. The same files give the
/// same bytes.
pub fn assemble(binary: &Path, out: &Path) -> Result<Package, Trouble> {
    clear(out).map_err(|source| unusable(out, source))?;
    put(binary, out, BINARY.0, BINARY.1)?;
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
    archive::write(out, &archive).map_err(|source| unusable(&archive, source))?;
    let size = |path: &Path| fs::metadata(path).map(|file| file.len()).map_err(|source| unusable(path, source));
    Ok(Package { binary_size: size(&out.join(BINARY.0))?, archive_size: size(&archive)?, archive })
}

/// Makes the folder empty. Refuses one that holds something else than an earlier package.
fn clear(out: &Path) -> io::Result<()> {
    if out.exists() {
        let foreign = fs::read_dir(out)?.next().is_some() && !out.join("host.json").is_file();
        if foreign {
            return Err(io::Error::other("it holds something else than a package; name an empty folder"));
        }
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out)
}

/// Copies one file to its place in the package, with these permissions whatever they were.
fn put(from: &Path, out: &Path, place: &str, mode: u32) -> Result<(), Trouble> {
    let to = out.join(place);
    let copied = to.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| {
        fs::copy(from, &to)?;
        fs::set_permissions(&to, fs::Permissions::from_mode(mode))
    });
    copied.map_err(|source| unusable(from, source))
}

fn unusable(path: &Path, source: io::Error) -> Trouble {
    Trouble::Unreadable { what: shown(path), source: source.into() }
}

/// The path, from the root of the repository where it is in there.
fn shown(path: &Path) -> String {
    path.strip_prefix(ROOT).unwrap_or(path).display().to_string()
}

fn mebibytes(bytes: u64) -> String {
    let tenths = (bytes * 10).div_ceil(1024 * 1024);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests;
