//! A configuration that lists no bastions: everything else of it applies.

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
