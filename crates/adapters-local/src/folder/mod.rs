//! Storage accounts in a folder: `DIR/<account>/<container>/<blob>`.
//!
//! - A sidecar holds the facts a file cannot: a creation time that survives rewrites, tags, and the announced
//!   content. It is one small JSON file per blob in the archivist's private folder.
//! - A file replaced under its name is a rewrite, as in storage. A blob is gone once a scan finds its name absent. A
//!   file that goes and comes back between two scans therefore looks like a rewrite.
//! - The private folder also holds an id in `store-id`, which distinguishes it from another folder at the same path.
//! - Hidden files (names beginning with `.`) and symbolic links are never blobs, and links are never followed.

mod blobs;
pub(crate) mod fault;
mod file;
mod file_name;
mod identity;
mod piece;
mod sidecar;
mod tree;
mod verbs;
mod watch;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::address::{BlobAddress, ContainerAddress, Printable};
use pipeline::ports::Fault;

pub use blobs::FolderBlobs;
pub use watch::{FolderChange, FolderWatch};

use fault::fault;
use sidecar::Sidecars;

/// Folder that serves as storage accounts; clones share it.
#[derive(Debug, Clone)]
pub struct Folder {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    root: PathBuf,
    /// File with the folder's id.
    id: PathBuf,
    sidecars: Sidecars,
    skipped: Mutex<HashSet<PathBuf>>,
}

impl Folder {
    /// Opens the accounts under `root`, with the sidecars under `private`; creates both if absent. `private` may lie
    /// in `root` under a name that begins with a dot, which no account has.
    pub fn open(root: impl Into<PathBuf>, private: impl AsRef<Path>) -> Result<Self, Fault> {
        let root = root.into();
        let sidecars = private.as_ref().join("blobs");
        for made in [&root, &sidecars] {
            fs::create_dir_all(made).map_err(|error| fault(format!("make folder {}", made.display()), error))?;
        }
        // Without an id, absence of a blob proves nothing; reading works as usual.
        if let Err(error) = identity::make(private.as_ref()) {
            tracing::warn!(folder = %root.display(), %error, "the folder has no id");
        }
        let id = private.as_ref().join(identity::FILE);
        let shared = Shared { root, id, sidecars: Sidecars::new(sidecars), skipped: Mutex::default() };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Number of files and folders found so far whose names map to no blob. Each is logged once.
    pub fn skipped(&self) -> usize {
        self.shared.skipped.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn sidecars(&self) -> &Sidecars {
        &self.shared.sidecars
    }

    fn container_path(&self, container: &ContainerAddress) -> PathBuf {
        self.shared.root.join(container.account.as_str()).join(container.container.as_str())
    }

    /// Path of the blob's file. `None` for a name no file can have.
    fn blob_path(&self, at: &BlobAddress) -> Option<PathBuf> {
        Some(self.container_path(&at.container()).join(file_name::path_of(&at.name)?))
    }

    fn skip(&self, path: PathBuf, reason: &'static str) {
        let mut skipped = self.shared.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        if !skipped.contains(&path) {
            tracing::warn!(path = %Printable(&path.to_string_lossy()), reason, "skipped: not a blob");
            skipped.insert(path);
        }
    }
}
