//! Reports changes of a folder until they are acknowledged.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::record::blob::ETag;
use jiff::Timestamp;
use pipeline::ports::Fault;

use super::Folder;

/// Change of a blob since its last acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FolderChange {
    /// The content was written.
    Written {
        /// Address of the blob.
        address: BlobAddress,
        /// ETag of the content.
        etag: ETag,
        /// Size of the content in bytes.
        size: u64,
        /// Modification time of the file.
        at: Timestamp,
        /// True if no content of this blob was acknowledged before.
        first: bool,
    },
    /// The blob is gone.
    Deleted {
        /// Address of the blob.
        address: BlobAddress,
        /// Id of the archivist's own deletion, if it deleted the blob.
        by: Option<String>,
    },
}

type Announced = BTreeMap<ContainerAddress, BTreeMap<BlobName, ETag>>;

/// Compares a folder with its acknowledged state.
///
/// The sidecars hold the acknowledged state, so the next start finds changes made while the process was down. A crash
/// between raising an event and [`acknowledge`](Self::acknowledge) raises it again. A file that is still being
/// written is a new change at each scan.
#[derive(Debug)]
pub struct FolderWatch {
    folder: Folder,
    announced: Arc<Announced>,
}

impl FolderWatch {
    /// Continues after the last acknowledged change of this folder.
    pub async fn open(folder: Folder) -> Result<Self, Fault> {
        let announced = folder.run(Folder::announced).await?;
        Ok(Self { folder, announced: Arc::new(announced) })
    }

    /// Returns every unacknowledged change; reads each file once. Container by container, deletions first, then
    /// writes, both by name.
    ///
    /// An unreadable container yields no changes, rather than deletions.
    ///
    /// # Errors
    /// Returns an error if the root cannot be read.
    pub async fn scan(&self) -> Result<Vec<FolderChange>, Fault> {
        let announced = Arc::clone(&self.announced);
        self.folder.run(move |folder| folder.changes(&announced)).await
    }

    /// Records that the event of a change was raised.
    pub async fn acknowledge(&mut self, change: FolderChange) -> Result<(), Fault> {
        let (address, etag) = match change {
            FolderChange::Written { address, etag, .. } => (address, Some(etag)),
            FolderChange::Deleted { address, .. } => (address, None),
        };
        let noted = (address.clone(), etag.clone());
        self.folder.run(move |folder| folder.note(&noted.0, noted.1)).await?;
        let blobs = Arc::make_mut(&mut self.announced).entry(address.container()).or_default();
        match etag {
            Some(etag) => blobs.insert(address.name, etag),
            None => blobs.remove(&address.name),
        };
        Ok(())
    }
}

impl Folder {
    fn announced(&self) -> Result<Announced, Fault> {
        let mut announced = Announced::new();
        for (address, sidecar) in self.sidecars().all()? {
            if sidecar.deleted_by.is_some() && self.file(&address)?.is_some() {
                // An earlier process ended before it removed the file. A removal by others must not count as ours.
                self.sidecars().change(&address, |sidecar| sidecar.deleted_by = None)?;
            }
            if let Some(etag) = sidecar.announced {
                announced.entry(address.container()).or_default().insert(address.name, etag);
            }
        }
        Ok(announced)
    }

    fn changes(&self, announced: &Announced) -> Result<Vec<FolderChange>, Fault> {
        let mut containers = self.containers()?;
        containers.extend(announced.keys().cloned());
        containers.sort_unstable();
        containers.dedup();
        let mut changes = Vec::new();
        let nothing = BTreeMap::new();
        for container in &containers {
            let known = announced.get(container).unwrap_or(&nothing);
            match self.changes_in(container, known) {
                Ok(found) => changes.extend(found),
                Err(fault) => tracing::warn!(%container, %fault, "container not scanned"),
            }
        }
        Ok(changes)
    }

    fn changes_in(
        &self,
        container: &ContainerAddress,
        known: &BTreeMap<BlobName, ETag>,
    ) -> Result<Vec<FolderChange>, Fault> {
        let names = self.names(container)?.unwrap_or_default();
        let mut changes = Vec::new();
        for name in known.keys().filter(|name| names.binary_search(name).is_err()) {
            let address = container.blob(name.clone());
            let by = self.sidecars().read(&address)?.deleted_by;
            changes.push(FolderChange::Deleted { address, by });
        }
        for name in names {
            let earlier = known.get(&name);
            let address = container.blob(name);
            // The next scan reports a file that vanished since the listing.
            let Some(file) = self.named_file(&address)? else { continue };
            let etag = file.etag();
            if earlier != Some(&etag) {
                let (size, at, first) = (file.size, file.modified_at, earlier.is_none());
                changes.push(FolderChange::Written { address, etag, size, at, first });
            }
        }
        Ok(changes)
    }

    /// Records an announcement: the first content fixes the creation time, a deletion clears everything.
    fn note(&self, address: &BlobAddress, written: Option<ETag>) -> Result<(), Fault> {
        let file = self.file(address)?;
        self.sidecars().change(address, |sidecar| match written {
            None => *sidecar = Default::default(),
            Some(etag) => {
                sidecar.announced = Some(etag);
                sidecar.created_at = sidecar.created_at.or_else(|| file.map(|file| file.created_at()));
            }
        })
    }
}
