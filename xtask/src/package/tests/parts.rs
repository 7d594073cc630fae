//! Made-up parts and the matching output of cargo.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::shipped::{PackagePart, read};

/// Returns a third-party crate, version 1.0.0, without a folder.
pub fn part(name: &str, licence: &str) -> PackagePart {
    PackagePart {
        name: name.to_owned(),
        version: "1.0.0".to_owned(),
        purl: format!("pkg:cargo/{name}@1.0.0"),
        licence: licence.to_owned(),
        authors: Vec::new(),
        folder: None,
        checksum: Some("0a".repeat(32)),
        is_ours: false,
        needs: BTreeSet::new(),
    }
}

pub fn app() -> PackagePart {
    PackagePart { is_ours: true, checksum: None, ..part("bastion-archivist", "MIT") }
}

pub fn purls(parts: &[PackagePart]) -> Vec<String> {
    parts.iter().map(|part| part.purl.clone()).collect()
}

/// Returns metadata of the app, a workspace crate, a third-party crate in two versions, and a crate that only tests
/// need.
pub fn metadata() -> Value {
    let package = |name: &str, version: &str, source: Option<&str>| {
        json!({ "id": format!("{name}@{version}"), "name": name, "version": version, "source": source,
                "license": if source.is_some() { "Unlicense/MIT" } else { "MIT OR Apache-2.0" },
                "authors": ["A <a@example.com>"], "manifest_path": format!("/src/{name}-{version}/Cargo.toml") })
    };
    let normal = |id: &str| json!({ "pkg": id, "dep_kinds": [{ "kind": null }] });
    json!({
        "packages": [
            package("bastion-archivist", "0.1.0", None), package("domain", "0.1.0", None),
            package("jiff", "0.2.1", Some("registry")), package("jiff", "0.1.0", Some("registry")),
            package("proptest", "1.0.0", Some("registry")),
        ],
        "resolve": { "nodes": [
            { "id": "bastion-archivist@0.1.0", "deps": [
                normal("domain@0.1.0"), normal("jiff@0.1.0"),
                { "pkg": "jiff@0.2.1", "dep_kinds": [{ "kind": "dev" }] },
            ] },
            { "id": "domain@0.1.0", "deps": [normal("jiff@0.2.1"), normal("proptest@1.0.0")] },
            { "id": "jiff@0.2.1", "deps": [] }, { "id": "jiff@0.1.0", "deps": [] }, { "id": "proptest@1.0.0", "deps": [] },
        ] },
    })
}

pub const TREE: &str = "bastion-archivist v0.1.0 (/clone)\ndomain v0.1.0 (/clone/crates/domain)\njiff v0.1.0\njiff v0.2.1\njiff v0.2.1 (*)\n";

/// Returns the matching lock file.
pub fn lock() -> String {
    let entry = |version: &str| {
        format!("\n[[package]]\nname = \"jiff\"\nversion = \"{version}\"\nchecksum = \"{}\"\n", "0b".repeat(32))
    };
    format!("version = 4\n{}{}", entry("0.1.0"), entry("0.2.1"))
}

/// Returns the parts of this metadata, tree and lock file.
pub fn estate() -> Vec<PackagePart> {
    read(&metadata(), TREE, &lock()).unwrap()
}

#[test]
fn parts_come_from_the_tree_with_their_metadata() {
    let parts = estate();
    let app = "pkg:generic/bastion-archivist@0.1.0";
    let ours = "pkg:generic/bastion-archivist/domain@0.1.0";
    assert_eq!(purls(&parts), [app, ours, "pkg:cargo/jiff@0.1.0", "pkg:cargo/jiff@0.2.1"]);
    assert_eq!(parts[0].needs, BTreeSet::from(["pkg:cargo/jiff@0.1.0".to_owned(), ours.to_owned()]));
    assert_eq!(parts[1].needs, BTreeSet::from(["pkg:cargo/jiff@0.2.1".to_owned()]));
    assert_eq!((parts[3].licence.as_str(), parts[3].authors[0].as_str()), ("Unlicense OR MIT", "A"));
}

#[test]
fn a_crate_without_description_checksum_or_licence_is_rejected() {
    let tree = format!("{TREE}gone v1.0.0\n");
    assert_eq!(read(&metadata(), &tree, &lock()), Err("5 crates are shipped, and 4 described".into()));
    assert_eq!(read(&metadata(), TREE, ""), Err("jiff 0.2.1 has no checksum".into()));
    let mut metadata = metadata();
    metadata["packages"][1]["license"] = Value::Null;
    assert_eq!(read(&metadata, TREE, &lock()), Err("domain 0.1.0 has no licence expression".into()));
}
