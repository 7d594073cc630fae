//! The blobs port in memory.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::ops::Bound;
use std::sync::{Arc, Mutex, OnceLock};

use async_trait::async_trait;
use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag, whole_second};
use domain::record::tags::TagSet;
use jiff::Timestamp;
use pipeline::ports::{
    BlobDelete, BlobPage, BlobStore, Clock, Fault, ListBlobs, ListedBlob, Piece, StorageTime, StoreId, TagWrite,
};

use super::lock;

/// Blobs in ordered maps, with methods for the actions of other parties. ETags are counted, so every run has the same
/// ones.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    storage: Mutex<Storage>,
    clock: OnceLock<StorageClock>,
}

/// Clock of the store.
struct StorageClock(Arc<dyn Clock>);

impl fmt::Debug for StorageClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StorageClock")
    }
}

#[derive(Debug, Default)]
struct Storage {
    containers: HashMap<ContainerAddress, BTreeMap<BlobName, Blob>>,
    /// Last deleted blob of each name, as soft delete keeps it.
    deleted: HashMap<BlobAddress, Blob>,
    forbidden: HashSet<ContainerAddress>,
    identity: Option<StoreId>,
    writes: u64,
}

#[derive(Debug)]
struct Blob {
    properties: BlobProperties,
    /// `None` for zeros.
    content: Option<Vec<u8>>,
    tags: TagSet,
    leased: bool,
}

impl MemoryBlobs {
    /// Makes the store report the time of this clock.
    pub fn set_clock(&self, clock: Arc<dyn Clock>) {
        // The first clock stays.
        let _ = self.clock.set(StorageClock(clock));
    }

    /// Creates an empty container; an existing one stays unchanged.
    pub fn create_container(&self, container: &ContainerAddress) {
        lock(&self.storage).containers.entry(container.clone()).or_default();
    }

    /// Writes `size` zeros at this time and returns the new ETag. A rewrite keeps the creation time and drops the
    /// tags.
    pub fn put(&self, address: &BlobAddress, size: u64, at: Timestamp) -> ETag {
        self.replace(address, size, None, at)
    }

    /// Like [`put`](Self::put), with this content.
    pub fn write(&self, address: &BlobAddress, content: &[u8], at: Timestamp) -> ETag {
        self.replace(address, content.len() as u64, Some(content.to_vec()), at)
    }

    fn replace(&self, address: &BlobAddress, size: u64, content: Option<Vec<u8>>, at: Timestamp) -> ETag {
        let mut storage = lock(&self.storage);
        storage.writes += 1;
        let etag = ETag::new(&format!("0x8D{:013X}", storage.writes));
        let blobs = storage.containers.entry(address.container()).or_default();
        let at = whole_second(at);
        let earlier = blobs.get(&address.name);
        let properties = BlobProperties {
            created_at: earlier.map_or(at, |blob| blob.properties.created_at),
            last_modified: at,
            etag: etag.clone(),
            size,
            tier: Some("Hot".to_owned()),
            content_type: Some("application/octet-stream".to_owned()),
        };
        let leased = earlier.is_some_and(|blob| blob.leased);
        blobs.insert(address.name.clone(), Blob { properties, content, tags: TagSet::default(), leased });
        etag
    }

    /// Deletes a blob as another party; returns `false` if it is absent.
    pub fn remove(&self, address: &BlobAddress) -> bool {
        lock(&self.storage).delete(address)
    }

    /// Restores the last deleted blob of this name, as soft delete can. Returns `false` if there is none or the name
    /// is taken.
    pub fn bring_back(&self, address: &BlobAddress) -> bool {
        let mut storage = lock(&self.storage);
        if storage.blob(address).is_some() {
            return false;
        }
        let Some(blob) = storage.deleted.remove(address) else { return false };
        storage.containers.entry(address.container()).or_default().insert(address.name.clone(), blob);
        true
    }

    /// Moves a blob to another access tier without changing its ETag or last-modified time; returns `false` if it is
    /// absent.
    pub fn set_tier(&self, address: &BlobAddress, tier: &str) -> bool {
        self.change(address, |blob| blob.properties.tier = Some(tier.to_owned()))
    }

    /// Replaces all tags as another party; returns `false` if the blob is absent.
    pub fn set_tags(&self, address: &BlobAddress, tags: TagSet) -> bool {
        self.change(address, |blob| blob.tags = tags)
    }

    /// Leases a blob: writing its tags is refused until [`release`](Self::release). Returns `false` if it is absent.
    pub fn lease(&self, address: &BlobAddress) -> bool {
        self.change(address, |blob| blob.leased = true)
    }

    /// Ends the lease of a blob; returns `false` if it is absent.
    pub fn release(&self, address: &BlobAddress) -> bool {
        self.change(address, |blob| blob.leased = false)
    }

    /// Sets the identity of the store, which real stores have.
    #[must_use]
    pub fn called(self, identity: &str) -> Self {
        lock(&self.storage).identity = Some(StoreId::new(identity));
        self
    }

    /// Removes a container with all its blobs.
    pub fn remove_container(&self, container: &ContainerAddress) {
        lock(&self.storage).containers.remove(container);
    }

