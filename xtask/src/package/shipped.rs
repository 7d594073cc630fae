//! Lists the crates whose code is in the binary.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::lock;
use crate::ROOT;
use crate::step::{self, StepError, cargo};

/// Package of the binary.
const APP: &str = "bastion-archivist";

/// A part of the binary with its own licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackagePart {
    pub name: String,
    /// Version; empty if the part has no version of its own.
    pub version: String,
    /// Package URL, which identifies the part in bills of materials.
    pub purl: String,
    /// Licence as an SPDX expression.
    pub licence: String,
    /// Authors as in the manifest.
    pub authors: Vec<String>,
    /// Folder of the source; `None` for parts of the compiler or of another part.
    pub folder: Option<PathBuf>,
    /// SHA-256 of the source archive, from `Cargo.lock`.
    pub checksum: Option<String>,
    /// True for a member of this workspace.
    pub is_ours: bool,
    /// Package URLs of the parts that this one depends on.
    pub needs: BTreeSet<String>,
}

impl PackagePart {
    /// Returns true for the app itself.
    pub fn is_app(&self) -> bool {
        self.is_ours && self.name == APP
    }
}

/// Returns all crates of the binary for any of these targets, ordered by name and version. Procedural macros are left
/// out, because they run only during the build.
pub fn parts(targets: &[&str]) -> Result<Vec<PackagePart>, StepError> {
    let mut metadata = cargo(&["metadata", "--locked", "--format-version", "1"]);
    let mut tree = cargo(&["tree", "--locked", "--package", APP, "--edges", "normal,no-proc-macro"]);
    tree.args(["--prefix", "none", "--format", "{p}"]);
    for target in targets {
        metadata.args(["--filter-platform", target]);
        tree.args(["--target", target]);
    }
    let unreadable =
        |source: String| StepError::Unreadable { what: "cargo's list of crates".into(), source: source.into() };
    let metadata = serde_json::from_slice(&step::output(metadata)?).map_err(|error| unreadable(error.to_string()))?;
    let tree = String::from_utf8_lossy(&step::output(tree)?).into_owned();
    let lock = fs::read_to_string(Path::new(ROOT).join("Cargo.lock")).map_err(|error| unreadable(error.to_string()))?;
    read(&metadata, &tree, &lock).map_err(unreadable)
}

/// Returns the crates that the tree names, described by the metadata. Metadata alone also contains crates that only
/// tests need.
pub fn read(metadata: &Value, tree: &str, lock: &str) -> Result<Vec<PackagePart>, String> {
    let checksums = lock::checksums(lock);
    let shipped: BTreeSet<_> = tree.lines().filter_map(name_and_version).collect();
    let mut found = BTreeMap::new();
    for package in list(&metadata["packages"]) {
        let name_and_version = (text(&package["name"]), text(&package["version"]));
        if let Some(key) = shipped.get(&name_and_version) {
            found.insert(text(&package["id"]), part(package, checksums.get(key).copied())?);
        }
    }
    if found.len() != shipped.len() {
        return Err(format!("{} crates are shipped, and {} described", shipped.len(), found.len()));
    }
    for node in list(&metadata["resolve"]["nodes"]) {
        let needed = list(&node["deps"]).iter().filter(|needed| list(&needed["dep_kinds"]).iter().any(is_normal));
        let needs: BTreeSet<_> =
            needed.filter_map(|needed| found.get(text(&needed["pkg"]))).map(|part| part.purl.clone()).collect();
        if let Some(part) = found.get_mut(text(&node["id"])) {
            part.needs = needs;
        }
    }
    let mut parts: Vec<_> = found.into_values().collect();
    parts.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    Ok(parts)
}

fn part(package: &Value, checksum: Option<&str>) -> Result<PackagePart, String> {
    let (name, version) = (text(&package["name"]), text(&package["version"]));
    let is_ours = package["source"].is_null();
    // Workspace crates are not published, so their URLs must not match a published crate of the same name.
    let purl = match name {
        APP => format!("pkg:generic/{APP}@{version}"),
        _ if is_ours => format!("pkg:generic/{APP}/{name}@{version}"),
        _ => format!("pkg:cargo/{name}@{version}"),
    };
    if checksum.is_none() && !is_ours {
        return Err(format!("{name} {version} has no checksum"));
    }
    let licence = package["license"].as_str().ok_or_else(|| format!("{name} {version} has no licence expression"))?;
    Ok(PackagePart {
        name: name.to_owned(),
        version: version.to_owned(),
        purl,
        // Crates older than SPDX expressions separate alternatives by a slash.
        licence: licence.replace('/', " OR "),
        authors: list(&package["authors"]).iter().map(|author| without_address(text(author)).to_owned()).collect(),
        folder: Path::new(text(&package["manifest_path"])).parent().map(Path::to_owned),
        checksum: checksum.map(str::to_owned),
        is_ours,
        needs: BTreeSet::new(),
    })
}

/// Parses a line of the tree: `name v1.2.3`, followed by ignored text.
fn name_and_version(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split(' ');
    Some((words.next()?, words.next()?.strip_prefix('v')?))
}

fn is_normal(kind: &Value) -> bool {
    kind["kind"].is_null()
}

fn without_address(author: &str) -> &str {
    author.split(" <").next().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
