//! Conformance cases of [`BlobStore::delete`](crate::ports::BlobStore::delete).

use domain::address::BlobAddress;
use domain::record::blob::ETag;
use domain::record::tags::TagSet;

use super::super::sample::{address, second, warrant};
use super::{BlobFixture, hostile_names, properties, put, tag_set, tags};
use crate::ports::{BlobDelete, TagWrite};

/// Tags that the sample warrant requires, and a foreign one.
fn deletable() -> TagSet {
    tag_set(&[("bsr-hold", "none"), ("bsr-class", "brief"), ("theirs", "stays")])
}

/// Writes a blob with these tags; returns its ETag.
async fn tagged(fixture: &impl BlobFixture, blob: &BlobAddress, tags: &TagSet) -> ETag {
    let etag = put(fixture, blob, 1, second(0)).await.etag;
    assert_eq!(fixture.store().replace_tags(blob, tags, &etag, &TagSet::default()).await.unwrap(), TagWrite::Written);
    etag
}

async fn delete(fixture: &impl BlobFixture, blob: &BlobAddress, etag: &ETag) -> BlobDelete {
    fixture.store().delete(&warrant(blob, etag, second(0))).await.unwrap()
}

/// The blob with the warrant's content and tags is deleted, and no other.
pub async fn a_blob_is_deleted_by_its_warrant(fixture: &impl BlobFixture) {
    let (blob, other) = (address("goes"), address("stays"));
    let etag = tagged(fixture, &blob, &deletable()).await;
    tagged(fixture, &other, &deletable()).await;
    assert_eq!(delete(fixture, &blob, &etag).await, BlobDelete::Deleted);
    assert_eq!(fixture.store().properties(&blob).await.unwrap(), None);
    assert_eq!(fixture.store().tags(&blob).await.unwrap(), None);
    assert_eq!(tags(fixture, &other).await, deletable());
    assert_eq!(delete(fixture, &blob, &etag).await, BlobDelete::Gone, "a repeat deletes nothing");
}

/// A rewrite after the decision is another recording.
pub async fn another_content_is_not_deleted(fixture: &impl BlobFixture) {
    let blob = address("rewritten");
    let etag = tagged(fixture, &blob, &deletable()).await;
    let rewritten = put(fixture, &blob, 2, second(60)).await.etag;
    fixture.store().replace_tags(&blob, &deletable(), &rewritten, &TagSet::default()).await.unwrap();
    assert_eq!(delete(fixture, &blob, &etag).await, BlobDelete::Changed);
    assert_eq!(properties(fixture, &blob).await.size, 2);
}

/// A new blob under the same name is another recording, however similar.
pub async fn a_recreated_blob_is_not_deleted_by_an_old_warrant(fixture: &impl BlobFixture) {
    let blob = address("again");
    let etag = tagged(fixture, &blob, &deletable()).await;
    fixture.delete(&blob).await;
    assert_eq!(delete(fixture, &blob, &etag).await, BlobDelete::Gone);
    let anew = put(fixture, &blob, 2, second(60)).await.etag;
    fixture.store().replace_tags(&blob, &deletable(), &anew, &TagSet::default()).await.unwrap();
    assert_eq!(delete(fixture, &blob, &etag).await, BlobDelete::Changed);
    assert_eq!(properties(fixture, &blob).await.etag, anew);
}

/// A missing blob counts as gone, with or without its container.
pub async fn deleting_a_missing_blob_reports_it_as_gone(fixture: &impl BlobFixture) {
    let (blob, etag) = (address("nothing"), ETag::new("0x8D1"));
    assert_eq!(delete(fixture, &blob, &etag).await, BlobDelete::Gone, "without a container");
    fixture.create_container(&blob.container()).await;
    assert_eq!(delete(fixture, &blob, &etag).await, BlobDelete::Gone);
}

/// A hold tag set at the last moment wins, and so does another class. A blob without the archivist's tags stays.
pub async fn a_blob_with_other_tags_is_not_deleted(fixture: &impl BlobFixture) {
    let others: [&[(&str, &str)]; 8] = [
        &[],
        &[("bsr-hold", "none")],
        &[("bsr-class", "brief")],
        &[("bsr-hold", "CASE-7"), ("bsr-class", "brief")],
        &[("bsr-hold", "none"), ("bsr-class", "pci")],
        &[("bsr-hold", "none"), ("bsr-class", "brief 2")],
        &[("bsr-hold", "NONE"), ("bsr-class", "brief")],
        &[("BSR-HOLD", "none"), ("bsr-class", "brief")],
    ];
    let blob = address("held");
    for others in others.map(tag_set) {
        let etag = tagged(fixture, &blob, &others).await;
        assert_eq!(delete(fixture, &blob, &etag).await, BlobDelete::Changed, "{others:?}");
        assert_eq!(tags(fixture, &blob).await, others);
    }
}

/// Names are data.
pub async fn hostile_names_are_kept_apart_in_deletion(fixture: &impl BlobFixture) {
    let names = hostile_names(fixture);
    let mut etags = Vec::new();
    for name in &names {
        etags.push(tagged(fixture, &address(name), &deletable()).await);
    }
    for (at, name) in names.iter().enumerate() {
        assert_eq!(delete(fixture, &address(name), &etags[at]).await, BlobDelete::Deleted, "{name:?}");
        for later in &names[at + 1..] {
            assert!(fixture.store().properties(&address(later)).await.unwrap().is_some(), "{name:?} took {later:?}");
        }
    }
}
