//! Files that people put into the folder.

use std::fs;

use pipeline::ports::{BlobStore, FaultKind, ListBlobs};
use pipeline::testing::sample::second;

use super::{Place, blob};

async fn listed(place: &Place) -> Vec<String> {
    let page = place.blobs().list(ListBlobs::first(&blob("x").container(), 100)).await.unwrap().unwrap();
    page.blobs.into_iter().map(|blob| blob.name.as_str().to_owned()).collect()
}

#[tokio::test]
async fn a_dropped_file_is_the_blob_of_its_name() {
    let place = Place::new();
    for name in ["50%off", "CONTOSO\\jdoe", "j\u{f6}rg \u{202e}m", "vm-a.1", "x\ty"] {
        place.drop_file(name, "four", second(0));
        let found = place.blobs().properties(&blob(name)).await.unwrap().unwrap();
        assert_eq!((found.size, found.last_modified, found.tier), (4, second(0), None), "{name:?}");
    }
    assert_eq!(listed(&place).await, ["50%off", "CONTOSO\\jdoe", "j\u{f6}rg \u{202e}m", "vm-a.1", "x\ty"]);
}

#[tokio::test]
async fn a_file_in_a_subfolder_has_the_folder_in_its_name() {
    let place = Place::new();
    fs::create_dir_all(place.path("local/recordings/2026/03")).unwrap();
    place.drop_file("2026/03/vm-a", "x", second(0));
    assert_eq!(listed(&place).await, ["2026/03/vm-a"]);
    assert!(place.blobs().properties(&blob("2026/03/vm-a")).await.unwrap().is_some());
    assert_eq!(place.blobs().properties(&blob("2026/03")).await.unwrap(), None, "a folder is not a blob");
}

#[tokio::test]
async fn a_copied_file_keeps_its_older_time() {
    let place = Place::new();
    place.drop_file("copied", "x", second(0));
    let found = place.blobs().properties(&blob("copied")).await.unwrap().unwrap();
    assert_eq!((found.created_at, found.last_modified), (second(0), second(0)));
}

#[tokio::test]
async fn hidden_files_are_no_blobs() {
    let place = Place::new();
    for file_name in [".DS_Store", ".vm-a.swp"] {
        place.drop_file(file_name, "x", second(0));
        assert_eq!(place.blobs().properties(&blob(file_name)).await.unwrap(), None);
    }
    assert_eq!(listed(&place).await, [""; 0]);
}

#[tokio::test]
async fn a_file_with_an_invalid_name_is_skipped_and_counted_once() {
    let place = Place::new();
    place.drop_file("~%unneeded", "x", second(0));
    place.drop_file("~%%2e", "x", second(0));
    let folder = place.open();
    let blobs = adapters_local::folder::FolderBlobs::new(folder.clone());
    for _ in 0..2 {
        let page = blobs.list(ListBlobs::first(&blob("x").container(), 100)).await.unwrap().unwrap();
        assert_eq!(page.blobs, []);
        assert_eq!(folder.skipped(), 2);
    }
}

#[tokio::test]
async fn a_name_too_long_for_a_file_is_absent_and_unwritable() {
    let place = Place::new();
    let long = blob(&"x".repeat(300));
    assert_eq!(place.blobs().properties(&long).await.unwrap(), None);
    assert_eq!(place.open().write(&long, 1, second(0)).unwrap_err().kind, FaultKind::Permanent);
    let deep = blob(&["d"; 512].join("/"));
    assert_eq!(place.blobs().properties(&deep).await.unwrap(), None);
}

#[test]
fn a_blob_and_a_folder_of_its_name_cannot_both_be() {
    let place = Place::new();
    let folder = place.open();
    folder.write(&blob("a"), 1, second(0)).unwrap();
    assert_eq!(folder.write(&blob("a/b"), 1, second(0)).unwrap_err().kind, FaultKind::Permanent);
    folder.write(&blob("c/d"), 1, second(0)).unwrap();
    assert_eq!(folder.write(&blob("c"), 1, second(0)).unwrap_err().kind, FaultKind::Permanent);
}

#[test]
fn a_folder_that_cannot_be_created_is_named() {
    let place = Place::new();
    place.drop_file("in-the-way", "x", second(0));
    let path = place.path("local/recordings/in-the-way");
    let fault = adapters_local::folder::Folder::open(&path, place.private()).unwrap_err();
    assert!(fault.to_string().contains("in-the-way"), "{fault}");
}
