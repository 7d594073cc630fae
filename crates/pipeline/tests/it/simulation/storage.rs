//! Storage accounts with the blobs of the simulator.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::tags::TagSet;
use jiff::Timestamp;
use pipeline::ports::{BlobDelete, BlobPage, BlobStore, Fault, ListBlobs, ListedBlob, Piece, StorageTime, TagWrite};

#[derive(Default)]
pub struct SimulatedStorage {
    blobs: Mutex<BTreeMap<(ContainerAddress, BlobName), Blob>>,
}

struct Blob {
    properties: BlobProperties,
    content: Vec<u8>,
    tags: TagSet,
}

fn key(at: &BlobAddress) -> (ContainerAddress, BlobName) {
    (at.container(), at.name.clone())
}

impl SimulatedStorage {
    /// Creates or rewrites a blob; a rewrite drops its tags.
    pub fn put(&self, at: &BlobAddress, properties: BlobProperties) {
        let blob = Blob { properties, content: Vec::new(), tags: TagSet::default() };
        self.blobs.lock().unwrap().insert(key(at), blob);
    }

    pub fn remove(&self, at: &BlobAddress) {
        self.blobs.lock().unwrap().remove(&key(at));
    }

    /// Appends to a log. Returns true if this creates it.
    pub fn append(&self, at: &BlobAddress, bytes: &[u8], now: Timestamp) -> bool {
        let mut blobs = self.blobs.lock().unwrap();
        let is_new = !blobs.contains_key(&key(at));
        let blob = blobs.entry(key(at)).or_insert_with(|| Blob {
            properties: BlobProperties {
                created_at: now,
                last_modified: now,
                etag: ETag::new("0x0"),
                size: 0,
                tier: None,
                content_type: None,
            },
            content: Vec::new(),
            tags: TagSet::default(),
        });
        blob.content.extend_from_slice(bytes);
        blob.properties.size = blob.content.len() as u64;
        blob.properties.last_modified = now;
        blob.properties.etag = ETag::new(&format!("0x{:X}", blob.content.len()));
        is_new
    }

    /// Address, creation time and tags of every tagged blob.
    pub fn tags(&self) -> Vec<(BlobAddress, Timestamp, TagSet)> {
        let blobs = self.blobs.lock().unwrap();
        let tagged = blobs.iter().filter(|(_, blob)| !blob.tags.0.is_empty());
        tagged
            .map(|((at, name), blob)| (at.blob(name.clone()), blob.properties.created_at, blob.tags.clone()))
            .collect()
    }
}

#[async_trait]
impl BlobStore for SimulatedStorage {
    fn time(&self) -> StorageTime {
        StorageTime::NoClock
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        Ok(self.blobs.lock().unwrap().get(&key(at)).map(|blob| blob.properties.clone()))
    }

    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        let ListBlobs { container, prefix, with_tags, .. } = request;
        let blobs = self.blobs.lock().unwrap();
        let within = blobs.iter().filter(|((at, name), _)| at == container && name.as_str().starts_with(prefix));
        let listed = within.map(|((_, name), blob)| ListedBlob {
            name: name.clone(),
            properties: blob.properties.clone(),
            tags: with_tags.then(|| blob.tags.clone()),
        });
        Ok(Some(BlobPage { blobs: listed.collect(), next: None }))
    }

    async fn read(&self, at: &BlobAddress, from: u64, limit: usize, _: Option<&ETag>) -> Result<Option<Piece>, Fault> {
        let blobs = self.blobs.lock().unwrap();
        Ok(blobs.get(&key(at)).map(|blob| {
            let from = usize::try_from(from).unwrap().min(blob.content.len());
            let bytes = blob.content[from..(from + limit).min(blob.content.len())].to_vec();
            Piece { bytes, etag: blob.properties.etag.clone(), size: blob.properties.size }
        }))
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        Ok(self.blobs.lock().unwrap().get(&key(at)).map(|blob| blob.tags.clone()))
    }

    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault> {
        let mut blobs = self.blobs.lock().unwrap();
        match blobs.get_mut(&key(at)).filter(|blob| blob.properties.etag == *etag) {
            Some(blob) if !blob.tags.keeps_guards_of(read) => Ok(TagWrite::TagsMoved),
            Some(blob) => {
                blob.tags = tags.clone();
                Ok(TagWrite::Written)
            }
            None => Ok(TagWrite::ContentGone),
        }
    }

    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        let (at, mut blobs) = (key(warrant.address()), self.blobs.lock().unwrap());
        let Some(blob) = blobs.get(&at) else { return Ok(BlobDelete::Gone) };
        if blob.properties.etag != *warrant.etag() || !warrant.fits(&blob.tags) {
            return Ok(BlobDelete::Changed);
        }
        blobs.remove(&at);
        Ok(BlobDelete::Deleted)
    }
}
