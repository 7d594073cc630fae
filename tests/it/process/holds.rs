//! Holds and deletions on a folder, through the commands.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use adapters_local::folder::{Folder, FolderBlobs};
use adapters_local::sqlite::{
    SqliteCatalogue, SqliteCheckpoints, SqliteNotifications, SqliteQuarantine, SqliteQueue, SqliteSessions, SqliteStore,
};
use adapters_local::{DrivenClock, FolderLedger};
use domain::decide::context::Rules;
use jiff::Timestamp;
use pipeline::ports::Clock;
use pipeline::{Archivist, ArchivistSettings, Ports};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::process::{ARCHIVIST, EndedProcess, Running};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A folder with an enforced policy: recordings are deleted after ten days, with three days of warning.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(TempDir::new().unwrap());
        for made in [".archivist", "local/recordings"] {
            fs::create_dir_all(desk.path(made)).unwrap();
        }
        fs::write(desk.0.path().join("archivist.yaml"), desk.yaml()).unwrap();
        desk
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.path().join("archivist-data").join(below)
    }

    fn yaml(&self) -> String {
        let account = self.path("local");
        format!(
            "version: 1
bastions:
  - name: bas-local
    recordings: {{ account_url: \"file://{}\", container: recordings }}
retention:
  clock: created
  default_class: brief
  classes:
    brief: {{ retain_for: P10D, delete_after: P10D, then: delete }}
  grace: P3D
  enforce: true
  limits: {{ max_deletes_per_run: 10, max_delete_percent: 100 }}
",
            account.display()
        )
    }

    /// Writes a recording of February 2025.
    fn record(&self, name: &str) {
        let file = File::create(self.recording(name)).unwrap();
        file.set_len(1_000).unwrap();
        file.set_modified(at("2025-02-01T09:00:00Z").into()).unwrap();
    }

    fn recording(&self, name: &str) -> PathBuf {
        self.path("local/recordings").join(name)
    }

    /// Catalogues the recordings in March 2025 and sends the warnings, without a later sweep.
    async fn warn(&self) {
        let store = SqliteStore::open(self.path(".archivist/catalogue.sqlite")).unwrap();
        let clock: Arc<dyn Clock> = Arc::new(DrivenClock::at(at("2025-03-01T09:00:00Z")));
        let ports = Ports {
            catalogue: Arc::new(SqliteCatalogue::new(&store)),
            sessions: Arc::new(SqliteSessions::new(&store)),
            checkpoints: Arc::new(SqliteCheckpoints::new(&store)),
            notifications: Arc::new(SqliteNotifications::new(&store)),
            queue: Arc::new(SqliteQueue::new(&store, clock.clone())),
            quarantine: Arc::new(SqliteQuarantine::new(&store)),
            ledger: Arc::new(FolderLedger::new(self.path(".archivist/ledger"))),
            blobs: Arc::new(FolderBlobs::new(Folder::open(self.path(""), self.path(".archivist")).unwrap())),
            clock,
        };
        let configuration = configuration::read("archivist.yaml", &self.yaml(), &|_| None).unwrap();
        let rules = Rules { retention: configuration.retention.clone().map(Arc::new), ..Rules::default() };
        let estate = configuration.estate();
        let archivist = Archivist::new(ports, ArchivistSettings { rules, estate, channels: Default::default() });
        archivist.reconciliation.reconcile(&|| true).await.unwrap();
        archivist.due_work.sweep(&|| true).await.unwrap();
        assert_eq!(archivist.retention.run_retention(&|| true).await.unwrap().marked, 2);
    }

    fn run(&self, arguments: &[&str]) -> EndedProcess {
        let mut command = Command::new(ARCHIVIST);
        command.args(arguments).env_clear().env("USER", "ada").current_dir(self.0.path());
        Running::start(&mut command).end()
    }

    fn document(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let ended = self.run(arguments);
        let document = serde_json::from_str(&ended.stdout);
        (ended.code, document.unwrap_or_else(|_| panic!("{} {}", ended.stdout, ended.stderr)))
    }
}

#[tokio::test]
async fn a_held_recording_survives_a_sweep_of_due_recordings() {
    let desk = Desk::new();
    for name in ["vm-db-01-root.1", "vm-web-01-azureadmin.3"] {
        desk.record(name);
    }
    desk.warn().await;
    let (_, page) = desk.document(&["recordings", "list", "--json"]);
    let held = page["items"].as_array().unwrap().iter().find(|one| one["name"] == "vm-db-01-root.1").unwrap();
    let held = held["id"].as_str().unwrap();

    let place = ["hold", "place", "--case", "2026-17", "--reason", "a letter", "--recording", held, "--json"];
    let (code, placed) = desk.document(&place);
    assert_eq!((code, &placed["carried"]), (Some(0), &1.into()), "{placed}");
    assert_eq!(placed["hold"]["placed_by"], serde_json::json!({ "name": "ada", "verified": false }));
    let (code, swept) = desk.document(&["retention", "run", "--json"]);
    assert_eq!((code, &swept["deletions"]), (Some(0), &1.into()), "{swept}");
    assert!(desk.recording("vm-db-01-root.1").exists());
    assert!(!desk.recording("vm-web-01-azureadmin.3").exists());
    let (_, shown) = desk.document(&["recordings", "show", held, "--json"]);
    assert_eq!((&shown["retention"]["verdict"], &shown["tags"]["bsr-hold"]), (&"held".into(), &"2026-17".into()));

    let release = ["hold", "release", "--case", "2026-17"];
    let unasked = desk.run(&release);
    assert_eq!(unasked.code, Some(2));
    assert!(unasked.stderr.contains("add --yes"), "{}", unasked.stderr);
    assert_eq!(desk.run(&[&release[..], &["--yes"]].concat()).code, Some(0));
    assert_eq!(desk.document(&["retention", "run", "--json"]).1["warned"], 1);
    assert!(desk.recording("vm-db-01-root.1").exists(), "people are warned again before it is deleted");
}

#[test]
fn without_a_catalogue_the_command_explains_how_to_get_one() {
    let desk = Desk::new();
    let ended = desk.run(&["retention", "plan"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("there is no catalogue at"), "{}", ended.stderr);
    drop(SqliteStore::open(desk.path(".archivist/catalogue.sqlite")).unwrap());
    assert_eq!(desk.run(&["retention", "plan"]).code, Some(0));
}
