//! Port to the storage accounts that hold recordings.

use async_trait::async_trait;
use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::tags::TagSet;
use jiff::Timestamp;

use super::Fault;

/// Storage accounts with recordings. Writes tags only, never content or metadata.
#[async_trait]
pub trait BlobStore: Send + Sync {
    /// Returns the properties of a blob, or `None` if there is no blob.
    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault>;

    /// Returns one page of a container's blobs in name order. Returns `None` if the container does not exist or an
    /// inventory report does not cover it. A page may be short or empty and still carry a next marker.
    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault>;

    /// Reads at most `limit` bytes of content from offset `from`; empty at or past the end. Returns `None` if there is
    /// no blob, or if `etag` is given and the content has another ETag.
    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault>;

    /// Returns all tags of a blob, or `None` if there is no blob.
    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault>;

    /// Replaces all tags of a blob if its content still has `etag` and its tags [keep the guards] of `read`. Leaves the
    /// ETag and last-modified time unchanged.
    ///
    /// [keep the guards]: TagSet::keeps_guards_of
    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault>;

    /// Deletes the blob named by the warrant if its content and tags match the warrant. Sends the warrant's client
    /// request id.
    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault>;

    /// Returns storage's clock as of its latest answer. Sends no request.
    fn time(&self) -> StorageTime;

    /// Returns the identity of the store that holds a container, even if the container does not exist. Returns `None`
    /// if the store has no identity, such as an inventory report; stores are then not compared.
    async fn identity(&self, _container: &ContainerAddress) -> Result<Option<StoreId>, Fault> {
        Ok(None)
    }

    /// Returns the time of the snapshot if the store is a read-only view of the past, or `None` if it shows the
    /// present.
    fn as_of(&self) -> Option<Timestamp> {
        None
    }
}

/// Clock of the storage service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageTime {
    /// The store has no clock: a folder, an inventory report or a simulation.
    NoClock,
    /// The store sends its time with every answer, but none arrived recently.
    NotReceived,
    /// Current time, derived from the latest answer.
    Known(Timestamp),
}

/// Identity of a store. Independent of the way to reach it: URL spelling, private host name, mount point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreId(String);

impl StoreId {
    /// Wraps an identity: printable text that begins with the kind of store, such as `folder 3f2a…`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the identity as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Part of a blob's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Bytes read; fewer than requested only at the end of the content.
    pub bytes: Vec<u8>,
    /// ETag of the content read.
    pub etag: ETag,
    /// Size of the whole content in bytes.
    pub size: u64,
}

/// Result of a conditional delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobDelete {
    /// The blob is deleted.
    Deleted,
    /// There was no blob.
    Gone,
    /// Content or tags differ from the warrant; nothing was deleted.
    Changed,
}

/// Result of a conditional tag write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagWrite {
    /// The blob carries the new tags.
    Written,
    /// The blob is gone or has other content; nothing was written.
    ContentGone,
    /// A guard tag changed since it was read; nothing was written.
    TagsMoved,
}

/// Selection of a page of a container's blobs.
#[derive(Debug, Clone, Copy)]
pub struct ListBlobs<'a> {
    /// Container to list.
    pub container: &'a ContainerAddress,
    /// Only blobs whose names begin with this text.
    pub prefix: &'a str,
    /// Marker of the page, or `None` for the first one.
    pub marker: Option<&'a str>,
    /// Maximum number of blobs.
    pub limit: usize,
    /// True to request tags too. Storage refuses such a listing without the right to read tags, which *Storage Blob
    /// Data Reader* does not include.
    pub with_tags: bool,
}

impl<'a> ListBlobs<'a> {
    /// Selects the first page of all blobs, without tags.
    pub fn first(container: &'a ContainerAddress, limit: usize) -> Self {
        Self { container, prefix: "", marker: None, limit, with_tags: false }
    }

    /// Selects blobs whose names begin with `prefix`.
    pub fn under(self, prefix: &'a str) -> Self {
        Self { prefix, ..self }
    }

    /// Selects the page of `marker`.
    pub fn after(self, marker: Option<&'a str>) -> Self {
        Self { marker, ..self }
    }

    /// Requests tags too.
    pub fn with_tags(self) -> Self {
        Self { with_tags: true, ..self }
    }
}

/// Page of a container's blobs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlobPage {
    /// Blobs in name order.
    pub blobs: Vec<ListedBlob>,
    /// Marker of the next page, or `None` on the last page.
    pub next: Option<String>,
}

/// One blob of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedBlob {
    /// Blob name.
    pub name: BlobName,
    /// Properties at the time of the listing.
    pub properties: BlobProperties,
    /// Tags at the time of the listing, or `None` if they were not requested or may not be read.
    pub tags: Option<TagSet>,
}
