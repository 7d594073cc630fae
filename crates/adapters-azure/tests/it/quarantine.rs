//! The quarantine on the emulator.

use adapters_azure::{AzureQuarantine, StorageAccess};
use azure_core::http::{Method, Request, StatusCode};
use azurite::Account;
use domain::address::ContainerName;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{FaultKind, Quarantine, QuarantineId, QuarantinedInput};
use pipeline::testing::sample::second;

use crate::emulated;
use crate::emulated::answering::Answering;

async fn make() -> (AzureQuarantine, ()) {
    let account = emulated::account();
    (quarantine(&account, &emulated::access(&account)).await, ())
}

pipeline::quarantine_conformance!(make);

async fn quarantine(account: &Account, access: &StorageAccess) -> AzureQuarantine {
    let container = ContainerName::parse("quarantine").unwrap();
    let quarantine = AzureQuarantine::new(access, &emulated::endpoint(&account.blob_url), &container).unwrap();
    quarantine.create().await.unwrap();
    quarantine
}

fn input(raw: &[u8], at: Timestamp) -> QuarantinedInput {
    let (reason, origin) = ("not JSON".to_owned(), "recording_landed".to_owned());
    QuarantinedInput { id: QuarantineId::derive(raw, &origin), raw: raw.to_vec(), reason, at, origin }
}

/// A crash between the bytes and the note, then the redelivery.
#[tokio::test]
async fn an_input_without_a_note_gets_it_when_it_comes_again() {
    let account = emulated::account();
    let note = |request: &Request| request.method() == Method::Put && request.url().path().contains("log%2F");
    let wire = Answering::to(note, StatusCode::Forbidden, "AuthorizationFailure");
    let first = input(b"x", second(0));
    let crashing = quarantine(&account, &emulated::access(&account).with_policy(wire.clone())).await;
    assert_eq!(crashing.put(&first).await.unwrap_err().kind, FaultKind::Refused);
    assert_eq!(wire.seen(), 5, "the container, the bytes, the pending announcement with its marker, the note");
    let whole = quarantine(&account, &emulated::access(&account)).await;
    assert_eq!(whole.get(&first.id).await.unwrap(), Some(first.clone()), "the bytes went first");
    assert_eq!(whole.since(second(0), 10).await.unwrap(), []);
    for n in [5, 9] {
        whole.put(&QuarantinedInput { reason: "another".to_owned(), ..input(b"x", second(n)) }).await.unwrap();
        assert_eq!(whole.since(second(0), 10).await.unwrap(), [first.note()], "as it came first");
    }
}

/// Metadata holds 8 KiB, so the reason is cut; the bytes are complete.
#[tokio::test]
async fn a_long_reason_is_truncated() {
    let (quarantine, ()) = make().await;
    let long = QuarantinedInput { reason: "ü".repeat(10_000), ..input(b"x", second(0)) };
    quarantine.put(&long).await.unwrap();
    let kept = quarantine.get(&long.id).await.unwrap().unwrap();
    assert!(kept.reason.len() > 2_000 && long.reason.starts_with(&kept.reason));
    assert_eq!(kept, QuarantinedInput { reason: kept.reason.clone(), ..long });
    assert_eq!(quarantine.since(second(0), 1).await.unwrap(), [kept.note()]);
}

/// Also within a second and over the end of a year.
#[tokio::test]
async fn notes_are_ordered_by_time_for_any_precision() {
    let (quarantine, ()) = make().await;
    let end: Timestamp = "2026-12-31T23:59:59.9Z".parse().unwrap();
    let steps = [0, 1, 90_000_000, 99_999_999, 100_000_000, 1_100_000_000];
    let times = steps.map(|nanos| end.checked_add(SignedDuration::from_nanos(nanos)).unwrap());
    for (n, at) in times.into_iter().enumerate().rev() {
        quarantine.put(&input(n.to_string().as_bytes(), at)).await.unwrap();
    }
    for (n, since) in times.into_iter().enumerate() {
        let found: Vec<_> = quarantine.since(since, 10).await.unwrap().into_iter().map(|note| note.at).collect();
        assert_eq!(found, times[n..]);
    }
}

/// Creating the container is idempotent.
#[tokio::test]
async fn an_existing_container_is_left_unchanged() {
    let (quarantine, ()) = make().await;
    let kept = input(b"x", second(0));
    quarantine.put(&kept).await.unwrap();
    quarantine.create().await.unwrap();
    assert_eq!(quarantine.get(&kept.id).await.unwrap(), Some(kept));
}

/// A crash between removing the note and the bytes: the input is no longer listed, and a later put stores it as new.
#[tokio::test]
async fn an_input_without_its_note_can_be_removed_and_added_again() {
    let account = emulated::account();
    let bytes = |request: &Request| request.method() == Method::Delete && request.url().path().contains("inputs%2F");
    let wire = Answering::to(bytes, StatusCode::Forbidden, "AuthorizationFailure");
    let crashing = quarantine(&account, &emulated::access(&account).with_policy(wire)).await;
    let kept = input(b"x", second(0));
    crashing.put(&kept).await.unwrap();
    assert_eq!(crashing.remove(&kept.id).await.unwrap_err().kind, FaultKind::Refused);
    let whole = quarantine(&account, &emulated::access(&account)).await;
    assert_eq!(whole.since(second(0), 10).await.unwrap(), []);
    whole.put(&input(b"x", second(9))).await.unwrap();
    assert_eq!(whole.since(second(0), 10).await.unwrap(), [kept.note()]);
    whole.remove(&kept.id).await.unwrap();
    assert_eq!(whole.get(&kept.id).await.unwrap(), None);
}
