//! Checks every sample of the host's traffic against the expectation file beside it.

#![expect(clippy::unwrap_used, reason = "a sample that cannot be read fails its test")]

mod answers;
mod app;
#[path = "../../../crates/storage-events/tests/it/meaning.rs"]
mod meaning;
mod requests;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/custom-handler");

/// A sample with its expectation.
struct Sample {
    name: String,
    bytes: Vec<u8>,
    expected: Value,
}

/// Returns all samples, without those of the app.
fn samples() -> Vec<Sample> {
    let mut samples: Vec<_> = files(Path::new(FIXTURES)).iter().filter_map(|file| sample(file)).collect();
    samples.sort_by(|a, b| a.name.cmp(&b.name));
    samples
}

fn sample(file: &Path) -> Option<Sample> {
    let name = file.file_name().unwrap().to_str().unwrap().to_owned();
    if name.ends_with(".expected.json") || name == "ORIGIN.md" || file.is_dir() {
        return None;
    }
    let beside = file.with_file_name(format!("{name}.expected.json"));
    let expected = fs::read(&beside).unwrap_or_else(|error| panic!("{name} has no expected meaning: {error}"));
    let expected = serde_json::from_slice(&expected).unwrap_or_else(|error| panic!("{name}: {error}"));
    Some(Sample { name, bytes: fs::read(file).unwrap(), expected })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect()
}

#[test]
fn every_sample_is_a_request_or_an_answer() {
    let (answers, requests): (Vec<_>, Vec<_>) = samples().into_iter().partition(answers::is_one);
    assert!(answers.len() >= 11 && requests.len() >= 23, "{} answers, {} requests", answers.len(), requests.len());
}

#[test]
fn no_expected_meaning_is_left_without_its_sample() {
    for file in files(Path::new(FIXTURES)) {
        if let Some(input) = file.to_str().unwrap().strip_suffix(".expected.json") {
            assert!(Path::new(input).exists(), "{input}");
        }
    }
}
