//! Actions of other parties on the folder, for samples and tests.

use std::fs::{self, FileTimes, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::time::SystemTime;

use domain::address::{BlobAddress, ContainerAddress};
use domain::record::blob::whole_second;
use jiff::Timestamp;
use pipeline::ports::Fault;

use super::Folder;
use super::fault::fault;
use super::file::look;
use super::tree::is_folder;

impl Folder {
    /// Creates an empty container; an existing one stays unchanged.
    pub fn create_container(&self, container: &ContainerAddress) -> Result<(), Fault> {
        let made = fs::create_dir_all(self.container_path(container));
        made.map_err(|error| fault(format!("make container {container}"), error))
    }

    /// Writes `size` bytes with the modification time `at`. The file starts with the blob's own name and is sparse
    /// after that. A new blob is created at `at`; a rewrite keeps its creation time.
    ///
    /// # Errors
    /// Returns a permanent fault for a name no file can have, and if a folder has this name (`a` and `a/b` cannot
    /// both exist).
    pub fn write(&self, address: &BlobAddress, size: u64, at: Timestamp) -> Result<(), Fault> {
        let name = address.name.as_str().as_bytes();
        let beginning = &name[..name.len().min(usize::try_from(size).unwrap_or(usize::MAX))];
        self.put(address, beginning, size, at)
    }

    fn put(&self, address: &BlobAddress, beginning: &[u8], size: u64, at: Timestamp) -> Result<(), Fault> {
        let object = || format!("write blob {address}");
        let path = self.blob_path(address).ok_or_else(|| Fault::permanent(object(), "no file can have its name"))?;
        let earlier = self.file(address)?;
        self.make_room(&path).map_err(|error| fault(object(), error))?;
        self.sidecars().change(address, |sidecar| match earlier {
            None => sidecar.created_at = Some(whole_second(at)),
            Some(file) => sidecar.created_at = sidecar.created_at.or_else(|| Some(file.created_at())),
        })?;
        write(&path, beginning, size, at).map_err(|error| fault(object(), error))
    }

    /// Like [`write`](Self::write), with this content.
    pub fn write_content(&self, address: &BlobAddress, content: &[u8], at: Timestamp) -> Result<(), Fault> {
        self.put(address, content, content.len() as u64, at)
    }

    /// Appends this content with the modification time `at`; creates the blob if it is absent.
    pub fn append(&self, address: &BlobAddress, content: &[u8], at: Timestamp) -> Result<(), Fault> {
        match (self.file(address)?, self.blob_path(address)) {
            (Some(_), Some(path)) => {
                append(&path, content, at).map_err(|error| fault(format!("append to blob {address}"), error))
            }
            _ => self.write_content(address, content, at),
        }
    }

    /// Removes a blob as another party; returns `false` if it is absent.
    pub fn remove(&self, address: &BlobAddress) -> Result<bool, Fault> {
        self.remove_as(address, None)
    }

    /// Removes a blob; `by` is the id of the archivist's own deletion.
    pub(super) fn remove_as(&self, address: &BlobAddress, by: Option<String>) -> Result<bool, Fault> {
        self.remove_with(address, by, |path| fs::remove_file(path))
    }

    fn remove_with(
        &self,
        address: &BlobAddress,
        by: Option<String>,
        remove: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<bool, Fault> {
        let (Some(path), Some(_)) = (self.blob_path(address), self.file(address)?) else {
            return Ok(false);
        };
        // Stored before the removal: after a crash in between, the deletion is still known as ours.
        let is_ours = by.is_some();
        self.sidecars().change(address, |sidecar| {
            // A blob that was never announced needs no announcement of its removal.
            sidecar.deleted_by = by.filter(|_| sidecar.announced.is_some());
        })?;
        match remove(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                if is_ours {
                    // A later removal by another party must not count as ours.
                    self.sidecars().change(address, |sidecar| sidecar.deleted_by = None)?;
                }
                Err(fault(format!("remove blob {address}"), error))
            }
            removed => {
                // `announced` and `deleted_by` stay until the removal is announced.
                self.sidecars().change(address, |sidecar| {
                    // Otherwise others removed it first.
                    let by = sidecar.deleted_by.take().filter(|_| removed.is_ok());
                    (sidecar.created_at, sidecar.tags, sidecar.deleted_by) = (None, None, by);
                })?;
                Ok(removed.is_ok())
            }
        }
    }

    /// Creates the folders of a path. Returns an error if a link or another file is in the way.
    fn make_room(&self, path: &Path) -> io::Result<()> {
        let parents: Vec<_> = path.ancestors().skip(1).take_while(|folder| *folder != self.shared.root).collect();
        for folder in parents.into_iter().rev() {
            match fs::create_dir(folder) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists && is_folder(folder)? => {}
                made => made?,
            }
        }
        if look(path)?.is_some_and(|found| !found.is_file()) {
            Err(ErrorKind::AlreadyExists.into())
        } else {
            Ok(())
        }
    }
}

