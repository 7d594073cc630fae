//! `archivist local --sample --once`: the sample weeks.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::process::{ARCHIVIST, Running, eventually, free_port};

const SAMPLE: &str = "archivist-data/.archivist/sample";

/// Path of a sample's catalogue.
pub const CATALOGUE: &str = "archivist-data/.archivist/sample/.archivist/catalogue.sqlite";

pub fn start(home: &TempDir, arguments: &[&str]) -> Running {
    let mut command = Command::new(ARCHIVIST);
    command.args(arguments).env_clear().current_dir(home.path());
    let catalogue = format!("sqlite:{CATALOGUE}");
    Running::start(command.env("ARCHIVIST_CATALOGUE", catalogue))
}

/// Returns the output of a run. Panics if the run fails.
pub fn done(run: Running) -> String {
    let ended = run.end();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    ended.stdout
}

#[test]
fn an_interrupted_sample_says_so_and_ends_with_1() {
    let home = TempDir::new().unwrap();
    let run = start(&home, &["local", "--sample", "--once", "--json", "--port", "0"]);
    eventually("the weeks are played", || home.path().join(CATALOGUE).exists());
    run.terminate();
    let ended = run.end();
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{}", ended.stderr);
    assert!(ended.stderr.contains("interrupted before the six weeks were over"), "{}", ended.stderr);
}

/// Returns the catalogue without values that depend on timing: revisions, because neighbours are judged in no fixed
/// order, and the certainty of a match, which depends on the calibration at that moment.
fn recordings(home: &TempDir) -> Value {
    let listed = done(start(home, &["recordings", "list", "--json", "--limit", "1000"]));
    let mut page: Value = serde_json::from_str(&listed).unwrap();
    for item in page["items"].as_array_mut().unwrap() {
        item["revision"].take();
        item["undecided"].take();
        // A hold is applied by the next pass, which comes earlier or later under load.
        for hold in item["holds"].as_array_mut().unwrap() {
            hold["since"].take();
        }
        forget_how_sure(&mut item["session"]);
        item["candidates"].as_array_mut().unwrap().iter_mut().for_each(forget_how_sure);
        item["candidates"].as_array_mut().unwrap().sort_by_key(|candidate| candidate["tunnel_id"].to_string());
    }
    page
}

fn forget_how_sure(session: &mut Value) {
    if let Some(session) = session.as_object_mut() {
        session.retain(|name, _| !["lead", "lead_needed", "offsets", "explained"].contains(&name.as_str()));
    }
}

/// Removes counts that vary by corrections: a match made in the minute in which its day is calibrated again may be
/// corrected.
fn without_corrections(summary: &str) -> String {
    let corrected =
        ["notifications delivered", "recording.ambiguous", "recording.catalogued", "notification_delivery: applied"];
    let kept = |line: &&str| !corrected.iter().any(|what| line.trim_start().starts_with(what));
    summary.lines().filter(kept).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_sample_begins_afresh_and_ends_the_same_every_time() {
    let homes = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    // One of them has an older sample, which must be removed completely.
    let left_over = homes[1].path().join(Path::new(SAMPLE)).join("strechubweu/recordings/left-over");
    fs::create_dir_all(left_over.parent().unwrap()).unwrap();
    fs::write(&left_over, "left over").unwrap();

    // Both run concurrently, because they mostly wait for the disk.
    let runs = homes.each_ref().map(|home| {
        let port = free_port().to_string();
        start(home, &["local", "--sample", "--once", "--port", &port])
    });
    let [first, second] = runs.map(|run| without_corrections(&done(run)).replace(ARCHIVIST, "archivist"));
    insta::assert_snapshot!(first);
    assert_eq!(second, first, "the same weeks");

    let listed = homes.each_ref().map(recordings);
    assert_eq!(listed[0], listed[1], "the same catalogue, with its ids");
    let count = listed[0]["items"].as_array().unwrap().len();
    let told = first.lines().find(|line| line.contains("recordings in the catalogue")).unwrap();
    assert!(told.ends_with(&format!(" {count}")), "{count} are listed, and the summary says: {told}");
}

#[test]
fn every_suggested_command_works_as_printed() {
    let home = TempDir::new().unwrap();
    let port = free_port().to_string();
    let said = done(start(&home, &["local", "--sample", "--once", "--port", &port]));
    let commands: Vec<&str> = said.lines().filter(|line| line.contains(" --folder ")).map(str::trim).collect();
    assert_eq!(commands.len(), 3, "{said}");
    for command in commands {
        let mut shell = Command::new("sh");
        let ended = shell.args(["-c", command]).env_clear().current_dir(home.path()).output().unwrap();
        // Exit code 1: with findings. The name of the deleted recording has another content now.
        let expected = i32::from(command.ends_with("gaps") || command.ends_with("ledger verify"));
        assert_eq!(ended.status.code(), Some(expected), "{command}: {}", String::from_utf8_lossy(&ended.stderr));
        assert!(!ended.stdout.is_empty(), "{command}");
    }
}
