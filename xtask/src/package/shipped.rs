//! What is shipped: the crates whose code is in the binary, and what stands in it beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::lock;
use crate::ROOT;
use crate::step::{self, Trouble, cargo};

/// The package that the binary is of.
const APP: &str = "bastion-archivist";

/// A part of the binary with a licence of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name, as others know it.
    pub name: String,
    /// Its version; empty where it goes by that of what brings it.
    pub version: String,
    /// Its package URL, by which it is known in every bill of materials.
    pub purl: String,
    /// Its licence, as an SPDX expression.
    pub licence: String,
    /// Who made it, as its manifest says.
    pub authors: Vec<String>,
    /// Where its source is; nowhere for what comes with the compiler or within another part.
    pub folder: Option<PathBuf>,
    /// The SHA-256 of the archive that its source came in, as `Cargo.lock` has it.
    pub checksum: Option<String>,
    /// Whether it is a member of this workspace.
    pub is_ours: bool,
    /// The package URLs of the parts that it needs.
    pub needs: BTreeSet<String>,
}

impl Part {
    /// Whether it is the one that all others are there for.
    pub fn is_app(&self) -> bool {
        self.is_ours && self.name == APP
    }
}

/// All crates of the binary for any of these targets, ordered by name and version. Macros are none: they run while it is built.
pub fn parts(targets: &[&str]) -> Result<Vec<Part>, Trouble> {
    let mut metadata = cargo(&["metadata", "--locked", "--format-version", "1"]);
    let mut tree = cargo(&["tree", "--locked", "--package", APP, "--edges", "normal,no-proc-macro"]);
    tree.args(["--prefix", "none", "--format", "{p}"]);
    for target in targets {
        metadata.args(["--filter-platform", target]);
        tree.args(["--target", target]);
    }
    let unreadable =
        |source: String| Trouble::Unreadable { what: "what cargo says of crates".into(), source: source.into() };
    let metadata = serde_json::from_slice(&step::output(metadata)?).map_err(|error| unreadable(error.to_string()))?;
    let tree = String::from_utf8_lossy(&step::output(tree)?).into_owned();
    let lock = fs::read_to_string(Path::new(ROOT).join("Cargo.lock")).map_err(|error| unreadable(error.to_string()))?;
    read(&metadata, &tree, &lock).map_err(unreadable)
}

/// The crates that the tree names, as the metadata describes them. Metadata alone names crates that only tests need.
pub fn read(metadata: &Value, tree: &str, lock: &str) -> Result<Vec<Part>, String> {
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

fn part(package: &Value, checksum: Option<&str>) -> Result<Part, String> {
    let (name, version) = (text(&package["name"]), text(&package["version"]));
    let is_ours = package["source"].is_null();
    // Ours are published nowhere, so none may be taken for a crate of the same name that is.
    let purl = match name {
        APP => format!("pkg:generic/{APP}@{version}"),
        _ if is_ours => format!("pkg:generic/{APP}/{name}@{version}"),
        _ => format!("pkg:cargo/{name}@{version}"),
    };
    if checksum.is_none() && !is_ours {
        return Err(format!("{name} {version} has no checksum"));
    }
    let licence = package["license"].as_str().ok_or_else(|| format!("{name} {version} has no licence expression"))?;
    Ok(Part {
        name: name.to_owned(),
        version: version.to_owned(),
        purl,
        // Crates of before SPDX expressions part alternatives by a slash.
        licence: licence.replace('/', " OR "),
        authors: list(&package["authors"]).iter().map(|author| without_address(text(author)).to_owned()).collect(),
        folder: Path::new(text(&package["manifest_path"])).parent().map(Path::to_owned),
        checksum: checksum.map(str::to_owned),
        is_ours,
        needs: BTreeSet::new(),
    })
}

/// A line of the tree: `name v1.2.3`, and more that does not matter.
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
