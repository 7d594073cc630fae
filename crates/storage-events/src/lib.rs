//! Decodes and encodes storage events, in both event schemas.
//!
//! Pure functions over bytes. [`decode`] never fails as a whole, so that one bad event does not affect its batch: each
//! element has its own result.
//!
//! The address of a blob is taken only from `topic` or `source` and from `subject`. `data.url` is ignored, because a
//! sender with access to the queue can write any address into it.

mod decode;
mod elements;
mod encode;
mod malformation;
mod place;
mod resource;
mod summary;
mod wire;

use std::borrow::Cow;

use domain::address::BlobAddress;
use domain::record::blob::BlobEvent;

pub use decode::decode;
pub use encode::encode_event_grid;
pub use malformation::Malformation;
pub use resource::{DecodedResource, decode_resources};
pub use summary::{DeadLetterMembers, EventSummary, event_summaries};

/// Result of decoding one element of a payload.
#[derive(Debug)]
pub enum DecodedEvent<'a> {
    /// A blob was written, deleted or moved to another tier.
    Blob(StorageEvent<'a>),
    /// The event is well formed but not handled.
    NotOurs(NotOurs),
    /// The element cannot be decoded; a retry does not help.
    Malformed {
        /// Reason.
        reason: Malformation,
        /// Exact bytes of the element in the payload.
        raw: &'a [u8],
    },
}

/// Event of storage about one blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageEvent<'a> {
    /// Id of the event; the same on every delivery.
    pub id: Cow<'a, str>,
    /// Address of the blob, not checked against the configuration.
    pub address: BlobAddress,
    /// Type of the blob.
    pub blob_type: BlobType,
    /// Kind and time of the change.
    pub event: BlobEvent,
    /// Further members of the event, for observability only. No decision depends on them.
    pub origin: Box<Origin<'a>>,
}

/// Origin of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin<'a> {
    /// Event type, as written by storage.
    pub kind: Cow<'a, str>,
    /// Resource that raised the event.
    pub resource: Cow<'a, str>,
    /// True for a CloudEvent 1.0.
    pub is_cloud_event: bool,
    /// W3C Trace Context of the producer, unverified.
    pub traceparent: Option<Cow<'a, str>>,
}

/// Type of a blob. Recordings are block blobs; the audit logs of bastions are append blobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobType {
    /// Written whole or in blocks; also assumed if the event does not name a type.
    Block,
    /// Grows at its end; only its creation raises an event.
    Append,
    /// Disk.
    Page,
}

/// Reason why a well-formed event is not handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotOurs {
    /// A type other than `BlobCreated`, `BlobDeleted` and `BlobTierChanged`.
    UnhandledType,
    /// Handshake of Event Grid, which the host answers.
    SubscriptionValidation,
    /// Array without events.
    EmptyBatch,
    /// The account name is invalid for a storage account, so no configuration contains it.
    ImpossibleAccount,
    /// The container name is invalid, so no configuration contains it.
    ImpossibleContainer,
}

impl NotOurs {
    /// Stable label under which such events are counted.
    pub fn label(self) -> &'static str {
        match self {
            Self::UnhandledType => "unhandled_type",
            Self::SubscriptionValidation => "subscription_validation",
            Self::EmptyBatch => "empty_batch",
            Self::ImpossibleAccount => "impossible_account",
            Self::ImpossibleContainer => "impossible_container",
        }
    }
}
