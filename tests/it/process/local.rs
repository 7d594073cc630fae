//! `archivist local`: files become recordings.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::Receiver;
use crate::support::process::{ARCHIVIST, ProcessEstate, Running, eventually, free_port};

/// Returns a command without app settings, in a folder without configuration.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(ARCHIVIST);
    command.args(arguments).env_clear().current_dir(folder);
    command
}

/// Returns the items of `recordings list`; empty if there is no catalogue yet.
fn recordings(folder: &Path) -> Vec<Value> {
    let listed = Running::start(&mut command(folder, &["recordings", "list", "--json"])).end();
    let page: Value = serde_json::from_str(&listed.stdout).unwrap_or_default();
    page["items"].as_array().cloned().unwrap_or_default()
}

/// Waits until the only recording satisfies `wanted`.
fn eventually_recorded(folder: &Path, what: &str, wanted: impl Fn(&Value) -> bool) {
    eventually(what, || match recordings(folder).as_slice() {
        [] => false,
        [only] => wanted(only),
        several => panic!("one recording, and not {several:?}"),
    });
}

#[test]
fn the_catalogue_follows_a_file_through_its_life() {
    let home = TempDir::new().unwrap();
    let port = free_port().to_string();
    let mut local = Running::start(&mut command(home.path(), &["local", "--port", &port]));
    let watching = local.line_with("Watching").expect("it says what it watches");
    assert!(watching.contains("archivist-data/local/recordings"), "{watching}");

    let path = home.path().join("archivist-data/local/recordings/vm-web-01-azureadmin.3");
    let file = File::create(&path).unwrap();
    file.set_len(1_000).unwrap();
    eventually_recorded(home.path(), "the file is listed and tagged", |recording| {
        recording["name"] == "vm-web-01-azureadmin.3"
            && recording["size_bytes"] == 1_000
            && recording["tags"]["bsr-state"] == "active"
    });
    file.set_len(2_000).unwrap();
    eventually_recorded(home.path(), "its size moves", |recording| recording["size_bytes"] == 2_000);
    fs::remove_file(&path).unwrap();
    eventually_recorded(home.path(), "it ends", |recording| recording["state"] == "deleted");

    local.terminate();
    let ended = local.end();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    for event in ["recording.started", "recording.deleted_unexpectedly"] {
        assert_eq!(ended.stdout.lines().filter(|line| line.starts_with(event)).count(), 1, "{}", ended.stdout);
    }
}

#[test]
fn an_empty_folder_is_done_at_once() {
    let home = TempDir::new().unwrap();
    let port = free_port().to_string();
    let ended = Running::start(&mut command(home.path(), &["local", "--once", "--port", &port])).end();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(ended.stdout.replace(&port, "[port]").replace(env!("CARGO_BIN_EXE_archivist"), "archivist"), @r#"
    Watching archivist-data/local/recordings. Call functions by hand on port [port]. Ctrl-C ends.
    The catalogue is at http://localhost:[port]/ui/
     recordings in the catalogue  0
     bytes recorded               0
     notifications delivered      0
     audit_log_tail: applied      1
     reconcile_sweep: applied     1
     inputs in quarantine         0
     poison still in its queue    0

    Look around: archivist --folder archivist-data recordings list
    "#);
}

const CHANNELS: &str = "notifications:
  channels:
    shown: { kind: stub }
    siem:  { kind: webhook, url_env: SIEM_URL, secret_env: SIEM_SECRET }
    off:   { kind: webhook, url_env: SIEM_URL, secret_env: NOT_SET }
";

#[tokio::test(flavor = "multi_thread")]
async fn the_summary_counts_deliveries_of_every_channel() {
    let receiver = Receiver::start(&[]).await;
    let estate = ProcessEstate::new();
    estate.write("archivist.yaml", &format!("{}{CHANNELS}", estate.configuration()));
    estate.record("vm-web-01-azureadmin", 4_096, 1);
    let arguments = ["local", "--once", "--json", "--folder", ".", "--port", &free_port().to_string()];
    let mut command = estate.command(&arguments);
    command.env("SIEM_URL", receiver.url()).env("SIEM_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    let ended = tokio::task::spawn_blocking(move || Running::start(&mut command).end()).await.unwrap();
    let summary: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{}", ended.stderr));
    let counts = summary["notifications"].as_array().unwrap().iter();
    let delivered: u64 = counts.map(|row| row["count"].as_u64().unwrap()).sum();
    let received = receiver.received().len() as u64;
    assert!(received > 0, "{}", ended.stderr);
    assert_eq!(delivered, 2 * received, "the stub channel and the webhook: {summary}");
}

#[test]
fn the_summary_for_programs_is_one_document_and_nothing_else() {
    let home = TempDir::new().unwrap();
    let port = free_port().to_string();
    let ended = Running::start(&mut command(home.path(), &["local", "--once", "--json", "--port", &port])).end();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let summary: Value = serde_json::from_str(&ended.stdout).unwrap();
    insta::assert_json_snapshot!(summary, @r#"
    {
      "bursts": [],
      "bytes": 0,
      "calls": [
        {
          "count": 1,
          "function": "audit_log_tail",
          "outcome": "applied",
          "reason": ""
        },
        {
          "count": 1,
          "function": "reconcile_sweep",
          "outcome": "applied",
          "reason": ""
        }
      ],
      "catalogue": "archivist-data/.archivist/catalogue.sqlite",
      "gap_count": 0,
      "gaps": [],
      "matches": {},
      "notifications": [],
      "poison": 0,
      "quarantined": 0,
      "recordings": [
        {
          "count": 0,
          "name": "active"
        },
        {
          "count": 0,
          "name": "settled"
        },
        {
          "count": 0,
          "name": "expiring"
        },
        {
          "count": 0,
          "name": "missing"
        },
        {
          "count": 0,
          "name": "deleted"
        }
      ],
      "version": 1,
      "who": []
    }
    "#);
}
