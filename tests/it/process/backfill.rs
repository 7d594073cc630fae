//! `archivist backfill` from an inventory report and a folder of logs.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::process::{ARCHIVIST, Ended, Running};

/// A folder with a catalogue, and nothing configured.
struct Desk(TempDir);

fn fixture(path: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path).display().to_string()
}

impl Desk {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(ARCHIVIST);
        command.args(arguments).env_clear().current_dir(self.0.path());
        Running::start(command.env("ARCHIVIST_CATALOGUE", "sqlite:catalogue.sqlite")).end()
    }

    /// A backfill from a report that was made three days after the recordings.
    fn backfill(&self, report: &str, more: &[&str]) -> Ended {
        let logs = fixture("audit-logs/tree");
        let arguments =
            ["backfill", "--inventory", report, "--audit-logs", &logs, "--as-of", "2025-11-08T00:00:00Z", "--json"];
        self.run(&[&arguments, more].concat())
    }

    /// What a command gives as one document, without what counts how often a thing was saved.
    fn document(&self, arguments: &[&str]) -> Value {
        let mut document: Value = serde_json::from_str(&self.run(arguments).stdout).unwrap();
        for item in document["items"].as_array_mut().unwrap() {
            item["revision"] = Value::Null;
        }
        document
    }

    fn everything(&self) -> [Value; 2] {
        [self.document(&["recordings", "list", "--json"]), self.document(&["sessions", "list", "--json"])]
    }
}

fn summary(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{} {}", ended.stdout, ended.stderr))
}

#[test]
fn a_report_and_a_folder_of_logs_become_a_catalogue_that_a_second_run_does_not_change() {
    let desk = Desk::new();
    let first = desk.backfill(&fixture("inventory/report.csv"), &[]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    let found = summary(&first);
    assert_eq!((&found["recordings"]["total"], &found["recordings"]["matched"]), (&3.into(), &2.into()), "{found}");
    assert_eq!((&found["recordings"]["unmatched"], &found["sessions"]["total"]), (&1.into(), &3.into()), "{found}");
    let [recordings, sessions] = desk.everything();
    let people: Vec<&Value> = recordings["items"].as_array().unwrap().iter().map(|item| &item["person"]).collect();
    assert_eq!(people, [&Value::Null, &"ops@contoso.com".into(), &"zuko@contoso.com".into()]);
    assert!(recordings["items"][1]["tags"]["bsr-state"].is_null(), "no tag of ours is claimed to be there");

    let second = desk.backfill(&fixture("inventory/report.csv"), &[]);
    assert_eq!((second.code, summary(&second)), (Some(0), found));
    assert_eq!(desk.everything(), [recordings, sessions]);
    assert_eq!(desk.run(&["gaps"]).code, Some(1), "the recording that nobody attended is a gap");
}

#[test]
fn without_configuration_everything_is_of_the_bastion_that_is_named() {
    let desk = Desk::new();
    let ended = desk.backfill(&fixture("inventory/report.csv"), &["--bastion", "bas-of-a-customer"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let [recordings, _] = desk.everything();
    let items = recordings["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["bastion"] == "bas-of-a-customer"), "{items:?}");
}

#[test]
fn recordings_older_than_asked_for_are_left_out_and_come_with_a_wider_run() {
    let desk = Desk::new();
    let total =
        |more: &[&str]| summary(&desk.backfill(&fixture("inventory/report.csv"), more))["recordings"]["total"].clone();
    assert_eq!(total(&["--since", "2025-11-05T10:01:00Z"]), 1);
    assert_eq!(total(&["--since", "2025-11-05"]), 3);
}

#[test]
fn rows_that_cannot_be_read_are_told_and_end_with_1_and_the_others_are_catalogued() {
    let desk = Desk::new();
    let good = std::fs::read_to_string(fixture("inventory/report.csv")).unwrap();
    let report = desk.0.path().join("report.csv");
    std::fs::write(&report, format!("{good}recordings/\u{1b}[2J,soon,soon,e,1,,,,,\n")).unwrap();
    let ended = desk.backfill(&report.display().to_string(), &[]);
    assert_eq!(ended.code, Some(1));
    assert_eq!(summary(&ended)["recordings"]["total"], 3);
    assert_eq!(summary(&ended)["rejected_rows"], 1);
    assert!(ended.stderr.contains("report.csv:7: row not read: Creation-Time \"soon\" is no time"), "{}", ended.stderr);
}

#[test]
fn what_cannot_be_a_backfill_ends_with_2_and_says_why() {
    let desk = Desk::new();
    std::fs::write(desk.0.path().join("report.csv"), "Name,Etag\n").unwrap();
    let lacking = desk.backfill("report.csv", &[]);
    assert_eq!(lacking.code, Some(2));
    assert!(lacking.stderr.contains("the report lacks the columns Creation-Time, Last-Modified"), "{}", lacking.stderr);
    for (arguments, reason) in [
        (vec!["backfill"], "no bastion is configured"),
        (vec!["backfill", "--inventory", "report.csv"], "--audit-logs <DIR>"),
        (vec!["backfill", "--inventory", "nowhere.csv", "--audit-logs", "."], "nowhere.csv"),
    ] {
        let ended = desk.run(&arguments);
        assert_eq!(ended.code, Some(2), "{}", ended.stderr);
        assert!(ended.stderr.contains(reason), "{}", ended.stderr);
    }
}

#[test]
fn a_configured_folder_is_read_as_storage_is_and_tagged() {
    let desk = Desk::new();
    let root = desk.0.path();
    let (recordings, logs) = (root.join("records01/recordings"), root.join("records01/logs"));
    std::fs::create_dir_all(&recordings).unwrap();
    std::fs::create_dir_all(&logs).unwrap();
    std::fs::write(recordings.join("vm-web-01-root.1"), "x").unwrap();
    let account = root.join("records01").display().to_string();
    let configuration = format!(
        "version: 1\nbastions:\n  - name: bas-test\n    recordings: {{ account_url: \"file://{account}\", container: recordings }}\n    audit_logs: {{ account_url: \"file://{account}\", container: logs }}\n"
    );
    std::fs::write(root.join("archivist.yaml"), configuration).unwrap();
    let ended = desk.run(&["backfill", "--bastion", "bas-test", "--json"]);
    assert_eq!((ended.code, &summary(&ended)["recordings"]["total"]), (Some(0), &1.into()), "{}", ended.stderr);
    assert_eq!(desk.document(&["recordings", "list", "--json"])["items"][0]["tags"]["bsr-state"], "active");
    let other = desk.run(&["backfill", "--bastion", "bas-other"]);
    assert_eq!(other.code, Some(2));
    assert!(other.stderr.contains("\"bas-other\" is not configured; configured are bas-test"), "{}", other.stderr);
}
