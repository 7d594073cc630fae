//! Actions of other parties on the blobs in memory.

use adapters_local::memory::MemoryBlobs;
use domain::address::BlobAddress;
use domain::record::tags::TagSet;
use pipeline::ports::{BlobStore, Fault, FaultKind, ListBlobs, TagWrite};
use pipeline::testing::sample::{address, second};

async fn tag(blobs: &MemoryBlobs, at: &BlobAddress) -> Result<TagWrite, Fault> {
    let Some(found) = blobs.properties(at).await? else {
        return Ok(TagWrite::ContentGone);
    };
    let tags = TagSet([("a".to_owned(), "1".to_owned())].into());
    blobs.replace_tags(at, &tags, &found.etag, &TagSet::default()).await
}

#[tokio::test]
async fn a_leased_blob_takes_no_tags_until_it_is_released() {
    let (blobs, at) = (MemoryBlobs::default(), address("vm-a"));
    blobs.put(&at, 1, second(0));
    assert!(blobs.lease(&at));
    assert_eq!(tag(&blobs, &at).await.unwrap_err().kind, FaultKind::Refused);
    blobs.put(&at, 2, second(1));
    assert_eq!(tag(&blobs, &at).await.unwrap_err().kind, FaultKind::Refused, "its holder writes under the lease");
    assert!(blobs.release(&at));
    assert_eq!(tag(&blobs, &at).await.unwrap(), TagWrite::Written);
}

#[tokio::test]
async fn a_forbidden_container_refuses_everything_until_it_is_permitted() {
    let (blobs, at) = (MemoryBlobs::default(), address("vm-a"));
    let etag = blobs.put(&at, 1, second(0));
    blobs.forbid(&at.container());
    let refused = [
        blobs.properties(&at).await.unwrap_err().kind,
        blobs.list(ListBlobs::first(&at.container(), 1)).await.unwrap_err().kind,
        blobs.tags(&at).await.unwrap_err().kind,
        blobs.replace_tags(&at, &TagSet::default(), &etag, &TagSet::default()).await.unwrap_err().kind,
    ];
    assert_eq!(refused, [FaultKind::Refused; 4]);
    blobs.permit(&at.container());
    assert_eq!(tag(&blobs, &at).await.unwrap(), TagWrite::Written);
}

#[tokio::test]
async fn a_change_of_tier_changes_nothing_else() {
    let (blobs, at) = (MemoryBlobs::default(), address("vm-a"));
    blobs.put(&at, 1, second(0));
    let mut expected = blobs.properties(&at).await.unwrap().unwrap();
    assert!(blobs.set_tier(&at, "Cool"));
    expected.tier = Some("Cool".to_owned());
    assert_eq!(blobs.properties(&at).await.unwrap(), Some(expected));
}

#[tokio::test]
async fn foreign_tags_are_reported() {
    let (blobs, at) = (MemoryBlobs::default(), address("vm-a"));
    blobs.put(&at, 1, second(0));
    let theirs = TagSet([("team".to_owned(), "red".to_owned())].into());
    assert!(blobs.set_tags(&at, theirs.clone()));
    assert_eq!(blobs.tags(&at).await.unwrap(), Some(theirs));
}

#[tokio::test]
async fn every_operation_on_a_missing_memory_blob_fails() {
    let (blobs, at) = (MemoryBlobs::default(), address("vm-a"));
    assert!(!blobs.lease(&at) && !blobs.release(&at) && !blobs.remove(&at));
    assert!(!blobs.set_tier(&at, "Cool") && !blobs.set_tags(&at, TagSet::default()));
}
