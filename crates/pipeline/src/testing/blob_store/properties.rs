//! Conformance cases of [`BlobStore::properties`](crate::ports::BlobStore::properties).

use super::super::sample::{HOSTILE_NAMES, address, address_in, second};
use super::{BlobFixture, hostile_names, properties, put, tag_set, tags};
use crate::ports::{FaultKind, TagWrite};

/// A missing blob is no error, even if its container is missing.
pub async fn a_missing_blob_has_no_properties_and_no_tags(fixture: &impl BlobFixture) {
    let absent = [address("absent"), address("absent/deeper"), address_in("nowhere", "at-all", "absent")];
    fixture.create_container(&absent[0].container()).await;
    for address in absent {
        assert_eq!(fixture.store().properties(&address).await.unwrap(), None, "{address}");
        assert_eq!(fixture.store().tags(&address).await.unwrap(), None, "{address}");
    }
}

/// Applies to times, size and content type.
pub async fn properties_reflect_the_last_write(fixture: &impl BlobFixture) {
    let blob = address("vm-web-01-azureadmin");
    fixture.create_container(&blob.container()).await;
    let at = fixture.put(&blob, 1_234, second(7)).await;
    let found = properties(fixture, &blob).await;
    assert_eq!((found.created_at, found.last_modified, found.size), (at, at, 1_234));
    assert_eq!(found.content_type.as_deref(), Some("application/octet-stream"));
    assert!(!found.etag.as_str().is_empty() && !found.etag.as_str().contains('"'), "a bare ETag");
    assert_eq!(properties(fixture, &blob).await, found, "looking changes nothing");
}

/// The creation time is the time of the first write.
pub async fn a_rewrite_keeps_the_creation_time(fixture: &impl BlobFixture) {
    let blob = address("vm-web-01-azureadmin");
    fixture.create_container(&blob.container()).await;
    let created = fixture.put(&blob, 0, second(0)).await;
    for (size, at) in [(10, second(60)), (20, second(120))] {
        let written = fixture.put(&blob, size, at).await;
        let found = properties(fixture, &blob).await;
        assert_eq!((found.created_at, found.last_modified, found.size), (created, written, size));
    }
}

/// Content of the same length gets another ETag, too.
pub async fn a_rewrite_changes_the_etag(fixture: &impl BlobFixture) {
    let blob = address("vm-web-01-azureadmin");
    let first = put(fixture, &blob, 10, second(0)).await;
    let second = put(fixture, &blob, 10, second(60)).await;
    assert_ne!(first.etag, second.etag);
}

/// Storage binds tags to the content written with them.
pub async fn a_rewrite_drops_the_tags(fixture: &impl BlobFixture) {
    let blob = address("vm-web-01-azureadmin");
    let etag = put(fixture, &blob, 10, second(0)).await.etag;
    fixture.store().replace_tags(&blob, &tag_set(&[("team", "red")]), &etag, &tag_set(&[])).await.unwrap();
    put(fixture, &blob, 20, second(60)).await;
    assert_eq!(tags(fixture, &blob).await, tag_set(&[]));
}

/// Neither properties nor tags remain.
pub async fn a_deleted_blob_is_gone_with_its_tags(fixture: &impl BlobFixture) {
    let blob = address("vm-web-01-azureadmin");
    let etag = put(fixture, &blob, 10, second(0)).await.etag;
    fixture.store().replace_tags(&blob, &tag_set(&[("team", "red")]), &etag, &tag_set(&[])).await.unwrap();
    fixture.delete(&blob).await;
    assert_eq!(fixture.store().properties(&blob).await.unwrap(), None);
    assert_eq!(fixture.store().tags(&blob).await.unwrap(), None);
}

/// Neither creation time nor tags are inherited.
pub async fn a_recreated_blob_inherits_no_tags_or_times(fixture: &impl BlobFixture) {
    let blob = address("vm-web-01-azureadmin");
    let etag = put(fixture, &blob, 10, second(0)).await.etag;
    let written =
        fixture.store().replace_tags(&blob, &tag_set(&[("team", "red")]), &etag, &tag_set(&[])).await.unwrap();
    assert_eq!(written, TagWrite::Written);
    fixture.delete(&blob).await;
    let created = fixture.put(&blob, 20, second(60)).await;
    assert_eq!(properties(fixture, &blob).await.created_at, created);
    assert_eq!(tags(fixture, &blob).await, tag_set(&[]));
}

/// Accounts and containers are separate namespaces.
pub async fn the_same_name_in_another_container_is_another_blob(fixture: &impl BlobFixture) {
    let blobs = [("local", "recordings"), ("local", "earlier"), ("other", "recordings")];
    for (size, (account, container)) in (1..).zip(blobs) {
        put(fixture, &address_in(account, container, "same"), size, second(0)).await;
    }
    for (size, (account, container)) in (1..).zip(blobs) {
        assert_eq!(properties(fixture, &address_in(account, container, "same")).await.size, size);
    }
}

/// Each name is read back with its own size.
pub async fn hostile_names_are_kept_apart_in_properties(fixture: &impl BlobFixture) {
    for (size, name) in (1..).zip(hostile_names(fixture)) {
        put(fixture, &address(name), size, second(0)).await;
    }
    for (size, name) in (1..).zip(hostile_names(fixture)) {
        assert_eq!(properties(fixture, &address(name)).await.size, size, "{name:?}");
    }
}

/// An invalid name is neither absent nor mistaken for another blob or the container.
pub async fn an_impossible_name_is_a_permanent_fault(fixture: &impl BlobFixture) {
    let etag = put(fixture, &address("ab"), 1, second(0)).await.etag;
    for name in HOSTILE_NAMES.into_iter().filter(|name| fixture.refuses(name)) {
        let (blob, store) = (address(name), fixture.store());
        let faults = [
            store.properties(&blob).await.expect_err("no properties"),
            store.tags(&blob).await.expect_err("no tags"),
            store.replace_tags(&blob, &tag_set(&[]), &etag, &tag_set(&[])).await.expect_err("no tags to write"),
        ];
        for fault in faults {
            assert_eq!(fault.kind, FaultKind::Permanent, "{fault}");
            assert!(fault.to_string().contains(&blob.to_string()), "{fault} names {blob}");
        }
    }
}
