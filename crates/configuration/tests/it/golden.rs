//! Compatibility of files, and the released schema.

use std::path::Path;

use configuration::Configuration;
use serde_json::{Value, json};

use crate::read;

#[test]
fn the_golden_file_of_version_1_is_read_unchanged() {
    insta::assert_debug_snapshot!(read(include_str!("../golden/v1.yaml")).unwrap());
}

#[test]
fn a_left_out_key_has_its_default() {
    insta::assert_debug_snapshot!(read("version: 1").unwrap());
}

#[test]
fn the_schema_defaults_equal_the_defaults_of_left_out_keys() {
    let schema: Value = serde_json::from_str(&configuration::schema()).unwrap();
    let mut matching = defaults(&schema, "matching");
    matching["failed_logins"] = defaults(&schema, "failed_logins");
    let written = json!({
        "version": 1,
        "matching": matching,
        "ledger": defaults(&schema, "ledger"),
        "privacy": defaults(&schema, "privacy"),
    });
    assert_eq!(written["matching"].as_object().unwrap().len(), 11, "{written}");
    assert_eq!(read(&written.to_string()), read("version: 1"));
    let class = json!({ "retain_for": "P1Y", "delete_after": "P1Y", "then": "delete" });
    let mut retention = json!({ "default_class": "standard", "classes": { "standard": class } });
    let short = json!({ "version": 1, "retention": retention });
    let defaults_of_retention = defaults(&schema, "retention");
    retention.as_object_mut().unwrap().extend(defaults_of_retention.as_object().unwrap().clone());
    retention["limits"] = defaults(&schema, "limits");
    assert_eq!(retention.as_object().unwrap().len(), 7, "{retention}");
    let written =
        json!({ "version": 1, "time_zone": schema["properties"]["time_zone"]["default"], "retention": retention });
    assert_eq!(read(&written.to_string()), read(&short.to_string()));
}

/// Keys of a definition with their defaults.
fn defaults(schema: &Value, definition: &str) -> Value {
    let keys = schema["$defs"][definition]["properties"].as_object().unwrap().iter();
    keys.filter_map(|(key, it)| Some((key.clone(), it.get("default")?.clone()))).collect()
}

#[test]
fn a_byte_order_mark_and_line_endings_are_ignored() {
    let golden = include_str!("../golden/v1.yaml");
    let marked = format!("\u{feff}{}", golden.replace('\n', "\r\n"));
    assert_eq!(read(&marked), read(golden));
}

#[test]
fn without_a_file_a_folder_is_the_estate() {
    insta::assert_debug_snapshot!((
        Configuration::local(Path::new("/srv/data")).unwrap(),
        Configuration::local(Path::new("/srv/data")).unwrap().estate(),
    ));
}

#[test]
fn the_estate_knows_earlier_containers_too() {
    insta::assert_debug_snapshot!(read(include_str!("../golden/v1.yaml")).unwrap().estate());
}

/// Run `UPDATE_SCHEMA=1 cargo test -p configuration` to update the file.
#[test]
fn the_schema_in_the_repository_is_that_of_the_types() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../archivist.schema.json");
    if option_env("UPDATE_SCHEMA").is_some() {
        std::fs::write(&file, configuration::schema()).unwrap();
    }
    let checked_in = std::fs::read_to_string(&file).unwrap_or_default();
    let told = "archivist.schema.json is not up to date: run UPDATE_SCHEMA=1 cargo test -p configuration";
    assert!(checked_in == configuration::schema(), "{told}");
}

#[expect(clippy::disallowed_methods, reason = "a switch of the test itself, no setting of the product")]
fn option_env(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name)
}
