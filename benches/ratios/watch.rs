//! Ports that remember what they were asked.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use domain::address::{BlobAddress, ContainerAddress};
use domain::blob::{BlobProperties, ETag};
use domain::catalogue::Entry;
use domain::recording_id::RecordingId;
use domain::tags::TagSet;
use jiff::Timestamp;
use pipeline::ports::{BlobPage, BlobStore, Catalogue, Due, Fault, ListRequest, Loaded, Piece, TagWrite, Version};

/// What each call so far saved, in the order of the calls; most save nothing.
#[derive(Debug, Default, Clone)]
pub struct Calls(Arc<Mutex<Vec<Vec<Entry>>>>);

impl Calls {
    /// Takes out what was collected.
    pub fn take(&self) -> Vec<Vec<Entry>> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, saved: &[Entry]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(saved.to_vec());
    }
}

/// A port with somebody who watches it.
pub struct Watched<P: ?Sized> {
    pub port: Arc<P>,
    pub calls: Calls,
}

#[async_trait]
impl Catalogue for Watched<dyn Catalogue> {
    async fn lives(&self, address: &BlobAddress) -> Result<Loaded, Fault> {
        self.calls.note(&[]);
        self.port.lives(address).await
    }

    async fn lives_of(&self, id: RecordingId) -> Result<Option<Loaded>, Fault> {
        self.calls.note(&[]);
        self.port.lives_of(id).await
    }

    async fn save(&self, before: &Loaded, changed: &[Entry]) -> Result<Option<Version>, Fault> {
        self.calls.note(changed);
        self.port.save(before, changed).await
    }

    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        self.calls.note(&[]);
        self.port.list(request).await
    }

    async fn due(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        self.calls.note(&[]);
        self.port.due(until, after, limit).await
    }
}

#[async_trait]
impl BlobStore for Watched<dyn BlobStore> {
    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        self.calls.note(&[]);
        self.port.properties(at).await
    }

    async fn list(
        &self,
        container: &ContainerAddress,
        prefix: &str,
        marker: Option<&str>,
        limit: usize,
    ) -> Result<Option<BlobPage>, Fault> {
        self.calls.note(&[]);
        self.port.list(container, prefix, marker, limit).await
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

    async fn replace_tags(&self, at: &BlobAddress, tags: &TagSet, etag: &ETag) -> Result<TagWrite, Fault> {
        self.calls.note(&[]);
        self.port.replace_tags(at, tags, etag).await
    }
}
