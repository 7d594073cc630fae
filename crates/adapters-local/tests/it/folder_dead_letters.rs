//! Dead letters in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use adapters_local::FolderDeadLetters;
use pipeline::ports::DeadLetters;
use pipeline::testing::dead_letters::Leaves;
use tempfile::TempDir;

/// Writes files into a folder, which is created with the first one.
struct Service(PathBuf);

impl Leaves for Service {
    async fn leave(&self, name: &str, content: &[u8]) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

async fn make() -> (FolderDeadLetters, Service, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("dead-letters");
    (FolderDeadLetters::new(&place), Service(place), folder)
}

pipeline::dead_letters_conformance!(make);

async fn names(letters: &FolderDeadLetters) -> Vec<String> {
    letters.list(None, 10).await.unwrap().into_iter().map(|file| file.name).collect()
}

#[tokio::test]
async fn a_single_file_is_a_place_of_its_own() {
    let (_, service, _folder) = make().await;
    service.leave("a.json", b"[1]").await;
    service.leave("b.json", b"[2]").await;
    let letters = FolderDeadLetters::new(service.0.join("a.json"));
    assert_eq!(names(&letters).await, ["a.json"]);
    assert_eq!(letters.read("b.json").await.unwrap(), None);
    letters.remove("b.json").await.unwrap();
    assert_eq!(letters.read("a.json").await.unwrap().as_deref(), Some(b"[1]".as_slice()));
    letters.remove("a.json").await.unwrap();
    assert_eq!(names(&letters).await, [""; 0]);
    assert!(service.0.join("b.json").exists());
}

#[tokio::test]
async fn nothing_outside_the_folder_is_read_or_removed() {
    let (letters, service, folder) = make().await;
    service.leave("in/a.json", b"[]").await;
    let outside = folder.path().join("outside.json");
    fs::write(&outside, "[]").unwrap();
    for name in ["../outside.json", "in/../../outside.json", outside.to_str().unwrap(), "", "in//a.json"] {
        assert_eq!(letters.read(name).await.unwrap(), None, "{name}");
        letters.remove(name).await.unwrap();
    }
    assert!(outside.exists() && service.0.join("in/a.json").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn hidden_files_and_links_are_ignored() {
    let (letters, service, folder) = make().await;
    service.leave("a.json", b"[]").await;
    service.leave(".half-written.json", b"[").await;
    service.leave(".hidden/b.json", b"[]").await;
    let outside = folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("c.json"), "[]").unwrap();
    link(&outside, &service.0.join("linked"));
    link(&outside.join("c.json"), &service.0.join("linked.json"));
    assert_eq!(names(&letters).await, ["a.json"]);
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) {
    std::os::unix::fs::symlink(to, at).unwrap();
}
