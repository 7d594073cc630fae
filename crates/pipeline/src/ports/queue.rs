//! Queues of messages, with the rules of storage queues.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::Fault;

/// Longest time for which a message can be hidden.
pub const LONGEST_DELAY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Storage queues. At least once, in no order.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Adds a message that becomes visible after `delay` (at most [`LONGEST_DELAY`]) and never expires.
    async fn send(&self, queue: QueueName, body: &str, delay: SignedDuration) -> Result<(), Fault>;

    /// Takes up to `limit` visible messages and hides them from others for `hidden_for`.
    async fn receive(
        &self,
        queue: QueueName,
        limit: usize,
        hidden_for: SignedDuration,
    ) -> Result<Vec<QueueMessage>, Fault>;

    /// Makes a taken message visible again after `delay`. False when the receipt is no longer valid.
    async fn release(&self, queue: QueueName, receipt: &Receipt, delay: SignedDuration) -> Result<bool, Fault>;

    /// Removes a taken message. False when the receipt is no longer valid.
    async fn delete(&self, queue: QueueName, receipt: &Receipt) -> Result<bool, Fault>;
}

/// The queues there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QueueName {
    /// Storage events of recording containers.
    RecordingEvents,
    /// What the host gave up on in `recording-events`.
    RecordingEventsPoison,
    /// Storage events of containers with audit logs.
    AuditLogEvents,
    /// What the host gave up on in `audit-log-events`.
    AuditLogEventsPoison,
    /// One message per attempt to deliver one notification to one channel.
    Notifications,
    /// What the host gave up on in `notifications`.
    NotificationsPoison,
    /// One message per content that is to be hashed.
    Hashes,
    /// What the host gave up on in `hashes`.
    HashesPoison,
    /// Events of resources that were changed or deleted.
    ResourceEvents,
    /// What the host gave up on in `resource-events`.
    ResourceEventsPoison,
}

impl QueueName {
    /// Every queue.
    pub const ALL: [Self; 10] = [
        Self::RecordingEvents,
        Self::RecordingEventsPoison,
        Self::AuditLogEvents,
        Self::AuditLogEventsPoison,
        Self::Notifications,
        Self::NotificationsPoison,
        Self::Hashes,
        Self::HashesPoison,
        Self::ResourceEvents,
        Self::ResourceEventsPoison,
    ];

    /// The name in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RecordingEvents => "recording-events",
            Self::RecordingEventsPoison => "recording-events-poison",
            Self::AuditLogEvents => "audit-log-events",
            Self::AuditLogEventsPoison => "audit-log-events-poison",
            Self::Notifications => "notifications",
            Self::NotificationsPoison => "notifications-poison",
            Self::Hashes => "hashes",
            Self::HashesPoison => "hashes-poison",
            Self::ResourceEvents => "resource-events",
            Self::ResourceEventsPoison => "resource-events-poison",
        }
    }

    /// Where the host puts messages of this queue that failed too often. `None` for a poison queue.
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

    /// The function that takes from this queue. Of a poison queue, the one whose messages the host gave up on.
    ///
    /// What the function puts into quarantine bears this name as its origin.
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

/// Proof of having taken a message; every taking gives a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The message.
    pub id: String,
    /// This taking of it.
    pub pop: String,
}

/// A message that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueMessage {
    /// What was sent. A text that is not in the queue's encoding is given as it stands there.
    pub body: String,
    /// Whether the text was in the queue's encoding. The host gives up any other without calling its function.
    pub is_encoded: bool,
    /// How often it was taken, this time included.
    pub dequeue_count: u32,
    /// When it was sent.
    pub inserted_at: Timestamp,
    /// The proof of having taken it.
    pub receipt: Receipt,
}
