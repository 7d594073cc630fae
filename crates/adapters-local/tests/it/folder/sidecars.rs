//! The stored form of sidecars.

use std::fs;
use std::path::PathBuf;

use adapters_local::folder::FolderWatch;
use domain::record::blob::ETag;
use domain::record::tags::TagSet;
use pipeline::ports::{BlobStore, FaultKind, TagWrite};
use pipeline::testing::sample::second;

use super::{Place, blob};

/// Version 1, which must stay readable: the file's name and every byte of it.
const GOLDEN_PATH: &str = "blobs/local/recordings/6zztsdyzj230ckwxna4haaerty.json";
const GOLDEN: &str = include_str!("../../golden/sidecar-v1/6zztsdyzj230ckwxna4haaerty.json");

/// Writes the recording that the golden sidecar belongs to.
async fn recorded(place: &Place) -> ETag {
    let folder = place.open();
    folder.write(&blob("a/../50%off"), 0, second(0)).unwrap();
    folder.write(&blob("a/../50%off"), 1_234, second(60)).unwrap();
    place.blobs().properties(&blob("a/../50%off")).await.unwrap().unwrap().etag
}

fn tags() -> TagSet {
    TagSet([("Team".to_owned(), "red x".to_owned()), ("bsr-hold".to_owned(), "none".to_owned())].into())
}

fn golden_path(place: &Place) -> PathBuf {
    place.private().join(GOLDEN_PATH)
}

#[tokio::test]
async fn the_golden_sidecar_is_written_unchanged() {
    let place = Place::new();
    let etag = recorded(&place).await;
    let mut watch = FolderWatch::open(place.open()).await.unwrap();
    let change = watch.scan().await.unwrap().remove(0);
    watch.acknowledge(change).await.unwrap();
    let written = place.blobs().replace_tags(&blob("a/../50%off"), &tags(), &etag, &TagSet::default()).await.unwrap();
    assert_eq!(written, TagWrite::Written);
    assert_eq!(fs::read_to_string(golden_path(&place)).unwrap(), GOLDEN.trim_end());
}

#[tokio::test]
async fn the_golden_sidecar_is_read_unchanged() {
    let place = Place::new();
    recorded(&place).await;
    fs::write(golden_path(&place), GOLDEN).unwrap();
    let found = place.blobs().properties(&blob("a/../50%off")).await.unwrap().unwrap();
    assert_eq!((found.created_at, found.last_modified), (second(0), second(60)));
    assert_eq!(place.blobs().tags(&blob("a/../50%off")).await.unwrap(), Some(tags()));
    assert_eq!(FolderWatch::open(place.open()).await.unwrap().scan().await.unwrap(), []);
}

#[tokio::test]
async fn a_sidecar_of_a_newer_version_is_refused_and_left_unchanged() {
    let place = Place::new();
    let etag = recorded(&place).await;
    let newer = r#"{"schema":2,"what":["is","not","known"]}"#;
    fs::write(golden_path(&place), newer).unwrap();
    let fault = place.blobs().replace_tags(&blob("a/../50%off"), &tags(), &etag, &TagSet::default()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Permanent);
    assert!(fault.to_string().contains("newer version"), "{fault}");
    assert!(place.open().write(&blob("a/../50%off"), 1, second(90)).is_err());
    assert!(FolderWatch::open(place.open()).await.is_err());
    assert_eq!(fs::read_to_string(golden_path(&place)).unwrap(), newer);
}

#[tokio::test]
async fn a_damaged_sidecar_counts_as_absent() {
    let place = Place::new();
    for damaged in ["", "{", r#"{"schema":1}"#, r#"{"schema":1,"name":"another"}"#] {
        let etag = recorded(&place).await;
        fs::write(golden_path(&place), damaged).unwrap();
        let blobs = place.blobs();
        assert_eq!(blobs.tags(&blob("a/../50%off")).await.unwrap(), Some(TagSet::default()), "{damaged}");
        assert_eq!(FolderWatch::open(place.open()).await.unwrap().scan().await.unwrap().len(), 1, "{damaged}");
        blobs.replace_tags(&blob("a/../50%off"), &tags(), &etag, &TagSet::default()).await.unwrap();
        assert_eq!(blobs.tags(&blob("a/../50%off")).await.unwrap(), Some(tags()), "{damaged}");
    }
}

#[tokio::test]
async fn a_finally_deleted_blob_leaves_no_sidecar() {
    let place = Place::new();
    recorded(&place).await;
    let mut watch = FolderWatch::open(place.open()).await.unwrap();
    for removed in [false, true] {
        if removed {
            assert!(place.open().remove(&blob("a/../50%off")).unwrap());
        }
        let change = watch.scan().await.unwrap().remove(0);
        watch.acknowledge(change).await.unwrap();
    }
    assert!(!golden_path(&place).exists());
}