    /// Revokes every permission on a container.
    pub fn forbid(&self, container: &ContainerAddress) {
        lock(&self.storage).forbidden.insert(container.clone());
    }

    /// Restores the permissions on a container.
    pub fn permit(&self, container: &ContainerAddress) {
        lock(&self.storage).forbidden.remove(container);
    }

    fn change(&self, address: &BlobAddress, change: impl FnOnce(&mut Blob)) -> bool {
        let mut storage = lock(&self.storage);
        storage.blob_mut(address).map(change).is_some()
    }
}

impl Blob {
    fn piece(&self, from: u64, limit: usize) -> Piece {
        let size = self.properties.size;
        let end = from.saturating_add(limit as u64).min(size);
        let [from, end] = [from.min(size), end].map(|at| usize::try_from(at).unwrap_or(usize::MAX));
        let bytes = match &self.content {
            Some(content) => content[from..end].to_vec(),
            None => vec![0; end - from],
        };
        Piece { bytes, etag: self.properties.etag.clone(), size }
    }
}

impl Storage {
    fn check_access(&self, container: &ContainerAddress, object: impl FnOnce() -> String) -> Result<(), Fault> {
        if self.forbidden.contains(container) {
            return Err(Fault::refused(object(), "no permission on the container"));
        }
        Ok(())
    }

    fn delete(&mut self, at: &BlobAddress) -> bool {
        let removed = self.containers.get_mut(&at.container()).and_then(|blobs| blobs.remove(&at.name));
        removed.map(|blob| self.deleted.insert(at.clone(), blob)).is_some()
    }

    fn blob(&self, at: &BlobAddress) -> Option<&Blob> {
        self.containers.get(&at.container())?.get(&at.name)
    }

    fn blob_mut(&mut self, at: &BlobAddress) -> Option<&mut Blob> {
        self.containers.get_mut(&at.container())?.get_mut(&at.name)
    }
}

#[async_trait]
impl BlobStore for MemoryBlobs {
    fn time(&self) -> StorageTime {
        self.clock.get().map_or(StorageTime::NoClock, |StorageClock(clock)| StorageTime::Known(clock.now()))
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        let storage = lock(&self.storage);
        storage.check_access(&at.container(), || format!("read blob {at}"))?;
        Ok(storage.blob(at).map(|blob| blob.properties.clone()))
    }

    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        let ListBlobs { container, prefix, marker, limit, with_tags } = request;
        let storage = lock(&self.storage);
        storage.check_access(container, || format!("list container {container}"))?;
        let Some(blobs) = storage.containers.get(container) else { return Ok(None) };
        let behind = marker.and_then(|marker| BlobName::parse(marker).ok());
        let range = (behind.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded);
        let mut matching = blobs.range(range).filter(|(name, _)| name.as_str().starts_with(prefix));
        let page: Vec<_> = matching
            .by_ref()
            .take(limit)
            .map(|(name, blob)| ListedBlob {
                name: name.clone(),
                properties: blob.properties.clone(),
                tags: with_tags.then(|| blob.tags.clone()),
            })
            .collect();
        let last = page.last().map(|blob| blob.name.as_str().to_owned());
        Ok(Some(BlobPage { blobs: page, next: matching.next().and(last) }))
    }

    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault> {
        let storage = lock(&self.storage);
        storage.check_access(&at.container(), || format!("read blob {at}"))?;
        let blob = storage.blob(at).filter(|blob| etag.is_none_or(|etag| *etag == blob.properties.etag));
        Ok(blob.map(|blob| blob.piece(from, limit)))
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        let storage = lock(&self.storage);
        storage.check_access(&at.container(), || format!("read the tags of blob {at}"))?;
        Ok(storage.blob(at).map(|blob| blob.tags.clone()))
    }

    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault> {
        let object = || format!("tag blob {at}");
        let mut storage = lock(&self.storage);
        storage.check_access(&at.container(), object)?;
        tags.check().map_err(|reason| Fault::permanent(object(), reason))?;
        match storage.blob_mut(at) {
            Some(blob) if blob.leased => Err(Fault::refused(object(), "a lease is held on it")),
            Some(blob) if blob.properties.etag == *etag && !blob.tags.keeps_guards_of(read) => Ok(TagWrite::TagsMoved),
            Some(blob) if blob.properties.etag == *etag => {
                blob.tags = tags.clone();
                Ok(TagWrite::Written)
            }
            Some(_) | None => Ok(TagWrite::ContentGone),
        }
    }

    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        let at = warrant.address();
        let mut storage = lock(&self.storage);
        storage.check_access(&at.container(), || format!("delete blob {at}"))?;
        match storage.blob(at) {
            None => Ok(BlobDelete::Gone),
            Some(blob) if blob.leased => Err(Fault::refused(format!("delete blob {at}"), "a lease is held on it")),
            Some(blob) if blob.properties.etag != *warrant.etag() || !warrant.fits(&blob.tags) => {
                Ok(BlobDelete::Changed)
            }
            Some(_) => {
                storage.delete(at);
                Ok(BlobDelete::Deleted)
            }
        }
    }

    async fn identity(&self, _container: &ContainerAddress) -> Result<Option<StoreId>, Fault> {
        Ok(lock(&self.storage).identity.clone())
    }
}
