//! Storage that reports every deletion to the truth at once, and wrong clocks.

use std::sync::{Arc, Mutex};

use adapters_local::memory::MemoryBlobs;
use async_trait::async_trait;
use domain::address::{BlobAddress, ContainerAddress};
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::tags::{DUE, HOLD, NO_HOLD, STATE, TagSet};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{
    BlobDelete, BlobPage, BlobStore, Clock, Fault, ListBlobs, Piece, StorageTime, StoreId, TagWrite,
};
use pipeline::testing::TestClock;
use pipeline::testing::schedule::now;

use crate::hostile::truth::HostileTruth;
use crate::hostile::world::{HostileWorld, container};

/// A guard to remove, to see that the test notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingPart {
    /// The end of a session counts however far it is from the times of storage.
    Tolerances,
    /// Periods start long before the creation.
    Creation,
    /// Rules with unknown answers do not count.
    Unknown,
    HoldOnRecording,
    HoldOnPerson,
    HoldOnSession,
    HoldOnMachine,
    HoldOnBastion,
    HoldByTime,
    /// The lifecycle rule of the platform ignores the hold tag.
    PlatformHold,
    /// Hold tags set by hand are not seen.
    HoldByHand,
    /// Storage does not report its time.
    StorageTime,
}

/// Blobs of the archive.
pub struct HostileBlobs {
    pub blobs: Arc<MemoryBlobs>,
    pub truth: Arc<Mutex<HostileTruth>>,
    pub clock: Arc<TestClock>,
    pub without: Option<MissingPart>,
}

impl HostileBlobs {
    /// Properties as the archivist sees them.
    fn shown(&self, mut properties: BlobProperties) -> BlobProperties {
        if self.without == Some(MissingPart::Creation) {
            properties.created_at -= SignedDuration::from_hours(24 * 30);
        }
        properties
    }

    fn shown_tags(&self, mut tags: TagSet) -> TagSet {
        let is_by_hand = tags.0.get(HOLD).is_some_and(|value| value == BY_HAND);
        if self.without == Some(MissingPart::HoldByHand) && is_by_hand {
            tags.0.insert(HOLD.to_owned(), NO_HOLD.to_owned());
        }
        tags
    }

    /// Makes the stored tags equal to those the archivist read, so conditional requests pass.
    fn compared(&self, at: &BlobAddress) {
        if self.without == Some(MissingPart::HoldByHand)
            && let Ok(Some(tags)) = now(self.blobs.tags(at))
        {
            self.blobs.set_tags(at, self.shown_tags(tags));
        }
    }
}

/// Value of a hold tag set by hand.
pub const BY_HAND: &str = "by hand";

#[async_trait]
impl BlobStore for HostileBlobs {
    fn time(&self) -> StorageTime {
        self.blobs.time()
    }

    async fn identity(&self, container: &ContainerAddress) -> Result<Option<StoreId>, Fault> {
        self.blobs.identity(container).await
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        let properties = self.blobs.properties(at).await?;
        Ok(properties.map(|properties| self.shown(properties)))
    }

    async fn list(&self, request: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        let mut page = self.blobs.list(request).await?;
        for blob in page.iter_mut().flat_map(|page| &mut page.blobs) {
            blob.properties = self.shown(blob.properties.clone());
            blob.tags = blob.tags.take().map(|tags| self.shown_tags(tags));
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
        self.blobs.read(at, from, limit, etag).await
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        let tags = self.blobs.tags(at).await?;
        Ok(tags.map(|tags| self.shown_tags(tags)))
    }

    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault> {
        self.compared(at);
        self.blobs.replace_tags(at, tags, etag, read).await
    }

    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        self.compared(warrant.address());
        let answer = self.blobs.delete(warrant).await?;
        if answer == BlobDelete::Deleted {
            let (name, etag) = (warrant.address().name.as_str(), warrant.etag().as_str());
            self.truth.lock().unwrap().deleted(name, etag, self.clock.now());
        }
        Ok(answer)
    }
}

/// A wrong clock.
pub struct WrongClock {
    pub clock: Arc<TestClock>,
    pub by: SignedDuration,
}

impl Clock for WrongClock {
    fn now(&self) -> Timestamp {
        self.clock.now() + self.by
    }
}

impl HostileWorld {
    /// Runs the lifecycle rule of the platform: deletes recordings due and not held, and raises their events.
    pub fn run_platform(&mut self) {
        let page = now(self.blobs.list(ListBlobs::first(&container(), usize::MAX).with_tags())).unwrap().unwrap();
        let is = |tags: &TagSet, key: &str, value: &str| tags.0.get(key).is_some_and(|found| found == value);
        let deletes = |tags: &TagSet| {
            is(tags, STATE, DUE) && (is(tags, HOLD, NO_HOLD) || self.without == Some(MissingPart::PlatformHold))
        };
        let gone: Vec<_> = page.blobs.into_iter().filter(|blob| blob.tags.as_ref().is_some_and(deletes)).collect();
        for blob in gone {
            let name = blob.name.as_str().to_owned();
            self.blobs.remove(&container().blob(blob.name.clone()));
            self.truth().deleted(&name, blob.properties.etag.as_str(), self.now());
            self.hear(&name, domain::record::blob::Happening::deleted(), None);
        }
    }
}
