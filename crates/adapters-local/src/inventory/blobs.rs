//! The blobs port on an inventory report and a folder of logs.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::address::{BlobAddress, ContainerAddress, ContainerName};
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::tags::TagSet;
use jiff::Timestamp;
use pipeline::ports::{BlobDelete, BlobPage, BlobStore, Fault, ListBlobs, ListedBlob, Piece, StorageTime, TagWrite};
use tokio::task;

use super::logs::LogFolder;
use super::report::Inventory;
use super::rows::InventoryRows;

/// Storage as a report and copies of logs show it. Read-only.
#[derive(Debug)]
pub struct InventoryBlobs {
    recordings: BTreeMap<ContainerAddress, InventoryRows>,
    logs: Arc<LogFolder>,
    logs_at: ContainerAddress,
    as_of: Timestamp,
}

impl InventoryBlobs {
    /// Combines a report as of `as_of` with a folder of logs. `recordings` gives the address of each container to
    /// include. The logs become the blobs of `logs_at`.
    pub fn new(
        inventory: Inventory,
        recordings: impl Fn(&ContainerName) -> Option<ContainerAddress>,
        logs: LogFolder,
        logs_at: ContainerAddress,
        as_of: Timestamp,
    ) -> Self {
        let containers = inventory.containers.into_iter();
        let recordings = containers.filter_map(|(name, rows)| Some((recordings(&name)?, rows))).collect();
        Self { recordings, logs: Arc::new(logs), logs_at, as_of }
    }

    fn find(&self, at: &BlobAddress) -> Result<ListedBlob, Fault> {
        let found = self.recordings.get(&at.container()).and_then(|rows| rows.find(at.name.as_str()));
        // It may be newer than the report, so it is not known to be gone.
        found.ok_or_else(|| Fault::transient(format!("find blob {at}"), "the inventory does not list it"))
    }

    /// Runs disk work on the runtime's blocking threads.
    async fn in_logs<T: Send + 'static>(
        &self,
        work: impl FnOnce(&LogFolder) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let logs = self.logs.clone();
        let done = task::spawn_blocking(move || work(&logs)).await;
        done.unwrap_or_else(|error| Err(Fault::permanent("read a folder of audit logs", error)))
    }
}

#[async_trait]
impl BlobStore for InventoryBlobs {
    fn time(&self) -> StorageTime {
        StorageTime::NoClock
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        if at.container() == self.logs_at {
            let name = at.name.clone();
            return self.in_logs(move |logs| logs.properties(&name)).await;
        }
        self.find(at).map(|blob| Some(blob.properties))
    }

    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        let ListBlobs { container, prefix, marker, limit, .. } = request;
        if *container == self.logs_at {
            let (prefix, marker) = (prefix.to_owned(), marker.map(str::to_owned));
            return self.in_logs(move |logs| logs.page(&prefix, marker.as_deref(), limit).map(Some)).await;
        }
        Ok(self.recordings.get(container).map(|rows| rows.page(prefix, marker, limit)))
    }

    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault> {
        if at.container() != self.logs_at {
            return Ok(None);
        }
        let name = at.name.clone();
        let piece = self.in_logs(move |logs| logs.piece(&name, from, limit)).await?;
        Ok(piece.filter(|piece| etag.is_none_or(|etag| *etag == piece.etag)))
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        let tags = self.find(at)?.tags;
        let unknown =
            || Fault::transient(format!("read tags of blob {at}"), "the inventory has no readable tags of it");
        tags.map(Some).ok_or_else(unknown)
    }

    async fn replace_tags(&self, at: &BlobAddress, _: &TagSet, _: &ETag, _: &TagSet) -> Result<TagWrite, Fault> {
        Err(Fault::refused(format!("tag blob {at}"), "an inventory is read-only"))
    }

    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        Err(Fault::refused(format!("delete blob {}", warrant.address()), "an inventory is read-only"))
    }

    fn as_of(&self) -> Option<Timestamp> {
        Some(self.as_of)
    }
}
