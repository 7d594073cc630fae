//! Blobs on the emulator.

use std::sync::atomic::{AtomicUsize, Ordering};

use adapters_azure::AzureBlobs;
use azure_core::http::headers::HeaderName;
use azure_core::http::{Method, Request, StatusCode};
use domain::address::BlobAddress;
use domain::record::blob::ETag;
use domain::record::tags::TagSet;
use pipeline::ports::{BlobStore, FaultKind, ListBlobs, TagWrite};
use pipeline::testing::blob_store::BlobFixture;
use pipeline::testing::sample::{address, second};

use crate::emulated;
use crate::emulated::answering::Answering;
use crate::emulated::written::Written;

async fn make() -> (Written, ()) {
    (Written::default(), ())
}

pipeline::blob_store_conformance!(make);

fn red() -> TagSet {
    TagSet([("team".to_owned(), "red".to_owned())].into())
}

/// Opens the same account through a transport with some canned answers.
fn through(written: &Written, wire: &std::sync::Arc<Answering>) -> AzureBlobs {
    let blob = address("x");
    let account = written.account(&blob.account);
    let access = emulated::access(&account).with_policy(wire.clone());
    AzureBlobs::new(&access, &emulated::endpoint(&account.blob_url), blob.account).unwrap()
}

/// The service makes the write conditional on content and guards; the emulator does not.
#[tokio::test]
async fn a_tag_write_is_conditional_on_content_and_guards() {
    let (written, blob, etag) = tagged("bsr-hold=none&bsr-class=brief&team=red").await;
    let read = written.store().tags(&blob).await.unwrap().unwrap();
    let expected = [
        ("x-ms-blob-if-match", Some(format!("\"{}\"", etag.as_str()))),
        ("x-ms-if-tags", Some(r#""bsr-hold" = 'none' AND "bsr-class" = 'brief'"#.to_owned())),
    ];
    let wire = Answering::to(puts(expected), StatusCode::PreconditionFailed, "ConditionNotMet");
    let write = through(&written, &wire).replace_tags(&blob, &red(), &etag, &read).await.unwrap();
    assert_eq!(write, TagWrite::TagsMoved, "the content is still there, so it is the tags");
    assert_eq!(wire.seen(), 4, "a read of content and tags, a write, and a check that the content is still there");
    assert_eq!(written.store().tags(&blob).await.unwrap(), Some(read));
}

/// A condition on an absent tag never holds.
#[tokio::test]
async fn an_unread_guard_adds_no_condition_to_a_tag_write() {
    let (written, blob, etag) = tagged("team=blue").await;
    let read = written.store().tags(&blob).await.unwrap().unwrap();
    let expected = [("x-ms-blob-if-match", Some(format!("\"{}\"", etag.as_str()))), ("x-ms-if-tags", None)];
    let wire = Answering::to(puts(expected), StatusCode::PreconditionFailed, "ConditionNotMet");
    through(&written, &wire).replace_tags(&blob, &red(), &etag, &read).await.unwrap();
    assert_eq!(written.store().tags(&blob).await.unwrap(), Some(read), "the wire has taken it for the expected one");
}

#[tokio::test]
async fn the_service_detects_content_deleted_before_a_tag_write() {
    let (written, blob, etag) = tagged("bsr-hold=none").await;
    let read = written.store().tags(&blob).await.unwrap().unwrap();
    let looks = AtomicUsize::new(0);
    let second_look =
        move |request: &Request| request.method() == Method::Head && looks.fetch_add(1, Ordering::Relaxed) == 1;
    let gone = Answering::to(second_look, StatusCode::NotFound, "BlobNotFound");
    let refused = |request: &Request| request.method() == Method::Put;
    let refusing = Answering::to(refused, StatusCode::PreconditionFailed, "ConditionNotMet");
    let account = written.account(&blob.account);
    let access = emulated::access(&account).with_policy(gone).with_policy(refusing);
    let blobs = AzureBlobs::new(&access, &emulated::endpoint(&account.blob_url), blob.account.clone()).unwrap();
    assert_eq!(blobs.replace_tags(&blob, &red(), &etag, &read).await.unwrap(), TagWrite::ContentGone);
}

/// Writes a blob with these tags; returns its address and ETag.
async fn tagged(tags: &str) -> (Written, BlobAddress, ETag) {
    let (written, blob) = (Written::default(), address("tagged"));
    written.create_container(&blob.container()).await;
    written.put_with_tags(&blob, tags).await;
    let etag = written.store().properties(&blob).await.unwrap().unwrap().etag;
    (written, blob, etag)
}

/// Matches a write of tags with exactly these headers.
fn puts<const N: usize>(expected: [(&'static str, Option<String>); N]) -> impl Fn(&Request) -> bool {
    move |request| {
        let told = |name| request.headers().get_optional_str(&HeaderName::from_static(name));
        request.method() == Method::Put && expected.iter().all(|(name, value)| told(name) == value.as_deref())
    }
}

/// Nothing is wrong with the tags; the lease must end first.
#[tokio::test]
async fn tags_of_a_leased_blob_are_refused_until_the_lease_ends() {
    let (written, blob) = (Written::default(), address("leased"));
    written.create_container(&blob.container()).await;
    written.put(&blob, 1, second(0)).await;
    let etag = written.store().properties(&blob).await.unwrap().unwrap().etag;
    let client = written.client(&blob);
    let lease = client.acquire_lease(15, None).await.unwrap();
    let fault = written.store().replace_tags(&blob, &red(), &etag, &TagSet::default()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused, "{fault}");
    client.release_lease(Written::lease_of(&lease), None).await.unwrap();
    assert_eq!(
        written.store().replace_tags(&blob, &red(), &etag, &TagSet::default()).await.unwrap(),
        TagWrite::Written
    );
}

/// Other writers may use tags without a value; the archivist must not drop them.
#[tokio::test]
async fn a_tag_without_a_value_is_read() {
    let (written, blob) = (Written::default(), address("tagged"));
    written.create_container(&blob.container()).await;
    written.put_with_tags(&blob, "checked=&team=red").await;
    let expected = [("checked", ""), ("team", "red")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    let expected = TagSet(expected.into());
    assert_eq!(written.store().tags(&blob).await.unwrap(), Some(expected.clone()));
    let page = written.store().list(ListBlobs::first(&blob.container(), 10).with_tags()).await.unwrap().unwrap();
    assert_eq!(page.blobs[0].tags, Some(expected));
}

/// A request for such a name would reach the container or another blob, so it is never sent.
#[tokio::test]
async fn a_name_changed_by_the_url_is_rejected_before_any_request() {
    let written = Written::default();
    written.create_container(&address("x").container()).await;
    let wire = Answering::to(|_| false, StatusCode::Ok, "");
    let blobs = through(&written, &wire);
    for name in [".", "..", "a\tb", "a\nb"] {
        blobs.properties(&address(name)).await.unwrap_err();
    }
    assert_eq!(wire.seen(), 0);
    assert_eq!(blobs.properties(&address("ab")).await.unwrap(), None);
    assert_eq!(wire.seen(), 1, "the wire counts");
}

/// The answer of storage would come late and name the wrong cause.
#[tokio::test]
async fn tags_that_storage_refuses_are_refused_before_any_request() {
    let written = Written::default();
    let wire = Answering::to(|_| false, StatusCode::Ok, "");
    let tags = TagSet([("mail".to_owned(), "user@host".to_owned())].into());
    let fault = through(&written, &wire)
        .replace_tags(&address("x"), &tags, &ETag::new("0x0"), &TagSet::default())
        .await
        .unwrap_err();
    assert_eq!((fault.kind, wire.seen()), (FaultKind::Permanent, 0), "{fault}");
}

/// Like an absent blob in an existing container.
#[tokio::test]
async fn a_missing_container_contains_no_blob() {
    let written = Written::default();
    let blobs = through(&written, &Answering::to(|_| false, StatusCode::Ok, ""));
    let blob = address("x");
    assert_eq!(blobs.properties(&blob).await.unwrap(), None);
    assert_eq!(blobs.tags(&blob).await.unwrap(), None);
    assert_eq!(
        blobs.replace_tags(&blob, &red(), &ETag::new("0x0"), &TagSet::default()).await.unwrap(),
        TagWrite::ContentGone
    );
}

/// An operator can grant a missing role.
#[tokio::test]
async fn a_forbidden_blob_is_refused() {
    let written = Written::default();
    let wire = Answering::to(|_| true, StatusCode::Forbidden, "AuthorizationPermissionMismatch");
    let fault = through(&written, &wire).properties(&address("x")).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
    assert_eq!(
        fault.to_string().split(": ").take(2).collect::<Vec<_>>(),
        ["failed to read blob local/recordings/x", "storage answered 403 AuthorizationPermissionMismatch"]
    );
}

/// The role *Storage Blob Data Reader*, which suffices for an audit log, does not include the right to read tags.
#[tokio::test]
async fn a_listing_without_the_right_to_read_tags_has_unknown_tags() {
    let (written, blob) = (Written::default(), address("x"));
    written.create_container(&blob.container()).await;
    written.put_with_tags(&blob, "team=red").await;
    let asks_for_tags = |request: &Request| request.url().query().is_some_and(|query| query.contains("include=tags"));
    let wire = Answering::to(asks_for_tags, StatusCode::Forbidden, "AuthorizationPermissionMismatch");
    let blobs = through(&written, &wire);
    let container = blob.container();
    for (request, sent) in [(ListBlobs::first(&container, 10), 1), (ListBlobs::first(&container, 10).with_tags(), 3)] {
        let page = blobs.list(request).await.unwrap().unwrap();
        assert_eq!((page.blobs.len(), &page.blobs[0].tags, wire.seen()), (1, &None, sent));
    }
}

/// One store calls one account.
#[tokio::test]
async fn another_account_is_a_permanent_fault() {
    let written = Written::default();
    let wire = Answering::to(|_| false, StatusCode::Ok, "");
    let elsewhere = domain::address::BlobAddress::parse("other", "recordings", "x").unwrap();
    let fault = through(&written, &wire).properties(&elsewhere).await.unwrap_err();
    assert_eq!((fault.kind, wire.seen()), (FaultKind::Permanent, 0));
}
