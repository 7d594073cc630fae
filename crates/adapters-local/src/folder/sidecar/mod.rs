//! Sidecars: facts about blobs beside their files, in one JSON file per blob, replaced as a whole.
//!
//! All of it can be restored (tags are written again, a content is announced again), so nothing is synced to disk,
//! and a damaged sidecar counts as absent.

mod stored;

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use domain::address::{BlobAddress, ContainerAddress};
use domain::digest;
use domain::record::blob::ETag;
use domain::record::tags::TagSet;
use jiff::Timestamp;
use pipeline::ports::Fault;

use super::fault::fault;

/// Facts about a blob that its file cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Sidecar {
    /// Creation time of the blob.
    pub(super) created_at: Option<Timestamp>,
    /// Content of the last raised event.
    pub(super) announced: Option<ETag>,
    /// Tags with the content that carries them: a rewrite drops them.
    pub(super) tags: Option<(ETag, TagSet)>,
    /// Id of the archivist's own deletion, until the deletion is announced.
    pub(super) deleted_by: Option<String>,
}

impl Sidecar {
    /// Tags of this content; empty for any other content.
    pub(super) fn tags_of(self, etag: &ETag) -> TagSet {
        self.tags.filter(|(carrier, _)| carrier == etag).map(|(_, tags)| tags).unwrap_or_default()
    }
}

/// All sidecars: `<account>/<container>/<digest of the name>.json`.
#[derive(Debug)]
pub(super) struct Sidecars {
    root: PathBuf,
    changing: Mutex<()>,
}

impl Sidecars {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root, changing: Mutex::default() }
    }

    /// Reads the sidecar of a blob; empty if there is none.
    pub(super) fn read(&self, at: &BlobAddress) -> Result<Sidecar, Fault> {
        let found = stored::read(&self.path(at))?.filter(|(name, _)| *name == at.name);
        Ok(found.map(|(_, sidecar)| sidecar).unwrap_or_default())
    }

    /// Changes the sidecar of a blob; removes it if it ends up empty.
    pub(super) fn change(&self, at: &BlobAddress, change: impl FnOnce(&mut Sidecar)) -> Result<(), Fault> {
        let _turn = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sidecar = self.read(at)?;
        change(&mut sidecar);
        let path = self.path(at);
        let empty = sidecar == Sidecar::default();
        let done = if empty { remove(&path) } else { stored::replace(&path, &at.name, &sidecar) };
        done.map_err(|error| fault(format!("write {}", path.display()), error))
    }

    /// Reads every sidecar.
    pub(super) fn all(&self) -> Result<Vec<(BlobAddress, Sidecar)>, Fault> {
        let mut all = Vec::new();
        for account in children(&self.root)? {
            for folder in children(&account)? {
                let Some(container) = container_of(&account, &folder) else { continue };
                let paths = children(&folder)?;
                for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "json")) {
                    all.extend(stored::read(path)?.map(|(name, sidecar)| (container.blob(name), sidecar)));
                }
            }
        }
        Ok(all)
    }

    fn path(&self, at: &BlobAddress) -> PathBuf {
        let digest = digest::hash_parts(&[at.name.as_str().as_bytes()]);
        let number = u128::from_be_bytes(std::array::from_fn(|byte| digest[byte]));
        let file_name = format!("{}.json", digest::base32(number));
        self.root.join(at.account.as_str()).join(at.container.as_str()).join(file_name)
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn children(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let read = || fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>();
    read().map_err(|error| fault(format!("list {}", folder.display()), error))
}

fn container_of(account: &Path, folder: &Path) -> Option<ContainerAddress> {
    ContainerAddress::parse(account.file_name()?.to_str()?, folder.file_name()?.to_str()?).ok()
}
