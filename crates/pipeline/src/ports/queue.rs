//! Port to message queues, with the semantics of Azure storage queues.

use async_trait::async_trait;
use domain::named;
use jiff::{SignedDuration, Timestamp};
use strum::{IntoStaticStr, VariantArray};

use super::Fault;

/// Longest time a message can be hidden.
pub const LONGEST_DELAY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Storage queues. Delivery is at least once and unordered.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Sends a message that becomes visible after `delay` (at most [`LONGEST_DELAY`]) and never expires.
    async fn send(&self, queue: QueueName, body: &str, delay: SignedDuration) -> Result<(), Fault>;

    /// Receives up to `limit` visible messages and hides them from other receivers for `hidden_for`.
    async fn receive(
        &self,
        queue: QueueName,
        limit: usize,
        hidden_for: SignedDuration,
    ) -> Result<Vec<QueueMessage>, Fault>;

    /// Makes a received message visible again after `delay`. Returns `false` if the receipt is no longer valid.
    async fn release(&self, queue: QueueName, receipt: &Receipt, delay: SignedDuration) -> Result<bool, Fault>;

    /// Deletes a received message. Returns `false` if the receipt is no longer valid.
    async fn delete(&self, queue: QueueName, receipt: &Receipt) -> Result<bool, Fault>;
}

/// Queues of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum QueueName {
    /// Storage events of recording containers.
    RecordingEvents,
    /// Poison queue of `recording-events`.
    RecordingEventsPoison,
    /// Storage events of audit log containers.
    AuditLogEvents,
    /// Poison queue of `audit-log-events`.
    AuditLogEventsPoison,
    /// One message per attempt to deliver a notification to a channel.
    Notifications,
    /// Poison queue of `notifications`.
    NotificationsPoison,
    /// One message per content to hash.
    Hashes,
    /// Poison queue of `hashes`.
    HashesPoison,
    /// Events of changed or deleted resources.
    ResourceEvents,
    /// Poison queue of `resource-events`.
    ResourceEventsPoison,
}

named!(QueueName: ALL, as_str);

impl QueueName {
    /// Returns the poison queue to which the host moves messages that failed too often. Returns `None` for a poison
    /// queue.
    pub fn poison(self) -> Option<Self> {
        match self {
            Self::RecordingEvents => Some(Self::RecordingEventsPoison),
            Self::AuditLogEvents => Some(Self::AuditLogEventsPoison),
            Self::Notifications => Some(Self::NotificationsPoison),
            Self::Hashes => Some(Self::HashesPoison),
            Self::ResourceEvents => Some(Self::ResourceEventsPoison),
            Self::RecordingEventsPoison
            | Self::AuditLogEventsPoison
            | Self::NotificationsPoison
            | Self::HashesPoison
            | Self::ResourceEventsPoison => None,
        }
    }

    /// Returns the function that processes this queue; for a poison queue, the function of its main queue.
    ///
    /// Input quarantined by the function carries this name as its origin.
    pub fn function(self) -> &'static str {
        match self {
            Self::RecordingEvents | Self::RecordingEventsPoison => "recording_landed",
            Self::AuditLogEvents | Self::AuditLogEventsPoison => "audit_log_landed",
            Self::Notifications | Self::NotificationsPoison => "notification_delivery",
            Self::Hashes | Self::HashesPoison => "recording_hash",
            Self::ResourceEvents | Self::ResourceEventsPoison => "resource_changed",
        }
    }
}

/// Proof of receiving a message; every receive returns a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Message id.
    pub id: String,
    /// Pop receipt of this receive.
    pub pop: String,
}

/// Received message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueMessage {
    /// Body as sent. If it is not in the queue's encoding, the raw text.
    pub body: String,
    /// True if the text is in the queue's encoding. The host moves any other message to the poison queue without
    /// calling its function.
    pub is_encoded: bool,
    /// Number of receives, this one included.
    pub dequeue_count: u32,
    /// Time of the send.
    pub inserted_at: Timestamp,
    /// Receipt to release or delete the message.
    pub receipt: Receipt,
}