fn append(path: &Path, content: &[u8], at: Timestamp) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(path)?;
    file.write_all(content)?;
    file.set_times(FileTimes::new().set_modified(SystemTime::from(at)))
}

fn write(path: &Path, beginning: &[u8], size: u64, at: Timestamp) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(beginning)?;
    file.set_len(size)?;
    file.set_times(FileTimes::new().set_modified(SystemTime::from(at)))
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::folder::{FolderChange, FolderWatch};

    /// A folder with one announced blob.
    async fn announced(disk: &Path) -> (Folder, BlobAddress) {
        let address = BlobAddress::parse("local", "recordings", "vm-1.1").unwrap();
        let folder = Folder::open(disk.join("data"), disk.join("private")).unwrap();
        folder.create_container(&address.container()).unwrap();
        folder.write(&address, 9, Timestamp::UNIX_EPOCH).unwrap();
        let mut watch = FolderWatch::open(folder.clone()).await.unwrap();
        let change = watch.scan().await.unwrap().remove(0);
        watch.acknowledge(change).await.unwrap();
        (folder, address)
    }

    /// What the next process reports.
    async fn reported(disk: &Path) -> Vec<FolderChange> {
        let folder = Folder::open(disk.join("data"), disk.join("private")).unwrap();
        FolderWatch::open(folder).await.unwrap().scan().await.unwrap()
    }

    #[tokio::test]
    async fn a_process_killed_after_the_removal_still_counts_as_its_author() {
        let disk = tempfile::tempdir().unwrap();
        let (folder, address) = announced(disk.path()).await;
        let ours = Some("request-1".to_owned());
        let killed = catch_unwind(AssertUnwindSafe(|| {
            folder.remove_with(&address, ours.clone(), |path| {
                fs::remove_file(path).unwrap();
                panic!("killed")
            })
        }));
        assert!(killed.is_err());
        assert_eq!(reported(disk.path()).await, [FolderChange::Deleted { address, by: ours }]);
    }

    #[tokio::test]
    async fn a_removal_by_others_after_a_failed_or_interrupted_one_is_theirs() {
        for is_killed in [false, true] {
            let disk = tempfile::tempdir().unwrap();
            let (folder, address) = announced(disk.path()).await;
            let failed = catch_unwind(AssertUnwindSafe(|| {
                folder.remove_with(&address, Some("request-1".to_owned()), |_| {
                    assert!(!is_killed, "killed");
                    Err(ErrorKind::PermissionDenied.into())
                })
            }));
            assert!(failed.is_err() || failed.unwrap().is_err());
            assert_eq!(reported(disk.path()).await, [], "the blob is still there");
            assert!(fs::remove_file(folder.blob_path(&address).unwrap()).is_ok());
            assert_eq!(reported(disk.path()).await, [FolderChange::Deleted { address, by: None }]);
        }
    }
}
