//! Reads the files of an app's folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::AppFolderError;

/// Returns the absolute path, because the handler has another working directory.
pub(super) fn root(folder: &Path) -> Result<PathBuf, AppFolderError> {
    fs::canonicalize(folder).map_err(|source| AppFolderError::Unreadable { path: folder.to_owned(), source })
}

/// Reads a file without a byte order mark. Invalid UTF-8 is replaced; parsing the JSON reports them.
pub(super) fn text(path: &Path) -> Result<String, AppFolderError> {
    let bytes = fs::read(path).map_err(|source| AppFolderError::Unreadable { path: path.to_owned(), source })?;
    Ok(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned())
}

/// Lists the folders with a `function.json`, by name, with its text.
pub(super) fn with_function_json(root: &Path) -> Result<Vec<(String, String)>, AppFolderError> {
    let unreadable = |source| AppFolderError::Unreadable { path: root.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(root).map_err(unreadable)? {
        let folder = entry.map_err(unreadable)?;
        let file = folder.path().join("function.json");
        if file.is_file() {
            found.push((folder.file_name().to_string_lossy().into_owned(), text(&file)?));
        }
    }
    found.sort();
    Ok(found)
}
