//! Places of the archivist's own data on this machine.

use std::path::{Path, PathBuf};

use crate::settings::Catalogue;

/// Default folder of the catalogue.
pub const LOCAL_FOLDER: &str = "archivist-data";

/// Folder of the archivist's own data, inside a folder that replaces storage accounts.
pub const OWN_FOLDER: &str = ".archivist";

/// Database file in [`OWN_FOLDER`].
pub const CATALOGUE_FILE: &str = "catalogue.sqlite";

/// Returns the path of a catalogue file: as set, or that of `archivist local`.
pub fn catalogue_path(set: Option<&Catalogue>) -> PathBuf {
    let set = set.and_then(Catalogue::file).map(Path::to_owned);
    set.unwrap_or_else(|| Path::new(LOCAL_FOLDER).join(OWN_FOLDER).join(CATALOGUE_FILE))
}
