//! Behaviour of the folder beyond the suite of all blob stores.

mod as_in_memory;
mod dropped;
mod links;
mod sidecars;
mod watch;
mod watch_model;

use std::fs::{self, File, FileTimes};
use std::path::PathBuf;
use std::time::SystemTime;

use adapters_local::folder::{Folder, FolderBlobs};
use domain::address::BlobAddress;
use jiff::Timestamp;
use tempfile::TempDir;

/// A folder with its sidecars beside it.
struct Place {
    disk: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { disk: tempfile::tempdir().unwrap() };
        fs::create_dir_all(place.path("local/recordings")).unwrap();
        place
    }

    /// Opens the folder again, as a new process would.
    fn open(&self) -> Folder {
        Folder::open(self.path(""), self.private()).unwrap()
    }

    fn blobs(&self) -> FolderBlobs {
        FolderBlobs::new(self.open())
    }

    fn private(&self) -> PathBuf {
        self.disk.path().join("private")
    }

    fn path(&self, below: &str) -> PathBuf {
        self.disk.path().join("data").join(below)
    }

    /// Writes a file of the container as a person would.
    fn drop_file(&self, file_name: &str, content: &str, at: Timestamp) {
        let path = self.path("local/recordings").join(file_name);
        fs::write(&path, content).unwrap();
        set_modified(&path, at);
    }
}

fn set_modified(path: &PathBuf, at: Timestamp) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_times(FileTimes::new().set_modified(SystemTime::from(at))).unwrap();
}

fn blob(name: &str) -> BlobAddress {
    BlobAddress::parse("local", "recordings", name).unwrap()
}
