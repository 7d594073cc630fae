//! A reference archivist that receives every event once, in order, with all state in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use adapters_local::SystemClock;
use adapters_local::memory::{
    MemoryCatalogue, MemoryCheckpoints, MemoryLedger, MemoryNotifications, MemoryQuarantine, MemoryQueue,
    MemorySessions,
};
use async_trait::async_trait;
use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::decide::context::Rules;
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::catalogue::Entry;
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::tags::TagSet;
use jiff::SignedDuration;
use pipeline::message::Attempt;
use pipeline::ports::{
    BlobDelete, BlobPage, BlobStore, Channel, Clock, Fault, ListBlobs, ListRequest, ListedBlob, Piece, Queue,
    QueueName, StorageTime, TagWrite,
};
use pipeline::testing::TestClock;
use pipeline::{Archivist, ArchivistSettings, Ports};
use serde_json::Value;
use storage_events::StorageEvent;

use super::{ACTIVE_AT_MOST, SETTLE_AFTER};
use crate::support::Audience;

/// Final state of the reference run.
pub struct Alone {
    pub entries: Vec<Entry>,
    pub blobs: BTreeMap<BlobName, TagSet>,
    pub told: Vec<Value>,
}

/// Ingests the events of a container with these blobs, at a time when every entry is final.
pub async fn alone(container: ContainerAddress, events: &[StorageEvent<'_>], blobs: &[ListedBlob]) -> Alone {
    let clock = Arc::new(TestClock::at(SystemClock.now() + SignedDuration::from_secs(ACTIVE_AT_MOST)));
    let (queue, audience) = (Arc::new(MemoryQueue::new(clock.clone())), Arc::<Audience>::default());
    let blobs = Arc::new(Untagged::copy(blobs));
    let ports = Ports {
        ledger: Arc::new(MemoryLedger::default()),
        catalogue: Arc::new(MemoryCatalogue::default()),
        sessions: Arc::new(MemorySessions::default()),
        checkpoints: Arc::new(MemoryCheckpoints::default()),
        blobs: blobs.clone(),
        queue: queue.clone(),
        notifications: Arc::new(MemoryNotifications::default()),
        quarantine: Arc::new(MemoryQuarantine::default()),
        clock,
    };
    let bastion = Bastion {
        name: BastionName::new("bas-test"),
        resource_id: None,
        recordings: vec![container],
        audit_logs: None,
        access_expires: None,
        access_logs: None,
    };
    let [settle_after, active_at_most] = [SETTLE_AFTER, ACTIVE_AT_MOST].map(SignedDuration::from_secs);
    let settings = ArchivistSettings {
        rules: Rules { settle_after, active_at_most, ..Rules::default() },
        estate: Estate { bastions: vec![bastion] },
        channels: BTreeMap::from([("siem".to_owned(), audience.clone() as Arc<dyn Channel>)]),
    };
    let archivist = Archivist::new(ports.clone(), settings);
    for event in events {
        archivist.recordings.ingest(&event.address, &event.event).await.unwrap();
    }
    archivist.due_work.sweep(&|| true).await.unwrap();
    for message in queue.receive(QueueName::Notifications, usize::MAX, SignedDuration::ZERO).await.unwrap() {
        archivist.delivery.deliver(&Attempt::decode(message.body.as_bytes()).unwrap()).await.unwrap();
    }
    let all = ListRequest { under: None, below: None, from: None, limit: usize::MAX };
    let entries = ports.catalogue.list(&all).await.unwrap();
    assert!(entries.iter().all(|entry| entry.due_at().is_none()), "one sweep is enough");
    Alone { entries, blobs: blobs.tags(), told: audience.bodies() }
}

/// Blobs as in storage, without their tags.
struct Untagged {
    properties: BTreeMap<BlobName, BlobProperties>,
    tags: Mutex<BTreeMap<BlobName, TagSet>>,
}

impl Untagged {
    fn copy(blobs: &[ListedBlob]) -> Self {
        let properties = blobs.iter().map(|blob| (blob.name.clone(), blob.properties.clone())).collect();
        Self { properties, tags: Mutex::default() }
    }

    fn tags(&self) -> BTreeMap<BlobName, TagSet> {
        self.tags.lock().unwrap().clone()
    }
}

#[async_trait]
impl BlobStore for Untagged {
    fn time(&self) -> StorageTime {
        StorageTime::NoClock
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        Ok(self.properties.get(&at.name).cloned())
    }

    async fn list(&self, _: ListBlobs<'_>) -> Result<Option<BlobPage>, Fault> {
        Ok(None)
    }

    async fn read(&self, _: &BlobAddress, _: u64, _: usize, _: Option<&ETag>) -> Result<Option<Piece>, Fault> {
        Ok(None)
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        let tags = self.tags.lock().unwrap().get(&at.name).cloned().unwrap_or_default();
        Ok(self.properties.contains_key(&at.name).then_some(tags))
    }

    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault> {
        let Some(_) = self.properties.get(&at.name).filter(|there| there.etag == *etag) else {
            return Ok(TagWrite::ContentGone);
        };
        let mut all = self.tags.lock().unwrap();
        if !all.get(&at.name).cloned().unwrap_or_default().keeps_guards_of(read) {
            return Ok(TagWrite::TagsMoved);
        }
        all.insert(at.name.clone(), tags.clone());
        Ok(TagWrite::Written)
    }

    async fn delete(&self, _: &Warrant) -> Result<BlobDelete, Fault> {
        unreachable!("no retention is configured")
    }
}
