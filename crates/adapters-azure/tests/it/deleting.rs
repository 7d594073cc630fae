//! Deleting a recording: requests on the wire and the meaning of the answers.

use std::sync::Arc;

use adapters_azure::testing::{Mishap, Mishaps};
use adapters_azure::{AzureBlobs, Policy};
use azure_core::http::headers::HeaderName;
use azure_core::http::{Method, Request, StatusCode};
use azure_storage_blob::models::BlobClientCreateSnapshotOptions;
use domain::address::BlobAddress;
use domain::record::blob::ETag;
use domain::record::tags::TagSet;
use pipeline::ports::{BlobDelete, BlobStore, Fault, FaultKind};
use pipeline::testing::blob_store::BlobFixture;
use pipeline::testing::sample::{address, second, warrant};

use crate::emulated;
use crate::emulated::answering::Answering;
use crate::emulated::written::Written;

/// Writes a deletable blob; returns its address and ETag.
async fn blob() -> (Written, BlobAddress, ETag) {
    let (written, blob) = (Written::default(), address("goes"));
    written.create_container(&blob.container()).await;
    written.put_with_tags(&blob, "bsr-hold=none&bsr-class=brief").await;
    let etag = written.store().properties(&blob).await.unwrap().unwrap().etag;
    (written, blob, etag)
}

/// Opens the same account through this transport.
fn through(written: &Written, wire: Arc<dyn Policy>) -> AzureBlobs {
    let account = written.account(&address("x").account);
    let access = emulated::access(&account).with_policy(wire);
    AzureBlobs::new(&access, &emulated::endpoint(&account.blob_url), address("x").account).unwrap()
}

async fn delete(blobs: &AzureBlobs, blob: &BlobAddress, etag: &ETag) -> Result<BlobDelete, Fault> {
    blobs.delete(&warrant(blob, etag, second(0))).await
}

async fn is_there(written: &Written, blob: &BlobAddress) -> bool {
    written.store().properties(blob).await.unwrap().is_some()
}

/// The emulator does not compare tags when an ETag is given, so this test checks the request headers exactly.
#[tokio::test]
async fn a_deletion_is_conditional_on_content_and_tags_of_its_warrant() {
    let (written, blob, etag) = blob().await;
    let proof = warrant(&blob, &etag, second(0));
    let expected = [
        ("if-match", Some(format!("\"{}\"", etag.as_str()))),
        ("x-ms-if-tags", Some(r#""bsr-hold" = 'none' AND "bsr-class" = 'brief'"#.to_owned())),
        ("x-ms-client-request-id", Some(proof.client_request_id().to_owned())),
        ("x-ms-delete-snapshots", None),
        ("x-ms-lease-id", None),
    ];
    let as_expected = move |request: &Request| {
        let told = |name| request.headers().get_optional_str(&HeaderName::from_static(name));
        request.method() == Method::Delete
            && request.url().query().is_none()
            && expected.iter().all(|(name, value)| told(name) == value.as_deref())
    };
    let wire = Answering::to(as_expected, StatusCode::PreconditionFailed, "ConditionNotMet");
    assert_eq!(through(&written, wire.clone()).delete(&proof).await.unwrap(), BlobDelete::Changed);
    assert_eq!(wire.seen(), 3, "a read of the tags, the deletion, and a check that the blob is still there");
    assert!(is_there(&written, &blob).await, "the wire has taken the deletion for the expected one");
}

/// A hold writes its tag first, so it wins before a deletion is sent.
#[tokio::test]
async fn a_hold_in_the_tags_prevents_the_deletion_request() {
    let (written, blob, etag) = blob().await;
    let held = TagSet([("bsr-hold", "CASE-7"), ("bsr-class", "brief")].map(|(k, v)| (k.into(), v.into())).into());
    written.store().replace_tags(&blob, &held, &etag, &TagSet::default()).await.unwrap();
    let wire = Answering::to(|_| false, StatusCode::Ok, "");
    assert_eq!(delete(&through(&written, wire.clone()), &blob, &etag).await.unwrap(), BlobDelete::Changed);
    assert_eq!(wire.seen(), 1, "a read of the tags");
}

#[tokio::test]
async fn a_deletion_with_a_lost_response_counts_as_done() {
    let (written, blob, etag) = blob().await;
    let mishaps = Arc::new(Mishaps::one(2, Mishap::AnswerLost));
    let deleted = delete(&through(&written, mishaps.clone()), &blob, &etag).await.unwrap();
    assert_eq!(deleted, BlobDelete::Gone, "the repetition met the result of its own first try");
    assert!(!is_there(&written, &blob).await);
    let labels = mishaps.labels();
    assert_eq!(labels.iter().filter(|label| label.starts_with("DELETE")).count(), 2, "{labels:?}");
}

/// An operator can remove each of these obstacles, and the message names it.
#[tokio::test]
async fn a_deletion_prevented_by_storage_is_refused_with_the_reason() {
    for (status, code, reason) in [
        (StatusCode::Conflict, "BlobImmutableDueToPolicy", "an immutability policy of storage keeps it"),
        (StatusCode::Conflict, "BlobImmutableDueToLegalHold", "a legal hold of storage keeps it"),
        (StatusCode::PreconditionFailed, "LeaseIdMissing", "a lease is held on it"),
        (StatusCode::Conflict, "SnapshotsPresent", "it has snapshots that were not checked"),
        (StatusCode::Forbidden, "AuthorizationPermissionMismatch", "storage answered 403"),
    ] {
        let (written, blob, etag) = blob().await;
        let wire = Answering::to(|request| request.method() == Method::Delete, status, code);
        let fault = delete(&through(&written, wire), &blob, &etag).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Refused, "{fault}");
        assert!(fault.to_string().contains(reason) && fault.to_string().contains(code), "{fault}");
    }
}

#[tokio::test]
async fn a_blob_or_container_deleted_meanwhile_is_gone() {
    for (status, code) in [(StatusCode::NotFound, "BlobNotFound"), (StatusCode::NotFound, "ContainerNotFound")] {
        let (written, blob, etag) = blob().await;
        let wire = Answering::to(|request| request.method() == Method::Delete, status, code);
        assert_eq!(delete(&through(&written, wire), &blob, &etag).await.unwrap(), BlobDelete::Gone, "{code}");
    }
}

/// The blob stays until the lease ends.
#[tokio::test]
async fn a_leased_blob_is_refused_until_the_lease_ends() {
    let (written, blob, etag) = blob().await;
    let client = written.client(&blob);
    let lease = client.acquire_lease(15, None).await.unwrap();
    let proof = warrant(&blob, &etag, second(0));
    assert_eq!(written.store().delete(&proof).await.unwrap_err().kind, FaultKind::Refused);
    assert!(is_there(&written, &blob).await);
    client.release_lease(Written::lease_of(&lease), None).await.unwrap();
    assert_eq!(written.store().delete(&proof).await.unwrap(), BlobDelete::Deleted);
}

/// Snapshots were not checked, so they are not deleted with the blob.
#[tokio::test]
async fn a_blob_with_snapshots_is_refused() {
    let (written, blob, etag) = blob().await;
    written.client(&blob).create_snapshot(Some(BlobClientCreateSnapshotOptions::default())).await.unwrap();
    let fault = written.store().delete(&warrant(&blob, &etag, second(0))).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused, "{fault}");
    assert!(fault.to_string().contains("snapshots"), "{fault}");
    assert!(is_there(&written, &blob).await);
}
