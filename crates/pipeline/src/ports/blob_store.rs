//! The recordings in storage.

use async_trait::async_trait;
use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::blob::{BlobProperties, ETag};
use domain::retention::Warrant;
use domain::tags::TagSet;
use jiff::Timestamp;

use super::Fault;

/// Storage accounts with recordings. Content and metadata are never written, tags are.
#[async_trait]
pub trait BlobStore: Send + Sync {
    /// The properties of a blob. `None` when no blob is there.
    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault>;

    /// One page of the blobs of a container in the order of their names, beginning behind `marker`. `None` when the
    /// container does not exist, or an inventory does not tell of it. A page may be short, even empty, and still name a next marker.
    async fn list(
        &self,
        container: &ContainerAddress,
        prefix: &str,
        marker: Option<&str>,
        limit: usize,
    ) -> Result<Option<BlobPage>, Fault>;

    /// A piece of a blob's content: from byte `from` on, at most `limit` bytes, none at the end and behind it. With an
    /// ETag, of that content only. `None` when no blob is there, or another content than the one asked for.
    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault>;

    /// All tags of a blob. `None` when no blob is there.
    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault>;

    /// Replaces all tags of a blob whose content is still `etag`, and whose tags still [keep the guards] of those that
    /// were `read`. Neither `etag` nor last-modified change by it.
    ///
    /// [keep the guards]: TagSet::keeps_guards_of
    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault>;

    /// Deletes the blob that the warrant names, if its content and tags are those that it names, under its client request
    /// id.
    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault>;

    /// Storage's own time, as its latest answer told it. Costs no request.
    fn time(&self) -> StorageTime;

    /// Which store holds a container, whether or not the container exists. `None` for a store without an identity, such as
    /// an inventory report: nothing is compared then.
    async fn identity(&self, _container: &ContainerAddress) -> Result<Option<StoreId>, Fault> {
        Ok(None)
    }

    /// The time that is shown, by a store that shows what was once there and cannot be written to. `None` where it is the
    /// present.
    fn as_of(&self) -> Option<Timestamp> {
        None
    }
}

/// Time by the clock of storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageTime {
    /// The store tells no time: it is a folder, an inventory or a simulation.
    NotTold,
    /// It tells the time with every answer, but has not answered lately.
    NotHeard,
    /// The time now, by the latest answer.
    Told(Timestamp),
}

/// Identity of a store. It stays the same however the store is reached: spelling of the URL, private host name, mount
/// point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreId(String);

impl StoreId {
    /// Takes an identity: printable text that begins with the kind of store, such as `folder 3f2a…`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The identity as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A piece of a blob's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The bytes; fewer than asked for only at the end.
    pub bytes: Vec<u8>,
    /// The content that they are of.
    pub etag: ETag,
    /// How many bytes the content has, counted in bytes from its beginning.
    pub size: u64,
}

/// What came of deleting a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobDelete {
    /// It is gone.
    Deleted,
    /// No blob was there.
    Gone,
    /// Its content or its tags are other ones; nothing was deleted.
    Changed,
}

/// What came of writing tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagWrite {
    /// The blob carries them.
    Written,
    /// Another content is there, or none; nothing was written.
    ContentGone,
    /// A guard is no longer the one that was read; nothing was written.
    TagsMoved,
}

/// Blobs of a container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlobPage {
    /// In the order of their names.
    pub blobs: Vec<ListedBlob>,
    /// Where the next page begins. `None` on the last.
    pub next: Option<String>,
}

/// One blob of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedBlob {
    /// Its name.
    pub name: BlobName,
    /// Its properties.
    pub properties: BlobProperties,
    /// Its tags.
    pub tags: TagSet,
}
