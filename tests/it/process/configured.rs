//! Configurations of commands on a folder: without bastions, and with those of storage accounts.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::process::{ARCHIVIST, EndedProcess, Running};

const RULES: &str = "version: 1
retention:
  clock: created
  default_class: brief
  classes:
    brief: { retain_for: P10D, delete_after: P10D, then: delete }
  grace: P3D
";

fn run(home: &Path, arguments: &[&str]) -> EndedProcess {
    let mut command = Command::new(ARCHIVIST);
    Running::start(command.args(arguments).env_clear().current_dir(home)).end()
}

/// Returns the retention classes of all recordings.
fn classes(home: &Path) -> Vec<Value> {
    let listed = run(home, &["recordings", "list", "--json"]);
    let page: Value = serde_json::from_str(&listed.stdout).unwrap_or_else(|_| panic!("{}", listed.stderr));
    page["items"].as_array().unwrap().iter().map(|item| item["retention"]["class"].clone()).collect()
}

#[test]
fn a_local_run_keeps_the_policy_of_a_file_without_bastions() {
    let home = TempDir::new().unwrap();
    let recordings = home.path().join("archivist-data/local/recordings");
    fs::create_dir_all(&recordings).unwrap();
    let file = File::create(recordings.join("vm-web-01-azureadmin")).unwrap();
    file.set_len(1_000).unwrap();
    file.set_modified("2025-02-01T09:00:00Z".parse::<Timestamp>().unwrap().into()).unwrap();
    fs::write(home.path().join("archivist.yaml"), RULES).unwrap();
    let ended = run(home.path(), &["local", "--once", "--port", "0"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(classes(home.path()), ["brief"]);
}

#[test]
fn a_backfill_of_a_report_keeps_the_policy_of_a_file_without_bastions() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("archivist.yaml"), RULES).unwrap();
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let (report, logs) = (fixtures.join("inventory/report.csv"), fixtures.join("audit-logs/tree"));
    let (report, logs) = (report.to_str().unwrap(), logs.to_str().unwrap());
    let ended =
        run(home.path(), &["backfill", "--inventory", report, "--audit-logs", logs, "--as-of", "2025-11-08T00:00:00Z"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(classes(home.path()), ["brief", "brief", "brief"]);
}

const BASTION: &str = "bastions:
  - name: bas-hub-01
    resource_id: /subscriptions/8d2c9a54-1f0b-4e7d-9b0e-3d5f6a7b8c90/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bas-hub-01
    recordings: { account_url: \"https://stbastionrec01.blob.core.windows.net\", container: recordings }
    audit_logs: { account_url: \"https://stbastionrec01.blob.core.windows.net\" }
notifications:
  channels: { shown: { kind: stub } }
";

/// Runs `local` in a folder `D` that is not the default, then every kind of command.
fn every_command_works(home: &Path, account: &str) {
    let recordings = home.join("D").join(account).join("recordings");
    fs::create_dir_all(&recordings).unwrap();
    let file = File::create(recordings.join("vm-web-01-azureadmin")).unwrap();
    file.set_len(1_000).unwrap();
    file.set_modified("2025-02-01T09:00:00Z".parse::<Timestamp>().unwrap().into()).unwrap();
    let local = run(home, &["local", "--folder", "D", "--once", "--port", "0"]);
    assert_eq!(local.code, Some(0), "{}", local.stderr);
    let listed = run(home, &["--folder", "D", "recordings", "list", "--json"]).stdout;
    let page: Value = serde_json::from_str(&listed).unwrap();
    let id = page["items"][0]["id"].as_str().unwrap();
    for arguments in [
        &["recordings", "show", id][..],
        &["hold", "place", "--case", "C1", "--reason", "a letter", "--recording", id],
        &["hold", "list"],
        &["hold", "release", "--case", "C1", "--yes"],
        &["retention", "plan"],
        &["retention", "run"],
        &["policy", "explain", id],
        &["evidence", "export", "--recording", id, "--with-content", "--out", "evidence.zip"],
        &["backfill"],
    ] {
        let ended = run(home, &[&["--folder", "D"], arguments].concat());
        assert_eq!(ended.code, Some(0), "{arguments:?}: {}", ended.stderr);
    }
    // Exit code 1: nothing was old enough to be hashed, so there is no ledger.
    let verified = run(home, &["--folder", "D", "ledger", "verify"]);
    assert!(matches!(verified.code, Some(0 | 1)) && !verified.stderr.contains("archivist:"), "{}", verified.stderr);
    assert!(!home.join("archivist-data").exists());
}

#[test]
fn every_command_works_on_another_folder_without_a_configuration() {
    let home = TempDir::new().unwrap();
    every_command_works(home.path(), "local");
}

#[test]
fn every_command_works_on_a_folder_that_replaces_configured_accounts() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("archivist.yaml"), format!("{RULES}{BASTION}")).unwrap();
    every_command_works(home.path(), "stbastionrec01");
    let notified = run(home.path(), &["--folder", "D", "notify", "test", "shown"]);
    assert_eq!(notified.code, Some(0), "{}", notified.stderr);
}

#[test]
fn the_test_of_a_channel_that_shows_messages_writes_one_document() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("archivist.yaml"), format!("{RULES}{BASTION}")).unwrap();
    fs::create_dir(home.path().join("D")).unwrap();
    assert_eq!(run(home.path(), &["local", "--folder", "D", "--once", "--port", "0"]).code, Some(0));
    let notified = run(home.path(), &["--folder", "D", "notify", "test", "shown", "--json"]);
    assert_eq!(notified.code, Some(0), "{}", notified.stderr);
    let document: Value = serde_json::from_str(&notified.stdout).unwrap();
    assert_eq!((&document["channel"], &document["outcome"]), (&"shown".into(), &"accepted".into()));
    assert!(notified.stderr.contains("recording.ready ntf_"), "{}", notified.stderr);
}

#[test]
fn a_command_without_the_folder_names_it_if_nobody_is_signed_in() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("archivist.yaml"), format!("{RULES}{BASTION}")).unwrap();
    assert_eq!(run(home.path(), &["local", "--once", "--port", "0"]).code, Some(0));
    let ended = run(home.path(), &["retention", "run"]);
    assert!(ended.stderr.contains("add --folder archivist-data"), "{}", ended.stderr);
}

#[test]
fn the_handler_refuses_a_folder() {
    let ended = run(TempDir::new().unwrap().path(), &["serve", "--folder", "D"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("use `archivist local --folder DIR`"), "{}", ended.stderr);
}
