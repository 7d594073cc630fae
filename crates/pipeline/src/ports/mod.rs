//! Ports of the use cases, one trait per role.
//!
//! Rules for a port: a lookup returns an `Option`; a lost race is a value, not an error; every error is a [`Fault`]
//! that names its object and the use of a retry; time comes only from [`Clock`]; for ports of
//! storage, a conformance suite in `pipeline::testing` defines the behaviour of every adapter.

use std::collections::BTreeMap;
use std::sync::Arc;

mod blob_store;
mod bundle_signer;
mod catalogue;
mod channel;
mod checkpoints;
mod clock;
mod configuration_source;
mod dead_letters;
pub mod discovery;
mod fault;
mod heading;
mod ledger;
mod lifecycle_policies;
mod live_sessions;
mod notifications;
mod outage;
pub mod posture;
mod quarantine;
mod queue;
mod sessions;
mod token_source;
mod words;

pub use blob_store::{BlobDelete, BlobPage, BlobStore, ListBlobs, ListedBlob, Piece, StorageTime, StoreId, TagWrite};
pub use bundle_signer::BundleSigner;
pub use catalogue::{Catalogue, Due, ListRequest, Loaded, NameRange, Version};
pub use channel::{Channel, ChannelMessage};
pub use checkpoints::{Checkpoint, CheckpointKey, CheckpointKind, Checkpoints};
pub use clock::Clock;
pub use configuration_source::{ConfigurationRead, ConfigurationSource, TaggedText};
pub use dead_letters::{DeadLetterFile, DeadLetters};
pub use discovery::Discovery;
pub use fault::{Fault, FaultKind, with_causes};
pub use heading::Heading;
pub use ledger::{Appended, Extent, Ledger};
pub use lifecycle_policies::{LifecyclePolicies, LifecyclePolicy};
pub use live_sessions::{Disconnected, LiveSession, LiveSessions};
pub use notifications::{GivenUpPosition, NotificationRecord, Notifications, Stored};
pub use outage::Outage;
pub use posture::Posture;
pub use quarantine::{Quarantine, QuarantineId, QuarantineNote, QuarantinedInput};
pub use queue::{LONGEST_DELAY, Queue, QueueMessage, QueueName, Receipt};
pub use sessions::{SessionChange, SessionListRequest, SessionPlace, Sessions};
pub use token_source::{BearerToken, TokenSource};
pub(crate) use words::beginnings;
pub use words::{cut, fold};

/// Notification channels by name.
pub type Channels = Arc<BTreeMap<String, Arc<dyn Channel>>>;

/// Adapters of all ports.
#[derive(Clone)]
pub struct Ports {
    /// Entries of the recordings.
    pub catalogue: Arc<dyn Catalogue>,
    /// Sessions from the audit logs.
    pub sessions: Arc<dyn Sessions>,
    /// Saved positions of every reader and pass.
    pub checkpoints: Arc<dyn Checkpoints>,
    /// Recordings and audit logs.
    pub blobs: Arc<dyn BlobStore>,
    /// Messages of the archivist to itself.
    pub queue: Arc<dyn Queue>,
    /// Notifications waiting for delivery.
    pub notifications: Arc<dyn Notifications>,
    /// Input that fails on every retry.
    pub quarantine: Arc<dyn Quarantine>,
    /// Append-only store, immutable afterwards.
    pub ledger: Arc<dyn Ledger>,
    /// Current time.
    pub clock: Arc<dyn Clock>,
}
