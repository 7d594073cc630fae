//! Compares recordings with their hashes in the ledger.

use std::sync::Arc;

use adapters_local::memory::{self, MemoryBlobs, MemoryCheckpoints};
use domain::address::BlobAddress;
use domain::record::blob::ETag;
use domain::record::ledger::{LedgerEvent, LedgerFact, Sha256};
use domain::record::recording_id::RecordingId;
use pipeline::Ports;
use pipeline::ledger::{Hashed, HashedRecordings, LedgerFinding, Verified, Verify, hash_blob};
use pipeline::ports::{CheckpointKind, Checkpoints, Fault, FaultKind};
use pipeline::testing::Gate;
use pipeline::testing::sample::{address, second};

use crate::ledger::world::{LedgerWorld, verified};
use pipeline::testing::schedule::now;

/// Recordings in storage whose hashes are in the ledger.
struct Archive {
    world: LedgerWorld,
    blobs: Arc<MemoryBlobs>,
    checkpoints: Arc<MemoryCheckpoints>,
}

fn recording(name: &str) -> RecordingId {
    RecordingId::derive(&address(name), second(0), b"sample")
}

fn deleted(name: &str) -> LedgerFact {
    let [policy, class, by] = ["pol_1", "default", "alice"].map(str::to_owned);
    let (recording, address) = (recording(name), address(name));
    LedgerFact::new(
        second(9),
        LedgerEvent::RecordingDeleted { recording, address, size: 1, sha256: None, policy, class, rules: vec![], by },
    )
}

impl Archive {
    fn new(names: &[String]) -> Self {
        let archive = Self { world: LedgerWorld::default(), blobs: Arc::default(), checkpoints: Arc::default() };
        archive.blobs.create_container(&address("x").container());
        let facts: Vec<LedgerFact> = names.iter().map(|name| archive.hashed(name)).collect();
        archive.world.append(&facts).unwrap();
        archive
    }

    /// Writes a recording and returns the fact of its hash.
    fn hashed(&self, name: &str) -> LedgerFact {
        let address = address(name);
        let etag = self.blobs.write(&address, name.as_bytes(), second(0));
        let Hashed { etag, size, sha256 } =
            now(hash_blob(self.blobs.as_ref(), &address, Some(&etag))).unwrap().unwrap();
        LedgerFact::new(
            second(0),
            LedgerEvent::RecordingHashed { recording: recording(name), address, etag, size, sha256 },
        )
    }

    fn ports(&self) -> Ports {
        Ports {
            checkpoints: self.checkpoints.clone(),
            blobs: self.blobs.clone(),
            ledger: self.world.ledger.clone(),
            ..memory::ports(self.world.clock.clone())
        }
    }

    fn verify_through(&self, gate: &Arc<Gate>, from_start: bool) -> Result<(Verified, Vec<LedgerFinding>), Fault> {
        let ports = gate.around(&self.ports());
        let recordings = Some((ports.blobs.as_ref(), ports.checkpoints.as_ref()));
        verified(&Verify { ledger: self.world.ledger.as_ref(), recordings, from_start, head: None })
    }

    fn verify(&self) -> (HashedRecordings, Vec<LedgerFinding>) {
        let (verified, findings) = self.verify_through(&Arc::new(Gate::open()), false).unwrap();
        assert_eq!(verified.is_sound(), findings.is_empty());
        (verified.recordings.unwrap(), findings)
    }
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("vm-{n:04}")).collect()
}

fn at(name: &str) -> BlobAddress {
    address(name)
}

#[test]
fn unchanged_recordings_are_intact() {
    let (found, findings) = Archive::new(&names(3)).verify();
    assert_eq!(findings, []);
    assert_eq!(found, HashedRecordings { intact: 3, bytes: 21, ..HashedRecordings::default() });
}

#[test]
fn content_that_changed_is_found_with_both_hashes() {
    let archive = Archive::new(&names(2));
    let etag = archive.blobs.write(&at("vm-0001"), b"another", second(60));
    let (found, findings) = archive.verify();
    assert_eq!((found.intact, found.changed), (1, 1));
    let (told, there) = (Sha256::hash(b"vm-0001"), Sha256::hash(b"another"));
    let (recording, address) = (recording("vm-0001"), at("vm-0001"));
    assert_eq!(findings, [LedgerFinding::Changed { recording, address, recorded: told, found: there, etag }]);
}

#[test]
fn the_same_content_written_again_is_intact() {
    let archive = Archive::new(&names(1));
    archive.blobs.write(&at("vm-0000"), b"vm-0000", second(60));
    let (found, findings) = archive.verify();
    assert_eq!((found.intact, findings.len()), (1, 0));
}

#[test]
fn a_gone_recording_is_missing_unless_its_deletion_is_recorded() {
    let archive = Archive::new(&names(3));
    archive.blobs.remove(&at("vm-0001"));
    archive.blobs.remove(&at("vm-0002"));
    archive.world.append(&[deleted("vm-0002")]).unwrap();
    let (found, findings) = archive.verify();
    assert_eq!((found.intact, found.missing, found.deleted), (1, 1, 1));
    let (recording, address) = (recording("vm-0001"), at("vm-0001"));
    assert_eq!(findings, [LedgerFinding::Missing { recording, address, is_replaced: false }]);
}

