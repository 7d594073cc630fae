//! A bundle of evidence, exported from the services of the emulator.

use std::io::Cursor;

use azurite::Azurite;
use domain::policy::review::ReviewPolicy;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use pipeline::CatalogueReader;
use pipeline::evidence::{EvidenceSelection, ExportEvidence, Exported, SelectedRecordings};

use crate::promises::host::HostWork;
use crate::promises::run::Run;
use crate::promises::services::LogLines;
use crate::promises::visits::{AzureRequest, AzureVisit};
use crate::promises::world::{AzureWorld, access_logging, logging};

const LENGTH: SignedDuration = SignedDuration::from_mins(10);

/// Creates a world with a recording, its session and one viewing.
async fn recorded(has_access_log: bool) -> AzureWorld {
    let account = Azurite::shared().unwrap().account().unwrap();
    let estate = if has_access_log { access_logging() } else { logging() };
    let world = AzureWorld::new(&LogLines::new(&account), &account, &account, &Run::UNDISTURBED, estate).await;
    world.healthy.ledger.create_container().await.unwrap();
    let visit = AzureVisit::new("a", world.now(), LENGTH);
    world.storage.begin_log().await;
    world.storage.grow_log(&(visit.begun() + &visit.over())).await;
    world.storage.write("vm-user", 1, world.now()).await;
    world.pass_time(LENGTH);
    let written = world.storage.write_readable("vm-user", 9, world.now()).await;
    world.does(HostWork::Event(written)).await;
    let person = Some("grace@contoso.example");
    let viewed = AzureRequest { id: 1, at: world.now() + SignedDuration::from_mins(2), person, bytes: 9 };
    world.storage.begin_access_log().await;
    world.storage.grow_access_log(&viewed.line()).await;
    world.settle().await;
    world
}

async fn export(world: &AzureWorld) -> (Vec<u8>, Exported) {
    let services = &world.healthy;
    let reader = CatalogueReader {
        catalogue: services.catalogue.as_ref(),
        sessions: services.sessions.as_ref(),
        checkpoints: services.checkpoints.as_ref(),
        estate: &world.estate,
        policy: None,
        reviews: &ReviewPolicy::default(),
        time_zone: &TimeZone::UTC,
        now: world.now(),
    };
    let (blobs, ledger) = (services.blobs.as_ref(), services.ledger.as_ref());
    let export = ExportEvidence { reader, blobs, ledger, with_content: true, signer: None };
    let recordings = SelectedRecordings::Query(Box::default());
    let selection = EvidenceSelection { recordings, described: Vec::new() };
    let (output, spool) = (Cursor::new(Vec::new()), Cursor::new(Vec::new()));
    let (output, exported) = export.run(&selection, output, spool, &mut |_| ()).await.unwrap();
    (output.into_inner(), exported)
}

fn unknown(exported: &Exported) -> Vec<&str> {
    exported.unknown.iter().map(|unknown| unknown.what.as_str()).collect()
}

#[tokio::test]
async fn a_bundle_has_the_recording_its_audit_records_and_its_accesses() {
    let world = recorded(true).await;
    let (bundle, exported) = export(&world).await;
    assert_eq!((exported.recordings, exported.contents, exported.differing.len()), (1, 1, 0));
    assert_eq!(unknown(&exported), ["accesses"], "the log has one hour: {:?}", exported.unknown);
    let mut findings = Vec::new();
    let proof = evidence::verify(&bundle[..], None, None, &mut |finding| findings.push(finding)).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!((proof.recordings, proof.contents, proof.audit_records, proof.unknown), (1, 1, 2, 1));
    let text = String::from_utf8_lossy(&bundle);
    for part in ["ada@contoso.example", "grace@contoso.example", "Successfully Connected."] {
        assert!(text.contains(part), "{part}");
    }
    assert_eq!(export(&world).await.0, bundle, "the same state gives the same bytes");
}

#[tokio::test]
async fn a_bundle_without_an_access_log_says_that_accesses_are_unknown() {
    let world = recorded(false).await;
    let (bundle, exported) = export(&world).await;
    assert_eq!((exported.recordings, unknown(&exported)), (1, vec!["accesses"]));
    assert!(exported.unknown[0].reason.contains("no access log"), "{:?}", exported.unknown);
    let text = String::from_utf8_lossy(&bundle);
    assert!(text.contains(r#""accesses":{"logged":false,"#) && !text.contains("grace@contoso.example"));
}
