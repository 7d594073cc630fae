//! `cargo xtask package`: builds the deployed app as a folder and a zip beside it, and the other files of a release.

mod app;
pub mod archive;
mod bundled;
mod commit;
mod host_rules;
mod licences;
mod lock;
mod man;
mod materials;
mod musl;
mod places;
mod release;
mod reproduce;
mod shipped;
mod sums;

use std::io;
use std::path::{Path, PathBuf};

use crate::ROOT;
use crate::step::{StepError, step};
use app::assemble;
use archive::Effort;
pub use musl::BuildProfile;
use musl::{ARM64, X86_64};
pub use reproduce::run as reproduce;

/// Name of the zip beside the folder.
pub const ARCHIVE: &str = "archivist.zip";

/// Maximum size of a release zip in bytes; the app downloads it whenever it starts on a new machine.
const MOST_BYTES: u64 = 9_500_000;

/// Program to package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackagedProgram {
    /// The static binary, built first with this profile.
    Built(BuildProfile),
    /// An existing executable.
    There(PathBuf),
}

/// Packages the program into `out`, or into `dist` at the root if `out` is `None`. For a release build, also writes
/// the other release files beside it.
pub fn run(out: Option<&Path>, program: &PackagedProgram) -> Result<(), StepError> {
    let dist = Path::new(ROOT).join("dist");
    let out = out.unwrap_or(&dist);
    let is_release = *program == PackagedProgram::Built(BuildProfile::Release);
    let binary = match program {
        PackagedProgram::Built(profile) => built(X86_64, *profile)?,
        PackagedProgram::There(binary) => binary.clone(),
    };
    step("package", "fix the problems listed above", || {
        let effort = if is_release { Effort::Smallest } else { Effort::Quick };
        let package = assemble(&binary, out, effort)?;
        let problems = host_rules::problems(out).map_err(|source| unusable(out, source))?;
        if !problems.is_empty() {
            return Err(StepError::Unreadable { what: "the package".into(), source: problems.join("; ").into() });
        }
        println!("{}: {} bytes", shown(&out.join(app::BINARY)), package.binary_size);
        println!("{}: {} bytes", shown(&package.archive), package.archive_size);
        if !is_release {
            return Ok(());
        }
        release::write(&package.archive, X86_64)?;
        within(MOST_BYTES, &package)
    })
}

fn within(most: u64, package: &app::Package) -> Result<(), StepError> {
    if package.archive_size <= most {
        return Ok(());
    }
    let source = format!("it has {} bytes, and may have {most}", package.archive_size).into();
    Err(StepError::Unreadable { what: shown(&package.archive), source })
}

/// Builds the command line for arm64 and packages it as `archivist-arm64.zip` at the root of the repository.
pub fn for_arm64() -> Result<(), StepError> {
    let binary = built(ARM64, BuildProfile::Release)?;
    step("package", "fix the problems listed above", || {
        let archive = app::command_line(&binary, &Path::new(ROOT).join("dist-arm64"), "archivist-arm64.zip")?;
        release::write(&archive, ARM64)
    })
}

fn built(target: &str, profile: BuildProfile) -> Result<PathBuf, StepError> {
    musl::prepare(target)?;
    let mut binary = PathBuf::new();
    step("static binary", "fix the compiler errors", || {
        binary = musl::build(target, profile)?;
        Ok(())
    })?;
    Ok(binary)
}

/// Makes a debug build for this machine and packages it into this folder.
pub fn for_this_machine(out: &Path) -> Result<(), StepError> {
    step("package for this machine", "fix the compiler errors", || {
        assemble(&musl::build_for_this_machine()?, out, Effort::Quick).map(drop)
    })
}

fn unusable(path: &Path, source: io::Error) -> StepError {
    StepError::Unreadable { what: shown(path), source: source.into() }
}

/// Formats the path, relative to the root of the repository if it is inside.
fn shown(path: &Path) -> String {
    path.strip_prefix(ROOT).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests;
