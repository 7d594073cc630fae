//! Symbolic links are never followed out of a container.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;

use pipeline::ports::{BlobStore, FaultKind, ListBlobs};
use pipeline::testing::sample::second;

use super::{Place, blob};

#[tokio::test]
async fn a_linked_file_is_no_blob() {
    let place = Place::new();
    let outside = place.disk.path().join("outside");
    fs::write(&outside, "secret").unwrap();
    symlink(&outside, place.path("local/recordings/linked")).unwrap();
    assert_eq!(place.blobs().properties(&blob("linked")).await.unwrap(), None);
    let page = place.blobs().list(ListBlobs::first(&blob("x").container(), 10)).await.unwrap().unwrap();
    assert_eq!(page.blobs, []);
    assert_eq!(place.open().write(&blob("linked"), 1, second(0)).unwrap_err().kind, FaultKind::Permanent);
    assert!(!place.open().remove(&blob("linked")).unwrap());
    assert_eq!(fs::read_to_string(&outside).unwrap(), "secret");
}

#[tokio::test]
async fn a_linked_folder_has_no_blobs() {
    let place = Place::new();
    let outside = place.disk.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("file"), "secret").unwrap();
    symlink(&outside, place.path("local/recordings/linked")).unwrap();
    symlink(&outside, place.path("local/linked")).unwrap();
    symlink(place.path("local"), place.path("other")).unwrap();
    let blobs = place.blobs();
    assert_eq!(blobs.properties(&blob("linked/file")).await.unwrap(), None);
    assert_eq!(blobs.list(ListBlobs::first(&blob("x").container(), 10)).await.unwrap().unwrap().blobs, []);
    for (account, container) in [("local", "linked"), ("other", "recordings")] {
        let linked = domain::address::ContainerAddress::parse(account, container).unwrap();
        assert_eq!(blobs.list(ListBlobs::first(&linked, 10)).await.unwrap(), None);
    }
    assert_eq!(place.open().write(&blob("linked/deep/new"), 1, second(0)).unwrap_err().kind, FaultKind::Permanent);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1, "nothing came to be outside");
}