#[test]
fn a_deleted_recording_whose_name_was_used_again_is_missing_and_not_changed() {
    let archive = Archive::new(&names(2));
    archive.blobs.remove(&at("vm-0001"));
    archive.blobs.write(&at("vm-0001"), b"another", second(86_400));
    let (found, findings) = archive.verify();
    assert_eq!((found.intact, found.changed, found.missing), (1, 0, 1));
    let (recording, address) = (recording("vm-0001"), at("vm-0001"));
    assert_eq!(findings, [LedgerFinding::Missing { recording, address, is_replaced: true }]);
}

#[test]
fn a_restored_recording_is_compared_with_its_hash() {
    let archive = Archive::new(&names(2));
    for name in names(2) {
        archive.blobs.remove(&at(&name));
        archive.world.append(&[deleted(&name)]).unwrap();
    }
    assert!(archive.blobs.bring_back(&at("vm-0000")));
    archive.blobs.write(&at("vm-0001"), b"a new one", second(60));
    let (found, findings) = archive.verify();
    assert_eq!((found.intact, found.deleted, findings.len()), (1, 1, 0));
}

#[test]
fn a_deletion_recorded_before_the_hash_counts() {
    let archive = Archive::new(&[]);
    let hashed = archive.hashed("late");
    archive.blobs.remove(&at("late"));
    archive.world.append(&[deleted("late"), hashed]).unwrap();
    let (found, findings) = archive.verify();
    assert_eq!((found.deleted, findings.len()), (1, 0));
}

#[test]
fn an_unreadable_recording_is_reported_and_delays_no_other() {
    let archive = Archive::new(&names(2));
    let gate = Arc::new(Gate::failing_at(2, FaultKind::Refused));
    let (verified, findings) = archive.verify_through(&gate, false).unwrap();
    assert_eq!(gate.failed_in(), Some("blobs.read"));
    let found = verified.recordings.unwrap();
    assert_eq!((found.intact, found.unread), (1, 1));
    let [LedgerFinding::Unread { address, .. }] = &findings[..] else {
        panic!("{findings:?}")
    };
    assert_eq!(*address, at("vm-0000"));
}

#[test]
fn an_interrupted_verification_resumes_at_its_checkpoint() {
    let archive = Archive::new(&names(250));
    archive.blobs.remove(&at("vm-0007"));
    // A read of the checkpoint, a hundred blob reads and one other call for the missing one, a save, fifty blob
    // reads.
    let gate = Arc::new(Gate::failing_at(153, FaultKind::Transient { retry_after: None }));
    archive.verify_through(&gate, false).unwrap_err();
    assert_eq!(gate.failed_in(), Some("blobs.read"));
    let gate = Arc::new(Gate::open());
    let (verified, findings) = archive.verify_through(&gate, false).unwrap();
    assert_eq!(gate.calls()["blobs.read"], 150);
    let found = verified.recordings.clone().unwrap();
    assert_eq!((found.intact, found.missing, findings.len()), (249, 1, 0), "a notified break is not notified again");
    assert!(!verified.is_sound(), "earlier findings count");
    assert_eq!(now(archive.checkpoints.list(CheckpointKind::Ledger, None, 9)).unwrap(), [], "no file is left over");
    let gate = Arc::new(Gate::open());
    archive.verify_through(&gate, false).unwrap();
    assert_eq!(gate.calls()["blobs.read"], 251, "a finished one leaves the next to begin at the beginning");
}

#[test]
fn a_verification_from_the_start_ignores_the_saved_position() {
    let archive = Archive::new(&names(150));
    let gate = Arc::new(Gate::failing_at(130, FaultKind::Transient { retry_after: None }));
    archive.verify_through(&gate, false).unwrap_err();
    let gate = Arc::new(Gate::open());
    let (verified, _) = archive.verify_through(&gate, true).unwrap();
    assert_eq!((gate.calls()["blobs.read"], verified.recordings.unwrap().intact), (150, 150));
}

#[test]
fn a_content_hash_is_computed_in_pieces_of_one_version() {
    let archive = Archive::new(&[]);
    let content: Vec<u8> = (0..9u32 << 20).map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[2]).collect();
    let etag = archive.blobs.write(&at("large"), &content, second(0));
    let gate = Arc::new(Gate::open());
    let blobs = gate.around(&archive.ports()).blobs;
    let hashed = now(hash_blob(blobs.as_ref(), &at("large"), Some(&etag))).unwrap().unwrap();
    assert_eq!((hashed.size, hashed.sha256), (9 << 20, Sha256::hash(&content)));
    assert_eq!((hashed.etag, gate.calls()["blobs.read"]), (etag, 3));
    let other = ETag::new("0x1");
    assert_eq!(now(hash_blob(blobs.as_ref(), &at("large"), Some(&other))).unwrap(), None);
    assert_eq!(now(hash_blob(blobs.as_ref(), &at("absent"), None)).unwrap(), None);
    archive.blobs.write(&at("empty"), b"", second(0));
    let empty = now(hash_blob(blobs.as_ref(), &at("empty"), None)).unwrap().unwrap();
    assert_eq!((empty.size, empty.sha256), (0, Sha256::hash(b"")));
}
