//! Blob port of [`KnownStores`]: checks the store before each call.

use async_trait::async_trait;
use domain::address::{BlobAddress, ContainerAddress};
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::tags::TagSet;
use jiff::Timestamp;

use super::{ContainerAbsent, KnownStores};
use crate::ports::{BlobDelete, BlobPage, BlobStore, Fault, ListBlobs, Piece, StorageTime, StoreId, TagWrite};

impl KnownStores {
    /// Returns an error if a blob was not found because its container does not exist. A blob counts as gone only in an
    /// existing container.
    async fn confirm_absence(&self, at: &BlobAddress) -> Result<(), Fault> {
        let container = at.container();
        if self.blobs.identity(&container).await?.is_none()
            || self.blobs.list(ListBlobs::first(&container, 1)).await?.is_some()
        {
            return Ok(());
        }
        let fault = Fault::transient(format!("find container {container}"), ContainerAbsent);
        self.warn_once(&container, &fault);
        Err(fault)
    }

    async fn confirmed<T>(&self, at: &BlobAddress, answer: Option<T>) -> Result<Option<T>, Fault> {
        if answer.is_none() {
            self.confirm_absence(at).await?;
        }
        Ok(answer)
    }
}

#[async_trait]
impl BlobStore for KnownStores {
    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        self.trust(&at.container()).await?;
        self.confirmed(at, self.blobs.properties(at).await?).await
    }

    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        self.trust(request.container).await?;
        self.blobs.list(request).await
    }

    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault> {
        self.trust(&at.container()).await?;
        self.confirmed(at, self.blobs.read(at, from, limit, etag).await?).await
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        self.trust(&at.container()).await?;
        self.confirmed(at, self.blobs.tags(at).await?).await
    }

    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault> {
        self.trust(&at.container()).await?;
        let written = self.blobs.replace_tags(at, tags, etag, read).await?;
        if written == TagWrite::ContentGone {
            self.confirm_absence(at).await?;
        }
        Ok(written)
    }

    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        self.trust(&warrant.address().container()).await?;
        let deleted = self.blobs.delete(warrant).await?;
        if deleted == BlobDelete::Gone {
            self.confirm_absence(warrant.address()).await?;
        }
        Ok(deleted)
    }

    async fn identity(&self, container: &ContainerAddress) -> Result<Option<StoreId>, Fault> {
        self.blobs.identity(container).await
    }

    fn time(&self) -> StorageTime {
        self.blobs.time()
    }

    fn as_of(&self) -> Option<Timestamp> {
        self.blobs.as_of()
    }
}
