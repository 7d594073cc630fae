//! Writes the release files beside a zip: the bill of materials, third-party licences and checksums.

use std::fs;
use std::path::Path;

use super::licences::{self, Standard};
use super::materials::{self, Build};
use super::{ARM64, X86_64, bundled, commit, man, shipped, sums, unusable};
use crate::ROOT;
use crate::step::StepError;

/// File with the third-party licences for all targets.
pub const LICENCES: &str = "THIRD-PARTY-LICENCES.txt";

/// Extension of a bill of materials, which replaces the zip's `.zip`.
const MATERIALS: &str = "cdx.json";

/// All possible files of a release, in the order of the checksums.
pub const FILES: [&str; 6] =
    ["archivist.zip", "archivist.cdx.json", "archivist-arm64.zip", "archivist-arm64.cdx.json", man::ARCHIVE, LICENCES];

/// Writes the release files beside the zip, which is built for this target.
pub fn write(archive: &Path, target: &str) -> Result<(), StepError> {
    let folder = archive.parent().unwrap_or(Path::new(""));
    let made_at = commit::made_at()?;
    let parts = bundled::added(shipped::parts(&[target])?)?;
    let build = Build { made_at: made_at.as_deref(), target };
    let bill = materials::document(&parts, &build).ok_or_else(|| StepError::Unreadable {
        what: "what is shipped".into(),
        source: "the app is none of it".into(),
    })?;
    put(&archive.with_extension(MATERIALS), &format!("{bill:#}\n"))?;
    let parts = bundled::added(shipped::parts(&[X86_64, ARM64])?)?;
    let root = Path::new(ROOT);
    let standard = Standard::read(root).map_err(|source| unusable(root, source))?;
    let text = licences::document(&parts, &standard).map_err(|source| unusable(&folder.join(LICENCES), source))?;
    put(&folder.join(LICENCES), &text)?;
    if target == X86_64 {
        man::write(folder)?;
    }
    sums::write(folder, &FILES).map_err(|source| unusable(folder, source))
}

fn put(path: &Path, text: &str) -> Result<(), StepError> {
    fs::write(path, text).map_err(|source| unusable(path, source))
}
