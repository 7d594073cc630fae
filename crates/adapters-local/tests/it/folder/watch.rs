//! Changes are reported until they are acknowledged.

use std::fs;

use adapters_local::folder::{Folder, FolderBlobs, FolderChange, FolderWatch};
use domain::record::tags::TagSet;
use pipeline::ports::{BlobStore, ListBlobs};
use pipeline::testing::sample::second;

use super::{Place, blob, set_modified};

async fn watch(place: &Place) -> FolderWatch {
    FolderWatch::open(place.open()).await.unwrap()
}

/// Changes in short: a sign, the name, and the size of a write.
async fn told(watch: &FolderWatch) -> Vec<String> {
    let short = |change: &FolderChange| match change {
        FolderChange::Written { address, size, first: true, .. } => format!("+{} {size}", address.name.as_str()),
        FolderChange::Written { address, size, .. } => format!("~{} {size}", address.name.as_str()),
        FolderChange::Deleted { address, .. } => format!("-{}", address.name.as_str()),
    };
    watch.scan().await.unwrap().iter().map(short).collect()
}

async fn acknowledge_all(watch: &mut FolderWatch) {
    for change in watch.scan().await.unwrap() {
        watch.acknowledge(change).await.unwrap();
    }
}

#[tokio::test]
async fn new_changed_and_deleted_files_are_reported_once() {
    let place = Place::new();
    let mut watch = watch(&place).await;
    place.drop_file("a", "1", second(0));
    place.drop_file("b", "1", second(0));
    assert_eq!(told(&watch).await, ["+a 1", "+b 1"]);
    acknowledge_all(&mut watch).await;
    assert_eq!(told(&watch).await, [""; 0]);
    place.drop_file("a", "12", second(60));
    fs::remove_file(place.path("local/recordings/b")).unwrap();
    assert_eq!(told(&watch).await, ["-b", "~a 2"]);
    acknowledge_all(&mut watch).await;
    assert_eq!(told(&watch).await, [""; 0]);
}

#[tokio::test]
async fn a_change_describes_its_blob() {
    let place = Place::new();
    place.drop_file("a", "123", second(5));
    let etag = place.blobs().properties(&blob("a")).await.unwrap().unwrap().etag;
    let expected = FolderChange::Written { address: blob("a"), etag, size: 3, at: second(5), first: true };
    assert_eq!(watch(&place).await.scan().await.unwrap(), [expected]);
}

#[tokio::test]
async fn an_unacknowledged_change_is_reported_by_the_next_process() {
    let place = Place::new();
    let mut first = watch(&place).await;
    place.drop_file("kept", "1", second(0));
    place.drop_file("gone", "1", second(0));
    acknowledge_all(&mut first).await;
    place.drop_file("kept", "12", second(60));
    fs::remove_file(place.path("local/recordings/gone")).unwrap();
    assert_eq!(told(&first).await, ["-gone", "~kept 2"]);
    drop(first);
    let mut second = watch(&place).await;
    assert_eq!(told(&second).await, ["-gone", "~kept 2"]);
    acknowledge_all(&mut second).await;
    assert_eq!(told(&watch(&place).await).await, [""; 0]);
}

#[tokio::test]
async fn a_write_before_the_acknowledgement_is_reported_next() {
    let place = Place::new();
    let mut watch = watch(&place).await;
    place.drop_file("growing", "1", second(0));
    let seen = watch.scan().await.unwrap().remove(0);
    place.drop_file("growing", "12", second(1));
    watch.acknowledge(seen).await.unwrap();
    assert_eq!(told(&watch).await, ["~growing 2"]);
}

#[tokio::test]
async fn a_file_restored_before_the_acknowledgement_is_reported_as_new() {
    let place = Place::new();
    let mut watch = watch(&place).await;
    place.drop_file("a", "1", second(0));
    acknowledge_all(&mut watch).await;
    fs::remove_file(place.path("local/recordings/a")).unwrap();
    let deletion = watch.scan().await.unwrap().remove(0);
    place.drop_file("a", "1", second(0));
    watch.acknowledge(deletion).await.unwrap();
    assert_eq!(told(&watch).await, ["+a 1"]);
}

