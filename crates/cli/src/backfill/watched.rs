//! Blob store that reports the progress of a backfill.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use domain::address::{BlobAddress, ContainerAddress};
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::estate::Estate;
use domain::record::tags::TagSet;
use jiff::Timestamp;
use pipeline::ports::{BlobDelete, BlobPage, BlobStore, Fault, ListBlobs, Piece, StorageTime, StoreId, TagWrite};

use super::progress::BackfillProgress;

/// Forwards all calls, and reports reads to the progress.
pub(super) struct WatchedBlobs {
    blobs: Arc<dyn BlobStore>,
    progress: Arc<BackfillProgress>,
    logs: BTreeSet<ContainerAddress>,
}

impl WatchedBlobs {
    /// Wraps the blobs of an estate.
    pub(super) fn new(blobs: Arc<dyn BlobStore>, progress: Arc<BackfillProgress>, estate: &Estate) -> Self {
        let logs = estate.bastions.iter().filter_map(|bastion| bastion.audit_logs.clone()).collect();
        Self { blobs, progress, logs }
    }
}

#[async_trait]
impl BlobStore for WatchedBlobs {
    fn time(&self) -> StorageTime {
        self.blobs.time()
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        // Stores on this machine never wait: without this, a stop signal would be noticed at the end only.
        tokio::task::yield_now().await;
        self.progress.looked_at_recording();
        self.blobs.properties(at).await
    }

    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        let page = self.blobs.list(request).await?;
        if let Some(page) = page.as_ref().filter(|_| self.as_of().is_none()) {
            if self.logs.contains(request.container) {
                self.progress.found_bytes(page.blobs.iter().map(|blob| blob.properties.size).sum());
            } else if request.prefix.is_empty() {
                self.progress.found_recordings(page.blobs.len() as u64);
            }
        }
        Ok(page)
    }

    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault> {
        tokio::task::yield_now().await;
        let piece = self.blobs.read(at, from, limit, etag).await?;
        self.progress.read_bytes(piece.as_ref().map_or(0, |piece| piece.bytes.len() as u64));
        Ok(piece)
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        self.blobs.tags(at).await
    }

    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault> {
        self.blobs.replace_tags(at, tags, etag, read).await
    }

    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        self.blobs.delete(warrant).await
    }

    async fn identity(&self, container: &ContainerAddress) -> Result<Option<StoreId>, Fault> {
        self.blobs.identity(container).await
    }

    fn as_of(&self) -> Option<Timestamp> {
        self.blobs.as_of()
    }
}
