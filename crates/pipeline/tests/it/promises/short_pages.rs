//! Storage with short pages of listings.

use std::sync::Arc;

use adapters_local::memory::MemoryBlobs;
use async_trait::async_trait;
use domain::address::{BlobAddress, ContainerAddress};
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::tags::TagSet;
use pipeline::ports::{BlobDelete, BlobPage, BlobStore, Fault, ListBlobs, Piece, StorageTime, StoreId, TagWrite};

/// Storage that lists at most `limit` blobs per page.
pub struct ShortPages {
    pub blobs: Arc<MemoryBlobs>,
    pub limit: usize,
}

#[async_trait]
impl BlobStore for ShortPages {
    fn time(&self) -> StorageTime {
        self.blobs.time()
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        self.blobs.properties(at).await
    }

    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        self.blobs.list(ListBlobs { limit: request.limit.min(self.limit), ..request }).await
    }

    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault> {
        self.blobs.read(at, from, limit, etag).await
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
}
