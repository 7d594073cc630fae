//! All ports behind a gate.

use std::sync::Arc;

use async_trait::async_trait;
use domain::address::{BlobAddress, ContainerAddress};
use domain::policy::retention::Warrant;
use domain::record::blob::{BlobProperties, ETag};
use domain::record::catalogue::Entry;
use domain::record::delivery::ChannelAnswer;
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::ledger::SegmentNumber;
use domain::record::notification::NotificationId;
use domain::record::recording_id::RecordingId;
use domain::record::session::{IndexKey, SessionEntry, SessionId, TimeSpan};
use domain::record::tags::TagSet;
use jiff::{SignedDuration, Timestamp};

use super::Gate;
use crate::ports::{
    Appended, BlobDelete, BlobPage, BlobStore, Catalogue, Channel, ChannelMessage, Checkpoint, CheckpointKey,
    CheckpointKind, Checkpoints, DeadLetterFile, DeadLetters, Due, Extent, Fault, GivenUpPosition, Heading, Ledger,
    ListBlobs, ListRequest, Loaded, NameRange, NotificationRecord, Notifications, Piece, Ports, Quarantine,
    QuarantineId, QuarantineNote, QuarantinedInput, Queue, QueueMessage, QueueName, Receipt, SessionChange,
    SessionListRequest, SessionPlace, Sessions, StorageTime, StoreId, Stored, TagWrite, Version,
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

    /// Returns the channel behind this gate. A lost answer becomes [`ChannelAnswer::TryLater`].
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

struct Gated<P: ?Sized> {
    gate: Arc<Gate>,
    port: Arc<P>,
}

/// Implements a port for a gate before it. Each listed method passes the gate under its name, as in `catalogue.save`;
/// the methods in the second braces do not.
macro_rules! gated {
    ($port:ident, $name:literal, {
        $($method:ident($($arg:ident: $type:ty),*) -> $found:ty;)+
    } $(, { $($free:tt)+ })?) => {
        #[async_trait]
        impl $port for Gated<dyn $port> {
            $(async fn $method(&self, $($arg: $type),*) -> Result<$found, Fault> {
                self.gate.pass(concat!($name, ".", stringify!($method)), self.port.$method($($arg),*)).await
            })+
            $($($free)+)?
        }
    };
}

gated!(Catalogue, "catalogue", {
    lives(address: &BlobAddress) -> Loaded;
    lives_of(id: RecordingId) -> Option<Loaded>;
    by_name(range: &NameRange<'_>) -> Vec<Entry>;
    save(before: &Loaded, changed: &[Entry]) -> Option<Version>;
    list(request: &ListRequest) -> Vec<Entry>;
    words(prefix: &str, limit: usize) -> Vec<Heading>;
    near(bastion: &BastionName, keys: &[JoinKey], created: TimeSpan, limit: usize) -> Vec<Entry>;
    due(until: Timestamp, after: Option<&Due>, limit: usize) -> Vec<Due>;
    disposals(until: Timestamp, after: Option<&Due>, limit: usize) -> Vec<Due>;
});

gated!(BlobStore, "blobs", {
    properties(at: &BlobAddress) -> Option<BlobProperties>;
    list(request: ListBlobs<'_>) -> Option<BlobPage>;
    read(at: &BlobAddress, from: u64, limit: usize, etag: Option<&ETag>) -> Option<Piece>;
    tags(at: &BlobAddress) -> Option<TagSet>;
    replace_tags(at: &BlobAddress, tags: &TagSet, etag: &ETag, read: &TagSet) -> TagWrite;
    delete(warrant: &Warrant) -> BlobDelete;
}, {
    fn time(&self) -> StorageTime {
        self.port.time()
    }

    async fn identity(&self, container: &ContainerAddress) -> Result<Option<StoreId>, Fault> {
        // Adapters answer from their setup, so this call cannot fail.
        self.port.identity(container).await
    }

    fn as_of(&self) -> Option<Timestamp> {
        self.port.as_of()
    }
});

gated!(Queue, "queue", {
    send(queue: QueueName, body: &str, delay: SignedDuration) -> ();
    receive(queue: QueueName, limit: usize, hidden_for: SignedDuration) -> Vec<QueueMessage>;
    release(queue: QueueName, receipt: &Receipt, delay: SignedDuration) -> bool;
    delete(queue: QueueName, receipt: &Receipt) -> bool;
});

gated!(Notifications, "notifications", {
    add(record: &NotificationRecord) -> bool;
    get(id: &NotificationId) -> Option<Stored>;
    save(before: &Stored, record: &NotificationRecord) -> Option<Version>;
    forgotten(until: Timestamp, limit: usize) -> Vec<Stored>;
    given_up(since: Timestamp, after: Option<&GivenUpPosition>, limit: usize) -> Vec<Stored>;
});

gated!(Quarantine, "quarantine", {
    put(input: &QuarantinedInput) -> ();
    get(id: &QuarantineId) -> Option<QuarantinedInput>;
    since(since: Timestamp, limit: usize) -> Vec<QuarantineNote>;
    behind(last: &QuarantineNote, limit: usize) -> Vec<QuarantineNote>;
    unannounced(limit: usize) -> Vec<QuarantineNote>;
    announced(ids: &[QuarantineId]) -> ();
    remove(id: &QuarantineId) -> ();
});

#[async_trait]
impl Channel for Gated<dyn Channel> {
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer {
        let sent = async { Ok(self.port.send(envelope).await) };
        self.gate.pass("channel.send", sent).await.unwrap_or_else(|fault| ChannelAnswer::TryLater {
            reason: fault.to_string(),
            retry_after: None,
            overloaded: false,
        })
    }

    fn preview(&self, envelope: &ChannelMessage<'_>) -> String {
        self.port.preview(envelope)
    }
}

gated!(Sessions, "sessions", {
    load(ids: &[SessionId]) -> Vec<SessionEntry>;
    save(changes: &[SessionChange]) -> Vec<bool>;
    near(bastion: &BastionName, keys: &[IndexKey], within: TimeSpan, limit: usize) -> Vec<SessionEntry>;
    list(request: &SessionListRequest) -> Vec<SessionEntry>;
    due(until: Timestamp, after: Option<&SessionPlace>, limit: usize) -> Vec<SessionPlace>;
});

gated!(Checkpoints, "checkpoints", {
    get(key: &CheckpointKey) -> Option<Checkpoint>;
    save(key: &CheckpointKey, before: Option<Version>, doc: &str) -> Option<Version>;
    remove(key: &CheckpointKey, before: Version) -> bool;
    list(kind: CheckpointKind, after: Option<&str>, limit: usize) -> Vec<(String, Checkpoint)>;
});

gated!(Ledger, "ledger", {
    segments() -> Vec<SegmentNumber>;
    create(segment: SegmentNumber) -> ();
    extent(segment: SegmentNumber) -> Option<Extent>;
    read(segment: SegmentNumber, from: u64, limit: usize) -> Option<Vec<u8>>;
    append(segment: SegmentNumber, at: u64, block: &[u8]) -> Appended;
});

gated!(DeadLetters, "dead_letters", {
    list(after: Option<&str>, limit: usize) -> Vec<DeadLetterFile>;
    read(name: &str) -> Option<Vec<u8>>;
    remove(name: &str) -> ();
});
