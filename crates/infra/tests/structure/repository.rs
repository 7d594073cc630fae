//! Files checked by the rules.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::Value as Json;

use crate::template::Template;

/// The repository, or a made-up one for tests.
pub struct Repository {
    /// Content by path below the root.
    pub files: BTreeMap<String, String>,
    /// Bicep files.
    pub templates: Vec<Rc<Template>>,
}

/// Files and folders read by the rules.
const PLACES: [&str; 18] = [
    "infra",
    "functions",
    "src",
    ".github/workflows",
    "azure.yaml",
    "docs/doctor.md",
    "docs/operations.md",
    "docs/rights.md",
    "host.json",
    "xtask/src/package",
    "crates/pipeline/src",
    "crates/adapters-azure/src",
    "crates/channels/src",
    "crates/configuration/src",
    "crates/domain/src",
    "crates/cli/src",
    "crates/telemetry/src/names.rs",
    "crates/wiring/src",
];

impl Repository {
    /// Reads the repository of this test.
    pub fn here() -> Self {
        let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let mut files = BTreeMap::new();
        for place in PLACES {
            read(&root, Path::new(place), &mut files);
        }
        Self::of_files(files)
    }

    /// Creates a made-up repository.
    pub fn from_files(files: &[(&str, &str)]) -> Self {
        Self::of_files(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    /// Returns a copy with the first `text` in a file replaced by `other`; panics if the file does not contain it.
    pub fn with(&self, path: &str, text: &str, other: &str) -> Self {
        let mut files = self.files.clone();
        let before = &files[path];
        assert!(before.contains(text), "{path} does not hold {text:?}");
        let after = before.replacen(text, other, 1);
        let mut templates = self.templates.clone();
        if let Some(template) = templates.iter_mut().find(|template| template.path == path) {
            *template = Rc::new(Template::read(path, &after));
        }
        files.insert(path.to_owned(), after);
        Self { files, templates }
    }

    fn of_files(files: BTreeMap<String, String>) -> Self {
        let bicep = files.iter().filter(|(path, _)| path.ends_with(".bicep"));
        let templates = bicep.map(|(path, text)| Rc::new(Template::read(path, text))).collect();
        Self { files, templates }
    }

    /// Returns a Bicep file by path.
    pub fn template(&self, path: &str) -> Option<&Template> {
        self.templates.iter().find(|template| template.path == path).map(Rc::as_ref)
    }

    /// Returns a text file; empty if it does not exist.
    pub fn file(&self, path: &str) -> &str {
        self.files.get(path).map_or("", String::as_str)
    }

    /// Returns a JSON file; null if it does not exist.
    pub fn json(&self, path: &str) -> Json {
        serde_json::from_str(self.file(path)).unwrap_or_default()
    }

    /// Returns the first binding of every function, by name.
    pub fn functions(&self) -> BTreeMap<String, Json> {
        let named = self.files.keys().filter_map(|path| {
            let name = path.strip_prefix("functions/")?.strip_suffix("/function.json")?;
            Some((name.to_owned(), self.json(path)["bindings"][0].clone()))
        });
        named.collect()
    }
}

fn read(root: &Path, place: &Path, files: &mut BTreeMap<String, String>) {
    let full = root.join(place);
    if full.is_dir() {
        for entry in fs::read_dir(&full).unwrap() {
            read(root, &place.join(entry.unwrap().file_name()), files);
        }
    } else if let Ok(text) = fs::read_to_string(&full) {
        files.insert(place.to_str().unwrap().to_owned(), text);
    }
}
