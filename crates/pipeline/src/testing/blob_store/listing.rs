//! Conformance cases of [`BlobStore::list`](crate::ports::BlobStore::list).

use super::super::sample::{address, address_in, second};
use super::{BlobFixture, hostile_names, properties, put, tag_set, tags};
use crate::ports::{ListBlobs, ListedBlob};

/// Distinguishes a missing container from an empty one.
pub async fn a_container_that_does_not_exist_has_no_listing(fixture: &impl BlobFixture) {
    put(fixture, &address("elsewhere"), 1, second(0)).await;
    for nowhere in [address_in("local", "absent", "x"), address_in("absent", "recordings", "x")] {
        assert_eq!(fixture.store().list(ListBlobs::first(&nowhere.container(), 10)).await.unwrap(), None);
    }
}

/// Holds for a new container and for one whose blobs were all deleted.
pub async fn an_empty_container_has_an_empty_listing(fixture: &impl BlobFixture) {
    fixture.create_container(&address("x").container()).await;
    assert_eq!(names(fixture, "", 10).await, [""; 0]);
    put(fixture, &address("x"), 1, second(0)).await;
    fixture.delete(&address("x")).await;
    assert_eq!(names(fixture, "", 10).await, [""; 0]);
}

/// Applies to properties and tags.
pub async fn a_listing_agrees_with_single_reads(fixture: &impl BlobFixture) {
    for (size, name) in (1..).zip(["plain", "tagged"]) {
        put(fixture, &address(name), size, second(0)).await;
    }
    let rewritten = put(fixture, &address("tagged"), 9, second(60)).await;
    fixture
        .store()
        .replace_tags(&address("tagged"), &tag_set(&[("team", "red")]), &rewritten.etag, &tag_set(&[]))
        .await
        .unwrap();
    for listed in blobs(fixture, "", 10).await {
        let blob = address(listed.name.as_str());
        assert_eq!(listed.properties, properties(fixture, &blob).await);
        assert_eq!(listed.tags, Some(tags(fixture, &blob).await));
    }
}

/// Tags that were not requested are unknown, not absent.
pub async fn a_listing_without_tags_has_none(fixture: &impl BlobFixture) {
    put(fixture, &address("plain"), 1, second(0)).await;
    let page = fixture.store().list(ListBlobs::first(&address("plain").container(), 10)).await.unwrap();
    assert_eq!(page.expect("the container exists").blobs[0].tags, None);
}

/// Names are ordered by bytes; `/` is not special.
pub async fn a_listing_is_in_the_order_of_names(fixture: &impl BlobFixture) {
    let ordered = ["B", "a-b", "a.1", "a.10", "a.2", "a/b", "a/b-c", "a0", "b", "ä"];
    for name in ordered.iter().rev() {
        put(fixture, &address(name), 1, second(0)).await;
    }
    assert_eq!(names(fixture, "", 100).await, ordered);
}

/// Holds if the last page is exactly full.
pub async fn listing_pages_join_without_gap_or_duplicate(fixture: &impl BlobFixture) {
    let all: Vec<String> = (0..7).map(|n| format!("vm-user.{n}")).collect();
    for name in &all {
        put(fixture, &address(name), 1, second(0)).await;
    }
    for limit in 1..=8 {
        assert_eq!(names(fixture, "", limit).await, all, "pages of {limit}");
    }
}

/// A sweep resumes at its marker even if blobs were deleted meanwhile.
pub async fn a_listing_continues_after_a_deleted_marker(fixture: &impl BlobFixture) {
    for name in ["a", "b", "c", "d"] {
        put(fixture, &address(name), 1, second(0)).await;
    }
    let container = address("a").container();
    let first = fixture.store().list(ListBlobs::first(&container, 2)).await.unwrap().expect("the container exists");
    let listed: Vec<_> = first.blobs.iter().map(|blob| blob.name.as_str()).collect();
    let rest: Vec<_> = ["a", "b", "c", "d"].into_iter().filter(|name| !listed.contains(name)).collect();
    for name in &listed {
        fixture.delete(&address(name)).await;
    }
    let mut found = Vec::new();
    let mut marker = first.next;
    while let Some(behind) = marker {
        let page = fixture
            .store()
            .list(ListBlobs::first(&container, 2).after(Some(&behind)))
            .await
            .unwrap()
            .expect("still there");
        found.extend(page.blobs.into_iter().map(|blob| blob.name.as_str().to_owned()));
        marker = page.next;
    }
    assert_eq!(found, rest);
}

/// A prefix applies to names, not to folders.
pub async fn a_prefix_narrows_the_listing(fixture: &impl BlobFixture) {
    for name in ["a", "vm-a", "vm-a.1", "vm-a.2", "vm-b", "vm/a", "z"] {
        put(fixture, &address(name), 1, second(0)).await;
    }
    for limit in [1, 2, 10] {
        assert_eq!(names(fixture, "vm-a", limit).await, ["vm-a", "vm-a.1", "vm-a.2"], "pages of {limit}");
        assert_eq!(names(fixture, "vm/", limit).await, ["vm/a"], "pages of {limit}");
        assert_eq!(names(fixture, "nothing", limit).await, [""; 0], "pages of {limit}");
    }
}

/// The listing contains all of them and no others.
pub async fn hostile_names_are_listed_verbatim(fixture: &impl BlobFixture) {
    for name in hostile_names(fixture) {
        put(fixture, &address(name), 1, second(0)).await;
    }
    let mut expected = hostile_names(fixture);
    expected.sort_unstable();
    for limit in [3, 100] {
        assert_eq!(names(fixture, "", limit).await, expected, "pages of {limit}");
    }
}

/// Lists all blobs of the container of [`address`], in pages of `limit`.
async fn blobs(fixture: &impl BlobFixture, prefix: &str, limit: usize) -> Vec<ListedBlob> {
    let container = address("any").container();
    let mut blobs = Vec::new();
    let mut marker = None;
    loop {
        let page = fixture
            .store()
            .list(ListBlobs::first(&container, limit).with_tags().under(prefix).after(marker.as_deref()))
            .await
            .unwrap();
        let page = page.expect("the container exists");
        assert!(page.blobs.len() <= limit, "a page of {limit} has {}", page.blobs.len());
        blobs.extend(page.blobs);
        match page.next {
            None => return blobs,
            next => marker = next,
        }
    }
}

async fn names(fixture: &impl BlobFixture, prefix: &str, limit: usize) -> Vec<String> {
    blobs(fixture, prefix, limit).await.into_iter().map(|blob| blob.name.as_str().to_owned()).collect()
}