#[tokio::test]
async fn a_replaced_file_is_a_rewrite_of_the_same_blob() {
    let place = Place::new();
    let mut watch = watch(&place).await;
    place.drop_file("a", "1", second(0));
    acknowledge_all(&mut watch).await;
    place.drop_file(".a.tmp", "12", second(60));
    fs::rename(place.path("local/recordings/.a.tmp"), place.path("local/recordings/a")).unwrap();
    assert_eq!(told(&watch).await, ["~a 2"]);
    acknowledge_all(&mut watch).await;
    let found = place.blobs().properties(&blob("a")).await.unwrap().unwrap();
    assert_eq!((found.created_at, found.last_modified), (second(0), second(60)));
}

#[tokio::test]
async fn a_copy_that_keeps_size_and_time_is_no_change() {
    let place = Place::new();
    let mut watch = watch(&place).await;
    place.drop_file("a", "1", second(0));
    acknowledge_all(&mut watch).await;
    let (copy, original) = (place.path("copy"), place.path("local/recordings/a"));
    fs::copy(&original, &copy).unwrap();
    set_modified(&copy, second(0));
    fs::rename(&copy, &original).unwrap();
    assert_eq!(told(&watch).await, [""; 0]);
}

#[tokio::test]
async fn a_deletion_forgets_creation_time_and_tags() {
    let place = Place::new();
    let mut watch = watch(&place).await;
    place.drop_file("a", "1", second(0));
    acknowledge_all(&mut watch).await;
    let blobs = place.blobs();
    let etag = blobs.properties(&blob("a")).await.unwrap().unwrap().etag;
    let tags = TagSet([("team".to_owned(), "red".to_owned())].into());
    blobs.replace_tags(&blob("a"), &tags, &etag, &TagSet::default()).await.unwrap();
    fs::remove_file(place.path("local/recordings/a")).unwrap();
    acknowledge_all(&mut watch).await;
    place.drop_file("a", "1", second(0));
    assert_eq!(blobs.tags(&blob("a")).await.unwrap(), Some(TagSet::default()));
    place.drop_file("a", "1", second(60));
    assert_eq!(blobs.properties(&blob("a")).await.unwrap().unwrap().created_at, second(60));
}

#[tokio::test]
async fn every_container_of_every_account_is_watched_and_nothing_else() {
    let place = Place::new();
    let folder = Folder::open(place.path(""), place.path(".archivist")).unwrap();
    for below in ["other1/recordings", "local/earlier", "Upper/recordings", "local/Not_a_container", ".archivist/sub"] {
        fs::create_dir_all(place.path(below)).unwrap();
        fs::write(place.path(below).join("file"), "x").unwrap();
    }
    fs::write(place.path("stray"), "x").unwrap();
    fs::write(place.path("local/stray"), "x").unwrap();
    let changes = FolderWatch::open(folder).await.unwrap().scan().await.unwrap();
    let at = changes.iter().map(|change| match change {
        FolderChange::Written { address, .. } | FolderChange::Deleted { address, .. } => address.to_string(),
    });
    assert_eq!(at.collect::<Vec<_>>(), ["local/earlier/file", "other1/recordings/file"]);
}

#[tokio::test]
async fn a_missing_root_is_an_error_and_no_mass_deletion() {
    let place = Place::new();
    let mut watch = watch(&place).await;
    place.drop_file("a", "1", second(0));
    acknowledge_all(&mut watch).await;
    fs::rename(place.path(""), place.disk.path().join("unmounted")).unwrap();
    watch.scan().await.unwrap_err();
    fs::rename(place.disk.path().join("unmounted"), place.path("")).unwrap();
    assert_eq!(told(&watch).await, [""; 0]);
}

#[tokio::test]
async fn a_deleted_container_deletes_its_blobs() {
    let place = Place::new();
    let mut watch = watch(&place).await;
    place.drop_file("a", "1", second(0));
    acknowledge_all(&mut watch).await;
    fs::remove_dir_all(place.path("local/recordings")).unwrap();
    assert_eq!(told(&watch).await, ["-a"]);
    let blobs = FolderBlobs::new(place.open());
    assert_eq!(blobs.list(ListBlobs::first(&blob("a").container(), 10)).await.unwrap(), None);
}
