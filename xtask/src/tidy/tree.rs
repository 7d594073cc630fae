//! Reads the repository for the tidy rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::ignored::IgnoredFiles;
use crate::metadata;
use crate::step::StepError;

/// All files and workspace packages.
#[derive(Default)]
pub struct Tree {
    /// Path below the root, with `/`, to content; invalid UTF-8 is replaced.
    pub files: BTreeMap<String, String>,
    pub packages: Vec<CargoPackage>,
}

/// A member of the workspace.
pub struct CargoPackage {
    pub name: String,
    /// Build and normal dependencies; dev-dependencies are left out.
    pub dependencies: BTreeSet<String>,
}

impl Tree {
    /// Reads the repository without the files that `.gitignore` names.
    pub fn read() -> Result<Self, StepError> {
        let root = Path::new(crate::ROOT);
        let ignored = IgnoredFiles::parse(&fs::read_to_string(root.join(".gitignore")).unwrap_or_default());
        let mut files = BTreeMap::new();
        read_folder(root, "", &ignored, &mut files)?;
        let packages = metadata::members("Cargo.toml")?.iter().map(CargoPackage::read).collect();
        Ok(Self { files, packages })
    }

    /// Returns the content of one file.
    pub fn file(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Returns path and content of every Rust file.
    pub fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).filter(|(path, _)| path.ends_with(".rs"))
    }

    /// Builds a tree of the given files for tests.
    #[cfg(test)]
    pub fn from_files(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Self { files, packages: Vec::new() }
    }
}

impl CargoPackage {
    fn read(package: &Value) -> Self {
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        Self {
            name: package["name"].as_str().unwrap_or_default().to_owned(),
            dependencies: dependencies
                .filter(|dependency| dependency["kind"] != "dev")
                .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned))
                .collect(),
        }
    }
}

fn read_folder(
    folder: &Path,
    below: &str,
    ignored: &IgnoredFiles,
    files: &mut BTreeMap<String, String>,
) -> Result<(), StepError> {
    let unreadable =
        |source: std::io::Error| StepError::Unreadable { what: format!("{below:?}"), source: source.into() };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(unreadable)?;
        if ignored.covers(&path) {
            continue;
        }
        if kind.is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), ignored, files)?;
        } else if kind.is_file() {
            let bytes = fs::read(entry.path()).map_err(unreadable)?;
            files.insert(path, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CargoPackage;

    #[test]
    fn a_dev_dependency_is_not_a_dependency() {
        let package = CargoPackage::read(&json!({ "name": "domain", "dependencies": [
            { "name": "jiff", "kind": null },
            { "name": "cc", "kind": "build" },
            { "name": "proptest", "kind": "dev" },
        ]}));
        assert_eq!(package.name, "domain");
        assert_eq!(package.dependencies.into_iter().collect::<Vec<_>>(), ["cc", "jiff"]);
    }
}
