//! `archivist replay` on a folder, with events in Event Grid's formats.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use adapters_local::SystemClock;
use adapters_local::sqlite::{SqliteQuarantine, SqliteQueue, SqliteStore};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Quarantine, QuarantineId, QuarantinedInput, Queue, QueueName};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::process::{ARCHIVIST, EndedProcess, Running};

const OF_CLOUD_EVENTS: &str = include_str!("../../fixtures/event-grid/made-dead-letter.cloudevents.json");
const OF_EVENT_GRID: &str = include_str!("../../fixtures/event-grid/doc-dead-letter.eventgrid.json");
const AUDIT_LOG: &str = include_str!("../../fixtures/event-grid/made-audit-blob-created.eventgrid.json");

/// A folder with the account `stbastionrec01`, and its dead letters beside the catalogue.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(TempDir::new().unwrap());
        for made in ["stbastionrec01/bastion-recordings", "state/dead-letters/st/EV/2026/3/2/9"] {
            fs::create_dir_all(desk.0.path().join(made)).unwrap();
        }
        let account = desk.0.path().join("stbastionrec01");
        let yaml = format!(
            "version: 1
bastions:
  - name: bas-hub-01
    recordings: {{ account_url: \"file://{}\", container: bastion-recordings }}
",
            account.display()
        );
        fs::write(desk.0.path().join("archivist.yaml"), yaml).unwrap();
        desk.store();
        desk
    }

    fn store(&self) -> SqliteStore {
        SqliteStore::open(self.0.path().join("state/catalogue.sqlite")).unwrap()
    }

    fn letter(&self, name: &str) -> PathBuf {
        self.0.path().join("state/dead-letters/st/EV/2026/3/2/9").join(name)
    }

    fn run(&self, arguments: &[&str]) -> EndedProcess {
        let mut command = Command::new(ARCHIVIST);
        command.args(arguments).env_clear().env("ARCHIVIST_CATALOGUE", "sqlite:state/catalogue.sqlite");
        Running::start(command.current_dir(self.0.path())).end()
    }

    /// Returns the exit code, the outcomes with details, and the number of removed items.
    fn replay(&self, arguments: &[&str]) -> (Option<i32>, Vec<String>, u64) {
        let ended = self.run(&[&["replay"], arguments, &["--json"]].concat());
        let document: Result<Value, _> = serde_json::from_str(&ended.stdout);
        let document = document.unwrap_or_else(|_| panic!("{} {}", ended.stdout, ended.stderr));
        let said = |item: &Value| match item["detail"].as_str() {
            Some(detail) => format!("{}: {detail}", item["outcome"].as_str().unwrap()),
            None => item["outcome"].as_str().unwrap().to_owned(),
        };
        let items = document["items"].as_array().unwrap().iter().map(said).collect();
        (ended.code, items, document["removed"].as_u64().unwrap())
    }

    /// Returns the document of `recordings list`.
    fn recordings(&self) -> Value {
        serde_json::from_str(&self.run(&["recordings", "list", "--json"]).stdout).unwrap()
    }
}

