//! Storage that reports every deletion to the truth at once, and a store of holds; both can be broken on purpose.

use std::sync::{Arc, Mutex};

use adapters_local::memory::{MemoryBlobs, MemoryCheckpoints};
use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::tags::{CLASS, HOLD, NO_HOLD, TagSet};
use pipeline::ports::{
    BlobDelete, BlobPage, BlobStore, Checkpoint, CheckpointKey, CheckpointKind, Checkpoints, Clock, Fault, ListBlobs,
    Piece, StorageTime, TagWrite, Version,
};
use pipeline::testing::TestClock;

use crate::retention::truth::Truth;

/// A guard to remove, to see that the test notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Without {
    Hold,
    Retention,
    Unknown,
    Fuse,
    Grace,
    Review,
    Enforcement,
    ETag,
    TagCondition,
    /// Storage reports its time in general, but its answers lack it.
    Date,
}

/// Blobs of the archive.
pub struct TrueBlobs {
    pub blobs: Arc<MemoryBlobs>,
    pub truth: Arc<Mutex<Truth>>,
    pub clock: Arc<TestClock>,
    pub without: Option<Without>,
}

impl TrueBlobs {
    /// Answer of storage to a deletion, without the removed guard.
    fn answer(&self, warrant: &Warrant, properties: &BlobProperties, tags: &TagSet) -> BlobDelete {
        let is_same = properties.etag == *warrant.etag() || self.without == Some(Without::ETag);
        let fits = warrant.fits(tags)
            // Another content has no tags, so one guard would stand in for the other.
            || self.without == Some(Without::ETag) && !tags.0.contains_key(CLASS)
            || self.without == Some(Without::TagCondition)
            || self.without == Some(Without::Hold) && tags.0.get(HOLD).is_some_and(|hold| hold != NO_HOLD);
        if is_same && fits { BlobDelete::Deleted } else { BlobDelete::Changed }
    }
}

#[async_trait]
impl BlobStore for TrueBlobs {
    fn time(&self) -> StorageTime {
        if self.without == Some(Without::Date) {
            StorageTime::NotReceived
        } else {
            self.blobs.time()
        }
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        self.blobs.properties(at).await
    }

    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        self.blobs.list(request).await
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
        let at = warrant.address();
        let (Some(properties), Some(tags)) = (self.blobs.properties(at).await?, self.blobs.tags(at).await?) else {
            return Ok(BlobDelete::Gone);
        };
        let answer = self.answer(warrant, &properties, &tags);
        if answer == BlobDelete::Deleted {
            self.blobs.remove(at);
            let mut truth = self.truth.lock().unwrap();
            truth.deleted(at.name.as_str(), warrant.etag().as_str(), self.clock.now());
        }
        Ok(answer)
    }
}

/// Checkpoints; the holds in them are invisible if that guard is removed.
pub struct TrueCheckpoints {
    pub checkpoints: Arc<MemoryCheckpoints>,
    pub without: Option<Without>,
}

#[async_trait]
impl Checkpoints for TrueCheckpoints {
    async fn get(&self, key: &CheckpointKey) -> Result<Option<Checkpoint>, Fault> {
        self.checkpoints.get(key).await
    }

    async fn save(&self, key: &CheckpointKey, before: Option<Version>, doc: &str) -> Result<Option<Version>, Fault> {
        self.checkpoints.save(key, before, doc).await
    }

    async fn remove(&self, key: &CheckpointKey, before: Version) -> Result<bool, Fault> {
        self.checkpoints.remove(key, before).await
    }

    async fn list(
        &self,
        kind: CheckpointKind,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Checkpoint)>, Fault> {
        if self.without == Some(Without::Hold) && kind == CheckpointKind::Hold {
            return Ok(Vec::new());
        }
        self.checkpoints.list(kind, after, limit).await
    }
}
