//! All ports behind a gate.

use std::sync::Arc;

use async_trait::async_trait;
use domain::address::{BlobAddress, ContainerAddress};
use domain::blob::{BlobProperties, ETag};
use domain::catalogue::Entry;
use domain::delivery::Answer;
use domain::estate::BastionName;
use domain::join::JoinKey;
use domain::notification::NotificationId;
use domain::recording_id::RecordingId;
use domain::retention::Warrant;
use domain::session::Span;
use domain::tags::TagSet;
use jiff::{SignedDuration, Timestamp};

use super::Gate;
use crate::ports::{
    BlobDelete, BlobPage, BlobStore, Catalogue, Channel, DeadLetters, Due, Envelope, Fault, GivenUp, Ledger,
    ListRequest, Loaded, NotificationRecord, Notifications, Piece, Ports, Quarantine, QuarantineId, QuarantineNote,
    QuarantinedInput, Queue, QueueMessage, QueueName, Receipt, StorageTime, StoreId, Stored, TagWrite, Version,
};

impl Gate {
    /// Returns the ports, each behind this gate, with the same clock.
    pub fn around(self: &Arc<Self>, ports: &Ports) -> Ports {
        Ports {
            catalogue: Arc::new(self.before(&ports.catalogue)),
            sessions: Arc::new(self.before(&ports.sessions)),
            checkpoints: Arc::new(self.before(&ports.checkpoints)),
            blobs: Arc::new(self.before(&ports.blobs)),
            queue: Arc::new(self.before(&ports.queue)),
            notifications: Arc::new(self.before(&ports.notifications)),
            quarantine: Arc::new(self.before(&ports.quarantine)),
            ledger: Arc::new(self.before(&ports.ledger)),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// Returns the channel behind this gate. A lost answer becomes [`Answer::TryLater`].
    pub fn around_channel(self: &Arc<Self>, channel: &Arc<dyn Channel>) -> Arc<dyn Channel> {
        Arc::new(self.before(channel))
    }

    /// Returns the ledger behind this gate.
    pub fn around_ledger(self: &Arc<Self>, ledger: &Arc<dyn Ledger>) -> Arc<dyn Ledger> {
        Arc::new(self.before(ledger))
    }

    /// Returns the dead letters behind this gate.
    pub fn around_dead_letters(self: &Arc<Self>, dead_letters: &Arc<dyn DeadLetters>) -> Arc<dyn DeadLetters> {
        Arc::new(self.before(dead_letters))
    }

    fn before<P: ?Sized>(self: &Arc<Self>, port: &Arc<P>) -> Gated<P> {
        Gated { gate: Arc::clone(self), port: Arc::clone(port) }
    }
}

pub(super) struct Gated<P: ?Sized> {
    pub(super) gate: Arc<Gate>,
    pub(super) port: Arc<P>,
}

#[async_trait]
impl Catalogue for Gated<dyn Catalogue> {
    async fn lives(&self, address: &BlobAddress) -> Result<Loaded, Fault> {
        self.gate.pass("catalogue.lives", self.port.lives(address)).await
    }

    async fn lives_of(&self, id: RecordingId) -> Result<Option<Loaded>, Fault> {
        self.gate.pass("catalogue.lives_of", self.port.lives_of(id)).await
    }

    async fn save(&self, before: &Loaded, changed: &[Entry]) -> Result<Option<Version>, Fault> {
        self.gate.pass("catalogue.save", self.port.save(before, changed)).await
    }

    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        self.gate.pass("catalogue.list", self.port.list(request)).await
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[JoinKey],
        created: Span,
        limit: usize,
    ) -> Result<Vec<Entry>, Fault> {
        self.gate.pass("catalogue.near", self.port.near(bastion, keys, created, limit)).await
    }

    async fn due(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        self.gate.pass("catalogue.due", self.port.due(until, after, limit)).await
    }

    async fn disposals(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        self.gate.pass("catalogue.disposals", self.port.disposals(until, after, limit)).await
    }
}

#[async_trait]
impl BlobStore for Gated<dyn BlobStore> {
    fn time(&self) -> StorageTime {
        self.port.time()
    }

    async fn properties(&self, at: &BlobAddress) -> Result<Option<BlobProperties>, Fault> {
        self.gate.pass("blobs.properties", self.port.properties(at)).await
    }

    async fn list(
        &self,
        container: &ContainerAddress,
        prefix: &str,
        marker: Option<&str>,
        limit: usize,
    ) -> Result<Option<BlobPage>, Fault> {
        self.gate.pass("blobs.list", self.port.list(container, prefix, marker, limit)).await
    }

    async fn read(
        &self,
        at: &BlobAddress,
        from: u64,
        limit: usize,
        etag: Option<&ETag>,
    ) -> Result<Option<Piece>, Fault> {
        self.gate.pass("blobs.read", self.port.read(at, from, limit, etag)).await
    }

