//! Bundles of evidence: a wrong signature ends the export.

use std::io::Cursor;

use async_trait::async_trait;
use domain::record::hold::{Actor, Hold, HoldScope};
use domain::record::review::ReviewOutcome;
use evidence::{Ed25519Key, Finding, Proof, VerifyingKey};
use jiff::SignedDuration;
use pipeline::evidence::{EvidenceSelection, ExportError, ExportEvidence, Exported, SelectedRecordings};
use pipeline::ports::{BundleSigner, Fault, FaultKind};
use pipeline::testing::schedule::now;

use crate::promises::host::Work;
use crate::promises::outcome::entries;
use crate::promises::world::World;

/// Made for this test by `openssl genpkey -algorithm ed25519`.
const SECRET: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
";

/// Signs something else than the message, as a vault with another version of the key would.
struct OtherSignature(Ed25519Key);

#[async_trait]
impl BundleSigner for OtherSignature {
    fn public(&self) -> &VerifyingKey {
        self.0.public()
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Fault> {
        Ok(self.0.sign(&message[1..]))
    }
}

fn key() -> Ed25519Key {
    Ed25519Key::from_pem(SECRET).unwrap()
}

/// Exports all recordings of a world.
fn export(world: &World, signer: Option<&dyn BundleSigner>) -> Result<(Vec<u8>, Exported), ExportError> {
    let archivist = world.archivist();
    let (blobs, ledger) = (world.blobs.as_ref(), world.ledger.as_ref());
    let export = ExportEvidence { reader: archivist.reading(), blobs, ledger, with_content: true, signer };
    let recordings = SelectedRecordings::Query(Box::default());
    let selection = EvidenceSelection { recordings, described: Vec::new() };
    let (output, spool) = (Cursor::new(Vec::new()), Cursor::new(Vec::new()));
    let (output, exported) = now(export.run(&selection, output, spool, &mut |_| ()))?;
    Ok((output.into_inner(), exported))
}

fn verified(bundle: &[u8], key: Option<&VerifyingKey>) -> (Proof, Vec<Finding>) {
    let mut findings = Vec::new();
    let proof = evidence::verify(bundle, key, None, &mut |finding| findings.push(finding)).unwrap();
    (proof, findings)
}

/// A world with a final recording that was reviewed; the ledger has the review if `is_recorded`.
fn reviewed(is_recorded: bool) -> World {
    let world = World::new();
    world.does(&Work::Event(world.write("vm-user", 9)));
    world.run_until(world.now() + SignedDuration::from_hours(24));
    world.does(&Work::Review(entries(&world)[0].id, ReviewOutcome::Ok));
    if is_recorded {
        world.run_until(world.now() + SignedDuration::from_mins(10));
    }
    world
}

#[test]
fn a_signature_that_its_own_key_does_not_verify_ends_the_export_with_the_key() {
    let world = reviewed(true);
    let wrong = OtherSignature(key());
    let Err(ExportError::Port(fault)) = export(&world, Some(&wrong)) else {
        panic!("it was exported")
    };
    assert_eq!(fault.kind, FaultKind::Permanent);
    let told = fault.to_string();
    assert!(told.contains("sign the bundle") && told.contains(key().public().id()), "{told}");

    let (bundle, exported) = export(&world, Some(&key())).unwrap();
    assert_eq!(exported.signed_by.as_deref(), Some(key().public().id()));
    assert_eq!(verified(&bundle, Some(key().public())).1, []);
}

#[test]
fn a_review_that_is_not_in_the_ledger_yet_is_listed_as_unknown() {
    for (is_recorded, expected) in [(false, vec!["accesses", "review_in_ledger"]), (true, vec!["accesses"])] {
        let world = reviewed(is_recorded);
        let (bundle, exported) = export(&world, None).unwrap();
        let unknown: Vec<&str> = exported.unknown.iter().map(|one| one.what.as_str()).collect();
        assert_eq!((unknown, verified(&bundle, None).1), (expected, Vec::new()));
    }
}

#[test]
fn a_bundle_with_a_hold_that_was_released_and_placed_again_is_sound() {
    let world = reviewed(true);
    let scope = HoldScope { recording: Some(entries(&world)[0].id), ..HoldScope::default() };
    let by = Actor { name: "ada@contoso.example".to_owned(), is_verified: false };
    let place = || {
        let hold = Hold::new("case 1", "a letter of the court", scope.clone(), by.clone(), world.now());
        now(world.archivist().hold_placing.place_hold(&hold)).unwrap();
    };
    place();
    world.run_until(world.now() + SignedDuration::from_hours(1));
    now(world.archivist().hold_release.release_holds("case 1", &by)).unwrap();
    world.run_until(world.now() + SignedDuration::from_hours(1));
    place();
    world.run_until(world.now() + SignedDuration::from_hours(1));

    let (bundle, _) = export(&world, None).unwrap();
    assert_eq!(verified(&bundle, None).1, []);
}

#[test]
fn a_content_written_since_it_was_catalogued_is_not_that_of_the_recording() {
    let world = reviewed(true);
    let content = |world: &World| {
        let (bundle, exported) = export(world, None).unwrap();
        assert_eq!(verified(&bundle, None).1, []);
        (exported.contents, exported.unknown.iter().any(|one| one.what == "content"))
    };
    assert_eq!(content(&world), (1, false));
    let event = world.write("vm-user", 7);
    assert_eq!(content(&world), (0, true), "no event told of the new content yet");
    world.does(&Work::Event(event));
    world.run_until(world.now() + SignedDuration::from_mins(10));
    assert_eq!(content(&world).0, 1);
}

#[test]
fn a_hold_that_is_not_in_the_ledger_yet_is_listed_as_unknown() {
    let world = reviewed(true);
    let scope = HoldScope { recording: Some(entries(&world)[0].id), ..HoldScope::default() };
    let by = Actor { name: "ada@contoso.example".to_owned(), is_verified: true };
    let hold = Hold::new("case 1", "a letter of the court", scope, by, world.now());
    now(world.archivist().hold_placing.place_hold(&hold)).unwrap();
    for is_recorded in [false, true] {
        let (bundle, exported) = export(&world, None).unwrap();
        assert_eq!(verified(&bundle, None).1, []);
        let unknown = exported.unknown.iter().find(|one| one.what == "hold_in_ledger");
        assert_eq!(unknown.map(|one| one.about.as_str()), (!is_recorded).then_some(hold.id.as_str()));
        world.run_until(world.now() + SignedDuration::from_mins(10));
    }
}
