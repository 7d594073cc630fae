//! `archivist ledger verify` in a folder.

use std::path::PathBuf;
use std::process::Command;

use adapters_local::folder::{Folder, FolderBlobs};
use adapters_local::sqlite::SqliteStore;
use adapters_local::{FolderLedger, SystemClock};
use domain::address::BlobAddress;
use domain::record::ledger::{LedgerEvent, LedgerFact};
use domain::record::recording_id::RecordingId;
use jiff::Timestamp;
use pipeline::ledger::{append, hash_blob};
use pipeline::ports::Clock;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::process::{ARCHIVIST, EndedProcess, Running};

/// A folder in which `archivist local` has run.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(TempDir::new().unwrap());
        for made in [".archivist", "local/recordings"] {
            std::fs::create_dir_all(desk.path(made)).unwrap();
        }
        drop(SqliteStore::open(desk.path(".archivist/catalogue.sqlite")).unwrap());
        desk
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.path().join("archivist-data").join(below)
    }

    fn write(&self, name: &str, content: &str) {
        std::fs::write(self.path("local/recordings").join(name), content).unwrap();
    }

    /// Hashes recordings and appends the facts.
    async fn hash(&self, names: &[&str]) {
        let blobs = FolderBlobs::new(Folder::open(self.path(""), self.path(".archivist")).unwrap());
        let mut facts = Vec::new();
        for name in names {
            let address = BlobAddress::parse("local", "recordings", name).unwrap();
            let hashed = hash_blob(&blobs, &address, None).await.unwrap().unwrap();
            let recording = RecordingId::derive(&address, Timestamp::UNIX_EPOCH, b"test");
            let (etag, size, sha256) = (hashed.etag, hashed.size, hashed.sha256);
            let what = LedgerEvent::RecordingHashed { recording, address, etag, size, sha256 };
            facts.push(LedgerFact::new(SystemClock.now(), what));
        }
        let ledger = FolderLedger::new(self.path(".archivist/ledger"));
        assert_eq!(append(&ledger, &SystemClock, &facts).await.unwrap(), names.len());
    }

    fn verify(&self, arguments: &[&str]) -> EndedProcess {
        let mut command = Command::new(ARCHIVIST);
        let all = [&["ledger", "verify"], arguments].concat();
        Running::start(command.args(all).env_clear().current_dir(self.0.path())).end()
    }

    fn document(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let ended = self.verify(&[&["--json"], arguments].concat());
        let document = serde_json::from_str(&ended.stdout);
        (ended.code, document.unwrap_or_else(|_| panic!("{} {}", ended.stdout, ended.stderr)))
    }
}

#[test]
fn a_missing_ledger_is_not_reported_as_sound() {
    let ended = Desk::new().verify(&[]);
    assert_eq!((ended.code, ended.stdout.lines().last()), (Some(1), Some("there is no ledger")), "{}", ended.stderr);
}

#[tokio::test]
async fn unchanged_recordings_are_intact_and_others_are_reported() {
    let desk = Desk::new();
    for name in ["vm-alice", "vm-bob", "vm-carol"] {
        desk.write(name, "recorded");
    }
    desk.hash(&["vm-alice", "vm-bob", "vm-carol"]).await;
    let (code, whole) = desk.document(&[]);
    assert_eq!((code, &whole["sound"], &whole["recordings"]["intact"]), (Some(0), &true.into(), &3.into()), "{whole}");
    desk.write("vm-bob", "rewritten");
    std::fs::remove_file(desk.path("local/recordings/vm-carol")).unwrap();
    let (code, found) = desk.document(&[]);
    let kinds: Vec<_> =
        found["findings"].as_array().unwrap().iter().map(|found| found["finding"].as_str().unwrap()).collect();
    assert_eq!((code, kinds), (Some(1), vec!["changed", "missing"]), "{found}");
    let shown = desk.verify(&[]);
    assert!(shown.stdout.starts_with("changed: local/recordings/vm-bob (rec_"), "{}", shown.stdout);
    assert_eq!(desk.document(&["--chain-only"]).0, Some(0), "the chain itself is whole");
}

#[tokio::test]
async fn a_changed_ledger_line_is_reported_with_its_place() {
    let desk = Desk::new();
    desk.write("vm-alice", "recorded");
    desk.hash(&["vm-alice"]).await;
    let segment = desk.path(".archivist/ledger/000001.jsonl");
    let changed = std::fs::read_to_string(&segment).unwrap().replace("vm-alice", "vm-alicE");
    std::fs::write(&segment, changed).unwrap();
    let ended = desk.verify(&["--chain-only"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stdout.starts_with("broken: segment 000001, line 2 (byte "), "{}", ended.stdout);
    assert_eq!(ended.stdout.lines().last(), Some("not everything is unchanged"));
}

#[test]
fn conflicting_verify_options_are_wrong_usage() {
    assert_eq!(Desk::new().verify(&["--chain-only", "--from-start"]).code, Some(2));
}
