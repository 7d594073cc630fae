//! Conformance cases of reading and replacing tags.

use domain::record::blob::ETag;
use domain::record::tags::{PlannedTag, TagKey, TagSet, TagValue, merge};

use super::super::sample::{address, second};
use super::{BlobFixture, hostile_names, properties, put, tag_set, tags};
use crate::ports::{FaultKind, TagWrite};

/// An untagged blob has an empty tag set.
pub async fn a_new_blob_has_no_tags(fixture: &impl BlobFixture) {
    put(fixture, &address("plain"), 1, second(0)).await;
    assert_eq!(tags(fixture, &address("plain")).await, tag_set(&[]));
}

/// Tags missing in the new set are removed.
pub async fn a_tag_write_replaces_all_tags(fixture: &impl BlobFixture) {
    let blob = address("tagged");
    let etag = put(fixture, &blob, 1, second(0)).await.etag;
    let (before, after) = (tag_set(&[("a", "1"), ("b", "1")]), tag_set(&[("b", "2"), ("c", "2")]));
    for set in [before, after, tag_set(&[])] {
        assert_eq!(
            fixture.store().replace_tags(&blob, &set, &etag, &TagSet::default()).await.unwrap(),
            TagWrite::Written
        );
        assert_eq!(tags(fixture, &blob).await, set);
    }
}

/// A tag write does not modify the recording.
pub async fn tags_change_neither_etag_nor_times(fixture: &impl BlobFixture) {
    let blob = address("tagged");
    let before = put(fixture, &blob, 1, second(0)).await;
    fixture.store().replace_tags(&blob, &tag_set(&[("team", "red")]), &before.etag, &TagSet::default()).await.unwrap();
    assert_eq!(properties(fixture, &blob).await, before);
}

/// Covers reading, merging and replacing.
pub async fn foreign_tags_survive_a_merge(fixture: &impl BlobFixture) {
    let blob = address("tagged");
    let etag = put(fixture, &blob, 1, second(0)).await.etag;
    fixture.store().replace_tags(&blob, &tag_set(&[("Team", "red x")]), &etag, &TagSet::default()).await.unwrap();
    let plan = [PlannedTag { key: TagKey::parse("bsr-hold").unwrap(), value: TagValue::parse("none").unwrap() }];
    let merged = merge(&tags(fixture, &blob).await, &plan).tags;
    fixture.store().replace_tags(&blob, &merged, &etag, &TagSet::default()).await.unwrap();
    assert_eq!(tags(fixture, &blob).await, tag_set(&[("Team", "red x"), ("bsr-hold", "none")]));
}

/// Covers a rewrite between read and tag write.
pub async fn tags_for_another_content_are_not_written(fixture: &impl BlobFixture) {
    let blob = address("tagged");
    let stale = put(fixture, &blob, 1, second(0)).await.etag;
    put(fixture, &blob, 2, second(60)).await;
    for etag in [stale, ETag::new("0x0")] {
        let write =
            fixture.store().replace_tags(&blob, &tag_set(&[("team", "red")]), &etag, &TagSet::default()).await.unwrap();
        assert_eq!(write, TagWrite::ContentGone);
    }
    assert_eq!(tags(fixture, &blob).await, tag_set(&[]));
}

/// A deletion between read and tag write is no error.
pub async fn a_tag_write_to_a_deleted_blob_fails(fixture: &impl BlobFixture) {
    let blob = address("tagged");
    let etag = put(fixture, &blob, 1, second(0)).await.etag;
    fixture.delete(&blob).await;
    let write =
        fixture.store().replace_tags(&blob, &tag_set(&[("team", "red")]), &etag, &TagSet::default()).await.unwrap();
    assert_eq!(write, TagWrite::ContentGone);
    assert_eq!(fixture.store().tags(&blob).await.unwrap(), None, "no blob was created");
}

