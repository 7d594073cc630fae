//! Holds while others delete, place and release.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::record::hold::{Actor, Hold, HoldScope};
use domain::record::recording_id::RecordingId;
use pipeline::Archivist;
use pipeline::ports::{Checkpoint, CheckpointKey, CheckpointKind, Checkpoints, Fault, Version};
use pipeline::testing::schedule::now;
use serde_json::Value;

use crate::desk::CliDesk;
use crate::line::Ran;

const NAME: &str = "vm-db-01-root.1";
const PLACE: &str = "hold place --case 2026-17 --reason letter";

/// Checkpoints with a retention sweep of another process just before the first hold is looked up.
struct SweptBefore {
    checkpoints: Arc<dyn Checkpoints>,
    other: Mutex<Option<Archivist>>,
}

#[async_trait]
impl Checkpoints for SweptBefore {
    async fn get(&self, key: &CheckpointKey) -> Result<Option<Checkpoint>, Fault> {
        if key.kind == CheckpointKind::Hold {
            let other = self.other.lock().unwrap().take();
            if let Some(other) = other {
                assert_eq!(other.retention.run_retention(&|| true).await?.ordered, 1);
            }
        }
        self.checkpoints.get(key).await
    }

    async fn save(&self, key: &CheckpointKey, before: Option<Version>, doc: &str) -> Result<Option<Version>, Fault> {
        self.checkpoints.save(key, before, doc).await
    }

    async fn remove(&self, key: &CheckpointKey, before: Version) -> Result<bool, Fault> {
        self.checkpoints.remove(key, before).await
    }

    async fn list(
        &self,
        kind: CheckpointKind,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Checkpoint)>, Fault> {
        self.checkpoints.list(kind, after, limit).await
    }
}

/// An archive whose only recording is deleted by the next sweep.
fn about_to_go() -> CliDesk {
    let desk = CliDesk::with_recordings(&[NAME]);
    desk.pass(24);
    desk.run("retention run");
    desk.pass(48);
    desk
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn a_recording_deleted_while_its_hold_is_placed_is_reported() {
    for (scope, options) in [("--recording", ""), ("--recording", " --yes"), ("--bastion bas-hub-01", "")] {
        let mut desk = about_to_go();
        let id = desk.ids()[0].clone();
        let scope = if scope == "--recording" { format!("{scope} {id}") } else { scope.to_owned() };
        let other = Mutex::new(Some(desk.archivist()));
        desk.ports.checkpoints = Arc::new(SweptBefore { checkpoints: desk.ports.checkpoints.clone(), other });
        let ran = desk.run(&format!("{PLACE} {scope}{options} --json"));
        assert!(!desk.is_there(NAME));
        let said = json(&ran);
        assert_eq!((ran.code, &said["placed"], &said["covers"]["recordings"]), (1, &true.into(), &0.into()), "{scope}");
        assert_eq!(said["not_carried"][0]["id"], id.as_str());
        assert_eq!(said["not_carried"][0]["reason"], format!("{NAME} is deleted already"));
    }
}

#[test]
fn a_hold_on_a_deleted_recording_says_so() {
    let desk = about_to_go();
    desk.run("retention run");
    assert!(!desk.is_there(NAME));
    let ran = desk.run(&format!("{PLACE} --recording {} --yes", desk.ids()[0]));
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains(&format!("Not confirmed\n  {}  {NAME} is deleted already", desk.ids()[0])), "{}", ran.out);
    assert!(ran.err.contains("1 recording deleted before the hold; restore the blob"), "{}", ran.err);
}

#[test]
fn a_release_leaves_holds_that_were_not_shown() {
    let desk = CliDesk::with_recordings(&[NAME]);
    desk.run(&format!("{PLACE} --bastion bas-hub-01"));
    let other = desk.archivist();
    let scope = HoldScope { recording: RecordingId::parse(&desk.ids()[0]).ok(), ..HoldScope::default() };
    let by = Actor { name: "counsel".to_owned(), is_verified: true };
    let later = Hold::new("2026-17", "another letter", scope, by, desk.now());
    let mut answer = |_: &str| {
        now(other.hold_placing.place_hold(&later)).unwrap();
        true
    };
    let ran = desk.asking("hold release --case 2026-17", Some(&mut answer));
    assert!(ran.err.contains("1 hold released"), "{}", ran.err);
    assert!(ran.err.contains(&format!("case 2026-17 has 1 hold still active: {}", later.id.as_str())), "{}", ran.err);
    let left = json(&desk.run("hold list --json"));
    assert_eq!(left["holds"].as_array().unwrap().len(), 1);
    assert_eq!(left["holds"][0]["id"], later.id.as_str());
}

#[test]
fn a_release_leaves_a_hold_that_was_placed_again() {
    let desk = CliDesk::with_recordings(&[NAME]);
    desk.run(&format!("{PLACE} --bastion bas-hub-01"));
    let other = desk.archivist();
    let mut answer = |_: &str| {
        let placed = now(other.holds.list_holds()).unwrap().remove(0).hold;
        now(other.hold_release.release_these(std::slice::from_ref(&placed), &placed.placed_by)).unwrap();
        desk.pass(1);
        now(other.hold_placing.place_hold(&Hold { placed_at: desk.now(), ..placed })).unwrap();
        true
    };
    let ran = desk.asking("hold release --case 2026-17", Some(&mut answer));
    assert!(ran.err.contains("0 holds released"), "{}", ran.err);
    assert_eq!(json(&desk.run("hold list --json"))["holds"].as_array().unwrap().len(), 1);
}
