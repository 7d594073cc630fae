//! Compares every sample event with its expectation file.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::meaning;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/event-grid");

fn inputs() -> Vec<PathBuf> {
    let files = fs::read_dir(FIXTURES).unwrap().map(|file| file.unwrap().path());
    let mut inputs: Vec<_> = files.filter(|file| !is(file, ".expected.json") && !is(file, ".md")).collect();
    inputs.sort();
    inputs
}

fn is(file: &Path, ending: &str) -> bool {
    file.to_str().unwrap().ends_with(ending)
}

fn expected_beside(input: &Path) -> Value {
    let path = format!("{}.expected.json", input.display());
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path} must say what the input means: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_event_fixture_decodes_as_its_expectation() {
    let inputs = inputs();
    assert!(inputs.len() >= 35, "{} samples are left", inputs.len());
    for input in inputs {
        let meaning = meaning::meaning(&fs::read(&input).unwrap());
        assert_eq!(meaning, expected_beside(&input), "{}\n{meaning:#}", input.display());
    }
}

#[test]
fn no_expected_meaning_is_left_without_its_sample() {
    for file in fs::read_dir(FIXTURES).unwrap().map(|file| file.unwrap().path()) {
        if let Some(input) = file.to_str().unwrap().strip_suffix(".expected.json") {
            assert!(Path::new(input).exists(), "{input}");
        }
    }
}

/// The account name of the published samples is invalid, which hides their other members.
#[test]
fn the_published_samples_are_understood_once_their_account_could_exist() {
    for (file, container, name, what) in [
        (
            "doc-blob-created",
            "test-container",
            "new-file.txt",
            r#"{"written":{"etag":"0x8D4BCC2E4835CD0","size":524288}}"#,
        ),
        (
            "doc-blob-created-hns-createfile",
            "my-file-system",
            "new-file.txt",
            r#"{"written":{"etag":"0x8D4BCC2E4835CD0","size":0}}"#,
        ),
        ("doc-blob-deleted", "testcontainer", "file-to-delete.txt", r#""deleted""#),
        ("doc-blob-tier-changed", "testcontainer", "Auto.jpg", r#""tier changed""#),
    ] {
        for schema in ["eventgrid", "cloudevents"] {
            let sample = fs::read_to_string(format!("{FIXTURES}/{file}.{schema}.json")).unwrap();
            let meaning = meaning::meaning(sample.replace("my-storage-account", "mystorageaccount").as_bytes());
            assert_eq!(meaning[0]["account"], "mystorageaccount", "{file}.{schema}");
            assert_eq!((&meaning[0]["container"], &meaning[0]["name"]), (&container.into(), &name.into()));
            assert_eq!(meaning[0]["what"], serde_json::from_str::<Value>(what).unwrap(), "{file}.{schema}");
        }
    }
}