    async fn tags(&self, at: &BlobAddress) -> Result<Option<TagSet>, Fault> {
        self.gate.pass("blobs.tags", self.port.tags(at)).await
    }

    async fn replace_tags(
        &self,
        at: &BlobAddress,
        tags: &TagSet,
        etag: &ETag,
        read: &TagSet,
    ) -> Result<TagWrite, Fault> {
        self.gate.pass("blobs.replace_tags", self.port.replace_tags(at, tags, etag, read)).await
    }

    async fn delete(&self, warrant: &Warrant) -> Result<BlobDelete, Fault> {
        self.gate.pass("blobs.delete", self.port.delete(warrant)).await
    }

    async fn identity(&self, container: &ContainerAddress) -> Result<Option<StoreId>, Fault> {
        // Adapters answer from their setup, so this call cannot fail.
        self.port.identity(container).await
    }

    fn as_of(&self) -> Option<Timestamp> {
        self.port.as_of()
    }
}

#[async_trait]
impl Queue for Gated<dyn Queue> {
    async fn send(&self, queue: QueueName, body: &str, delay: SignedDuration) -> Result<(), Fault> {
        self.gate.pass("queue.send", self.port.send(queue, body, delay)).await
    }

    async fn receive(
        &self,
        queue: QueueName,
        limit: usize,
        hidden_for: SignedDuration,
    ) -> Result<Vec<QueueMessage>, Fault> {
        self.gate.pass("queue.receive", self.port.receive(queue, limit, hidden_for)).await
    }

    async fn release(&self, queue: QueueName, receipt: &Receipt, delay: SignedDuration) -> Result<bool, Fault> {
        self.gate.pass("queue.release", self.port.release(queue, receipt, delay)).await
    }

    async fn delete(&self, queue: QueueName, receipt: &Receipt) -> Result<bool, Fault> {
        self.gate.pass("queue.delete", self.port.delete(queue, receipt)).await
    }
}

#[async_trait]
impl Notifications for Gated<dyn Notifications> {
    async fn add(&self, record: &NotificationRecord) -> Result<bool, Fault> {
        self.gate.pass("notifications.add", self.port.add(record)).await
    }

    async fn get(&self, id: &NotificationId) -> Result<Option<Stored>, Fault> {
        self.gate.pass("notifications.get", self.port.get(id)).await
    }

    async fn save(&self, before: &Stored, record: &NotificationRecord) -> Result<Option<Version>, Fault> {
        self.gate.pass("notifications.save", self.port.save(before, record)).await
    }

    async fn forgotten(&self, until: Timestamp, limit: usize) -> Result<Vec<Stored>, Fault> {
        self.gate.pass("notifications.forgotten", self.port.forgotten(until, limit)).await
    }

    async fn given_up(&self, since: Timestamp, after: Option<&GivenUp>, limit: usize) -> Result<Vec<Stored>, Fault> {
        self.gate.pass("notifications.given_up", self.port.given_up(since, after, limit)).await
    }
}

#[async_trait]
impl Quarantine for Gated<dyn Quarantine> {
    async fn put(&self, input: &QuarantinedInput) -> Result<(), Fault> {
        self.gate.pass("quarantine.put", self.port.put(input)).await
    }

    async fn get(&self, id: &QuarantineId) -> Result<Option<QuarantinedInput>, Fault> {
        self.gate.pass("quarantine.get", self.port.get(id)).await
    }

    async fn since(&self, since: Timestamp, limit: usize) -> Result<Vec<QuarantineNote>, Fault> {
        self.gate.pass("quarantine.since", self.port.since(since, limit)).await
    }

    async fn behind(&self, last: &QuarantineNote, limit: usize) -> Result<Vec<QuarantineNote>, Fault> {
        self.gate.pass("quarantine.behind", self.port.behind(last, limit)).await
    }

    async fn unannounced(&self, limit: usize) -> Result<Vec<QuarantineNote>, Fault> {
        self.gate.pass("quarantine.unannounced", self.port.unannounced(limit)).await
    }

    async fn announced(&self, ids: &[QuarantineId]) -> Result<(), Fault> {
        self.gate.pass("quarantine.announced", self.port.announced(ids)).await
    }

    async fn remove(&self, id: &QuarantineId) -> Result<(), Fault> {
        self.gate.pass("quarantine.remove", self.port.remove(id)).await
    }
}

#[async_trait]
impl Channel for Gated<dyn Channel> {
    async fn send(&self, envelope: &Envelope<'_>) -> Answer {
        let sent = async { Ok(self.port.send(envelope).await) };
        self.gate.pass("channel.send", sent).await.unwrap_or_else(|fault| Answer::TryLater {
            reason: fault.to_string(),
            retry_after: None,
            overloaded: false,
        })
    }

    fn preview(&self, envelope: &Envelope<'_>) -> String {
        self.port.preview(envelope)
    }
}
