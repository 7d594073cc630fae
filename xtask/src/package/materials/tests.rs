use std::collections::BTreeSet;

use serde_json::Value;

use super::super::shipped;
use super::super::tests::parts::estate;
use super::{Build, document};

const BUILD: Build<'static> = Build { made_at: Some("2026-01-02T03:04:05Z"), target: "x86_64-unknown-linux-musl" };

/// Checks a document against the rules of CycloneDX. For the members that ours uses, its JSON schema demands no more.
fn problems(document: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let mut expect = |holds: bool, problem: String| {
        if !holds {
            problems.push(problem);
        }
    };
    expect(document["bomFormat"] == "CycloneDX" && document["specVersion"] == "1.6", "no CycloneDX 1.6".into());
    expect(document["version"].as_u64().is_some_and(|version| version > 0), "no version".into());
    expect(is_serial_number(text(&document["serialNumber"])), "no serial number".into());
    let components = [&document["metadata"]["component"]];
    let components: Vec<_> = components.into_iter().chain(list(&document["components"])).collect();
    let mut refs = BTreeSet::new();
    for component in &components {
        let name = text(&component["name"]);
        expect(!name.is_empty(), "a component has no name".into());
        expect(["application", "library"].contains(&text(&component["type"])), format!("{name}: no known type"));
        expect(refs.insert(text(&component["bom-ref"])), format!("{name}: its reference is listed twice"));
        expect(text(&component["purl"]).starts_with("pkg:"), format!("{name}: no package URL"));
        let licences: Vec<_> =
            list(&component["licenses"]).iter().map(|licence| text(&licence["expression"])).collect();
        let is_expression = licences.len() == 1 && !licences[0].is_empty() && !licences[0].contains('/');
        expect(is_expression, format!("{name}: no licence expression"));
        for hash in list(&component["hashes"]) {
            expect(hash["alg"] == "SHA-256" && is_hex(text(&hash["content"]), 64), format!("{name}: no digest"));
        }
    }
    let mut told = BTreeSet::new();
    for dependency in list(&document["dependencies"]) {
        let reference = text(&dependency["ref"]);
        expect(told.insert(reference), format!("{reference} is listed twice"));
        for needed in list(&dependency["dependsOn"]).iter().map(text) {
            expect(refs.contains(needed), format!("{reference} needs {needed:?}, which is not a component"));
        }
    }
    expect(told == refs, "components and dependencies do not list the same references".into());
    problems
}

fn is_serial_number(text: &str) -> bool {
    let Some(uuid) = text.strip_prefix("urn:uuid:") else { return false };
    let groups: Vec<_> = uuid.split('-').collect();
    groups.len() == 5 && groups.iter().zip([8, 4, 4, 4, 12]).all(|(group, length)| is_hex(group, length))
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn a_small_bill_of_materials_conforms_to_its_schema() {
    let document = document(&estate(), &BUILD).unwrap();
    assert_eq!(problems(&document), [""; 0]);
    assert_eq!(document["metadata"]["timestamp"], "2026-01-02T03:04:05Z");
    assert_eq!(list(&document["components"]).len(), 3);
    let jiff = list(&document["components"]).iter().find(|component| component["version"] == "0.2.1").unwrap();
    assert_eq!(jiff["purl"], "pkg:cargo/jiff@0.2.1");
    assert_eq!(jiff["licenses"][0]["expression"], "Unlicense OR MIT");
    assert_eq!(jiff["hashes"][0]["content"], "0b".repeat(32));
}

#[test]
fn the_bill_of_materials_conforms_to_its_schema() {
    let parts = shipped::parts(&[BUILD.target]).unwrap();
    let document = document(&parts, &BUILD).unwrap();
    assert_eq!(problems(&document), [""; 0]);
    let names: Vec<_> = list(&document["components"]).iter().map(|component| text(&component["name"])).collect();
    for needed in ["azure_core", "domain", "ring", "tokio"] {
        assert!(names.contains(&needed), "{needed}");
    }
    for foreign in ["proptest", "syn", "serde_derive", "xtask", "zip"] {
        assert!(!names.contains(&foreign), "{foreign}");
    }
}

#[test]
fn the_serial_number_depends_only_on_the_parts() {
    let one = document(&estate(), &BUILD).unwrap();
    assert_eq!(one, document(&estate(), &BUILD).unwrap());
    let mut changed = estate();
    changed[0].version.push('1');
    assert_ne!(one["serialNumber"], document(&changed, &BUILD).unwrap()["serialNumber"]);
    let untimed = document(&estate(), &Build { made_at: None, ..BUILD }).unwrap();
    assert!(untimed["metadata"]["timestamp"].is_null());
}

#[test]
fn a_bill_that_breaks_a_rule_is_found() {
    let broken = |spoil: fn(&mut Value)| {
        let mut document = document(&estate(), &BUILD).unwrap();
        spoil(&mut document);
        problems(&document).len()
    };
    assert_eq!(broken(|bill| bill["serialNumber"] = "urn:uuid:1".into()), 1);
    assert_eq!(broken(|bill| bill["components"][0]["licenses"][0]["expression"] = "MIT/ISC".into()), 1);
    assert_eq!(broken(|bill| bill["dependencies"][0]["dependsOn"][0] = "pkg:cargo/gone@1.0.0".into()), 1);
    assert_eq!(broken(|bill| bill["components"][1]["bom-ref"] = bill["components"][0]["bom-ref"].clone()), 3);
    assert_eq!(broken(|bill| bill["components"][1]["hashes"][0]["content"] = "0b".into()), 1);
}
