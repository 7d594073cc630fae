//! `archivist evidence`: exported beside a catalogue, verified on a machine that has nothing but the file.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::process::backfill::Desk;
use crate::support::process::{ARCHIVIST, EndedProcess, Running};

fn exported(desk: &Desk, file: &str) -> Vec<u8> {
    let ended = desk.run(&["evidence", "export", "--all", "--out", file]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    fs::read(desk.0.path().join(file)).unwrap()
}

/// Verifies a bundle in an empty folder, without any environment.
fn verified(bundle: &[u8]) -> EndedProcess {
    let elsewhere = TempDir::new().unwrap();
    fs::write(elsewhere.path().join("bundle.zip"), bundle).unwrap();
    let mut command = Command::new(ARCHIVIST);
    command.args(["evidence", "verify", "bundle.zip"]).env_clear().current_dir(elsewhere.path());
    let ended = Running::start(&mut command).end();
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1, "verification writes nothing");
    ended
}

#[test]
fn a_bundle_is_verified_without_catalogue_and_configuration() {
    let desk = Desk::with_a_report();
    let bundle = exported(&desk, "one.zip");
    let ended = verified(&bundle);
    assert_eq!(ended.code, Some(0), "{} {}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("every byte fits"), "{}", ended.stdout);
}

#[test]
fn the_same_state_is_exported_as_the_same_bytes() {
    let desk = Desk::with_a_report();
    assert_eq!(exported(&desk, "one.zip"), exported(&desk, "two.zip"));
}

#[test]
fn a_changed_name_in_a_bundle_is_reported_with_its_file() {
    let desk = Desk::with_a_report();
    let mut bundle = exported(&desk, "one.zip");
    let name = b"recordings.jsonl";
    // The content of the file begins behind its name in the local header.
    let at = bundle.windows(name.len()).position(|bytes| bytes == name).unwrap() + name.len() + 200;
    bundle[at] ^= 1;
    let ended = verified(&bundle);
    assert_eq!(ended.code, Some(1), "{}", ended.stdout);
    let told = format!("{}{}", ended.stdout, ended.stderr);
    assert!(told.contains("recordings.jsonl"), "{told}");
}

#[test]
fn an_existing_file_is_not_replaced() {
    let desk = Desk::with_a_report();
    let file = desk.0.path().join("kept.zip");
    fs::write(&file, "kept").unwrap();
    let ended = desk.run(&["evidence", "export", "--all", "--out", "kept.zip"]);
    assert_ne!(ended.code, Some(0));
    assert_eq!(fs::read_to_string(Path::new(&file)).unwrap(), "kept");
    assert!(ended.stderr.contains("--overwrite"), "{}", ended.stderr);
}