/// Covers a hold placed, a class changed or a `due` state withdrawn since the tags were read.
pub async fn tags_are_not_written_over_a_changed_guard(fixture: &impl BlobFixture) {
    let read = tag_set(&[("bsr-hold", "none"), ("bsr-class", "brief"), ("bsr-state", "due"), ("team", "red")]);
    let moved = [("bsr-hold", "CASE-7"), ("bsr-class", "pci"), ("bsr-state", "matched"), ("bsr-hold", "NONE")];
    for (n, (guard, value)) in moved.into_iter().enumerate() {
        let blob = address(&format!("moved-{n}"));
        let etag = put(fixture, &blob, 1, second(0)).await.etag;
        let mut now = read.clone();
        now.0.insert(guard.to_owned(), value.to_owned());
        for without in [now.clone(), TagSet(now.0.into_iter().filter(|(key, _)| key != guard).collect())] {
            fixture.store().replace_tags(&blob, &without, &etag, &TagSet::default()).await.unwrap();
            let write = fixture.store().replace_tags(&blob, &read, &etag, &read).await.unwrap();
            assert_eq!(write, TagWrite::TagsMoved, "{without:?}");
            assert_eq!(tags(fixture, &blob).await, without, "nothing was written");
        }
        fixture.store().replace_tags(&blob, &read, &etag, &TagSet::default()).await.unwrap();
        assert_eq!(fixture.store().replace_tags(&blob, &read, &etag, &read).await.unwrap(), TagWrite::Written);
    }
}

/// Storage cannot make a write conditional on the absence of a tag, and foreign tags do not block a write.
pub async fn a_tag_write_ignores_changes_to_unguarded_and_unread_tags(fixture: &impl BlobFixture) {
    let blob = address("tagged");
    let etag = put(fixture, &blob, 1, second(0)).await.etag;
    let (read, planned) = (tag_set(&[("bsr-hold", "none"), ("team", "red")]), tag_set(&[("bsr-vm", "a")]));
    let now = tag_set(&[("bsr-hold", "none"), ("bsr-class", "brief"), ("team", "blue"), ("bsr-vm", "b")]);
    fixture.store().replace_tags(&blob, &now, &etag, &TagSet::default()).await.unwrap();
    assert_eq!(fixture.store().replace_tags(&blob, &planned, &etag, &read).await.unwrap(), TagWrite::Written);
    assert_eq!(tags(fixture, &blob).await, planned);
}

/// Limits documented by Azure storage.
pub async fn a_blob_carries_ten_tags_of_full_length(fixture: &impl BlobFixture) {
    let blob = address("tagged");
    let etag = put(fixture, &blob, 1, second(0)).await.etag;
    let longest = |n: usize| (format!("{n}{}", "k".repeat(127)), format!("+-.:=_/ {}", "v".repeat(248)));
    let full = TagSet((0..10).map(longest).collect());
    assert_eq!(fixture.store().replace_tags(&blob, &full, &etag, &TagSet::default()).await.unwrap(), TagWrite::Written);
    assert_eq!(tags(fixture, &blob).await, full);
}

/// Tags are never truncated or dropped to fit.
pub async fn tags_over_the_storage_limits_are_a_permanent_fault(fixture: &impl BlobFixture) {
    let blob = address("tagged");
    let etag = put(fixture, &blob, 1, second(0)).await.etag;
    let (long_key, long_value) = ("k".repeat(129), "v".repeat(257));
    let eleven = TagSet((0..11).map(|n| (n.to_string(), "v".to_owned())).collect());
    let too_much = [&[("a", "user@host")], &[("ü", "v")], &[("", "v")], &[(&*long_key, "v")], &[("a", &*long_value)]];
    for set in too_much.map(|pairs| tag_set(pairs)).into_iter().chain([eleven]) {
        let fault = fixture
            .store()
            .replace_tags(&blob, &set, &etag, &TagSet::default())
            .await
            .expect_err("storage refuses this");
        assert_eq!(fault.kind, FaultKind::Permanent, "{set:?}");
    }
    assert_eq!(tags(fixture, &blob).await, tag_set(&[]));
}

/// Each name is read back with its own tag.
pub async fn hostile_names_are_kept_apart_in_tags(fixture: &impl BlobFixture) {
    for (n, name) in hostile_names(fixture).into_iter().enumerate() {
        let etag = put(fixture, &address(name), 1, second(0)).await.etag;
        let set = tag_set(&[("number", &n.to_string())]);
        let write = fixture.store().replace_tags(&address(name), &set, &etag, &TagSet::default()).await.unwrap();
        assert_eq!(write, TagWrite::Written, "{name:?}");
    }
    for (n, name) in hostile_names(fixture).into_iter().enumerate() {
        assert_eq!(tags(fixture, &address(name)).await, tag_set(&[("number", &n.to_string())]), "{name:?}");
    }
}