/// Returns the published sample for a configured container.
fn of_event_grid() -> String {
    OF_EVENT_GRID
        .replace("myegteststgfoo", "stbastionrec01")
        .replace("containers/deadletter", "containers/bastion-recordings")
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn dead_letters_of_both_schemas_are_replayed_and_removed() {
    let desk = Desk::new();
    let (one, two) = (desk.letter("a.json"), desk.letter("b.json"));
    let leave = || {
        fs::write(&one, OF_CLOUD_EVENTS).unwrap();
        fs::write(&two, of_event_grid()).unwrap();
    };
    leave();
    let would = owned(&["would_be_replayed", "would_be_replayed"]);
    assert_eq!(desk.replay(&["dead-letters"]), (Some(0), would, 0));
    assert!(one.exists() && two.exists());
    assert_eq!(desk.recordings()["items"].as_array().unwrap().len(), 0, "nothing was changed");
    let shown = desk.run(&["replay", "dead-letters"]);
    for text in ["vmwins2022-AzureAdmin", "TimeToLiveExceeded, 12 attempts, the last one: Busy", "2020-08-13 17:18"] {
        assert!(shown.stdout.contains(text), "{}", shown.stdout);
    }
    assert_eq!(desk.replay(&["dead-letters", "--apply"]), (Some(0), owned(&["applied", "applied"]), 2));
    assert!(!one.exists() && !two.exists());
    let before = desk.recordings();
    assert_eq!(before["items"].as_array().unwrap().len(), 2);
    leave();
    let known = "ignored: already_known";
    assert_eq!(desk.replay(&["dead-letters", "--apply"]), (Some(0), owned(&[known, known]), 2));
    assert_eq!(desk.recordings(), before);
}

#[test]
fn a_foreign_or_unreadable_dead_letter_stays() {
    let desk = Desk::new();
    fs::write(desk.letter("broken.json"), "[{\"eventType\":").unwrap();
    fs::write(desk.letter("foreign.json"), AUDIT_LOG).unwrap();
    let (code, outcomes, removed) = desk.replay(&["dead-letters", "--apply"]);
    assert_eq!((code, outcomes.len(), removed), (Some(1), 2, 0));
    assert!(outcomes[0].starts_with("stays: not JSON"), "{outcomes:?}");
    assert!(
        outcomes[1].starts_with("stays: container ") && outcomes[1].ends_with("is not in the configuration"),
        "{outcomes:?}"
    );
    let from = desk.letter("foreign.json");
    let (code, outcomes, _) = desk.replay(&["dead-letters", "--from", from.to_str().unwrap()]);
    assert_eq!((code, outcomes.len()), (Some(1), 1), "a file alone");
    assert!(
        outcomes[0].starts_with("would_stay: container ") && outcomes[0].ends_with("is not in the configuration"),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn poison_and_quarantined_input_are_replayed() {
    let desk = Desk::new();
    let store = desk.store();
    let queue = SqliteQueue::new(&store, Arc::new(SystemClock));
    let quoted = serde_json::to_string(&of_event_grid()).unwrap();
    for (poison, body) in [(QueueName::RecordingEventsPoison, &*quoted), (QueueName::NotificationsPoison, "no attempt")]
    {
        queue.send(poison, body, SignedDuration::ZERO).await.unwrap();
    }
    let quarantine = SqliteQuarantine::new(&store);
    let at: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    for (raw, origin) in [(OF_CLOUD_EVENTS, "recording_landed"), ("{", "recording_landed"), ("{}", "no_function")] {
        let (raw, origin, reason) = (raw.as_bytes().to_vec(), origin.to_owned(), "refused".to_owned());
        let id = QuarantineId::derive(&raw, &origin);
        quarantine.put(&QuarantinedInput { id, raw, reason, at, origin }).await.unwrap();
    }
    let (code, outcomes, removed) = desk.replay(&["poison", "--apply"]);
    assert_eq!((code, removed), (Some(1), 1), "{outcomes:?}");
    assert_eq!((&*outcomes[0], outcomes.len()), ("applied", 2));
    assert!(outcomes[1].starts_with("stays: message is not a delivery attempt"), "{outcomes:?}");
    let (code, mut outcomes, removed) = desk.replay(&["quarantine"]);
    outcomes.sort();
    assert_eq!((code, removed), (Some(1), 0), "{outcomes:?}");
    assert_eq!((&*outcomes[0], outcomes.len()), ("would_be_replayed", 3));
    assert_eq!(outcomes[1], "would_stay: no function is called no_function");
    assert!(outcomes[2].starts_with("would_stay: not JSON"), "{outcomes:?}");
    let (code, mut outcomes, removed) = desk.replay(&["quarantine", "--apply"]);
    outcomes.sort();
    assert_eq!((code, removed), (Some(1), 1), "{outcomes:?}");
    assert_eq!((&*outcomes[0], &*outcomes[1]), ("applied", "stays: no function is called no_function"));
    assert!(outcomes[2].starts_with("stays: not JSON"), "{outcomes:?}");
    assert_eq!(desk.recordings()["items"].as_array().unwrap().len(), 2);
}
