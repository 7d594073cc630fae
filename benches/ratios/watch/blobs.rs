//! Counts the calls of the blob store.

use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::tags::TagSet;
use pipeline::ports::{BlobDelete, BlobPage, BlobStore, Fault, ListBlobs, Piece, StorageTime, TagWrite};

use super::WatchedPorts;

#[async_trait]
impl BlobStore for WatchedPorts<dyn BlobStore> {
    fn time(&self) -> StorageTime {
        self.port.time()
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        self.calls.note(&[]);
        self.port.properties(at).await
    }

    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        self.calls.note(&[]);
        self.port.list(request).await
    }

    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault> {
        self.calls.note(&[]);
        self.port.read(at, from, limit, etag).await
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        self.calls.note(&[]);
        self.port.tags(at).await
    }

    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault> {
        self.calls.note(&[]);
        self.port.replace_tags(at, tags, etag, read).await
    }

    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        self.calls.note(&[]);
        self.port.delete(warrant).await
    }
}
