//! Packages the man pages of the command line.

use std::fs;
use std::io;
use std::path::Path;

use super::archive::{self, Effort};
use super::unusable;
use crate::ROOT;
use crate::step::{self, StepError, cargo};

/// Name of the zip with the man pages.
pub const ARCHIVE: &str = "archivist-man.zip";

/// Writes the zip with one page per command into the folder.
pub fn write(folder: &Path) -> Result<(), StepError> {
    let pages = Path::new(ROOT).join("target/man-pages");
    match fs::remove_dir_all(&pages) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(unusable(&pages, source)),
        _ => {}
    }
    let mut run = cargo(&["run", "--quiet", "--locked", "--package", "man-pages", "--"]);
    step::output({
        run.arg(&pages);
        run
    })?;
    let archive = folder.join(ARCHIVE);
    archive::write(&pages, &archive, Effort::Quick).map_err(|source| unusable(&archive, source))
}
