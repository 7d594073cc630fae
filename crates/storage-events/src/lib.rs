//! Reads and writes the events that storage raises, in both event schemas.
//!
//! Pure: bytes in, meaning out. [`decode`] cannot fail as a whole, so one bad event never takes its batch
//! along: each element says for itself what it is.
//!
//! Where an event happened is read from `topic` or `source` and from `subject` alone. `data.url` is never
//! looked at: whoever can reach the queue can write any address into it.

mod decode;
mod elements;
mod encode;
mod glance;
mod malformation;
mod place;
mod resource;
mod wire;

use std::borrow::Cow;

use domain::address::BlobAddress;
use domain::blob::BlobEvent;

pub use decode::decode;
pub use encode::encode_event_grid;
pub use glance::{GivenUp, Glance, glance};
pub use malformation::Malformation;
pub use resource::{DecodedResource, decode_resources};

/// What one element of a payload turned out to be.
#[derive(Debug)]
pub enum Decoded<'a> {
    /// A blob was written, deleted or moved to another tier.
    Blob(StorageEvent<'a>),
    /// Well formed, and nothing for us.
    NotOurs(NotOurs),
    /// Cannot be understood; trying again would not help.
    Malformed {
        /// Why.
        reason: Malformation,
        /// The element's own bytes, exactly as they stand in the payload.
        raw: &'a [u8],
    },
}

/// What storage says happened to one blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageEvent<'a> {
    /// The event's id: the same when the event is delivered again.
    pub id: Cow<'a, str>,
    /// The blob, named as storage names it; not checked against any configuration.
    pub address: BlobAddress,
    /// What kind of blob it is.
    pub blob_type: BlobType,
    /// What happened, and when.
    pub event: BlobEvent,
    /// What the event says of itself besides, for whoever watches. Nothing is decided on it.
    pub origin: Box<Origin<'a>>,
}

/// What an event says of where it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin<'a> {
    /// Its type, in the words of storage.
    pub kind: Cow<'a, str>,
    /// The resource that raised it.
    pub resource: Cow<'a, str>,
    /// Whether it is a CloudEvent 1.0.
    pub is_cloud_event: bool,
    /// The W3C Trace Context of what made it, as somebody wrote it.
    pub traceparent: Option<Cow<'a, str>>,
}

/// The kind of a blob. Recordings are block blobs, the bastion's audit logs are append blobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobType {
    /// Written whole or in blocks; also what an event that does not say is taken for.
    Block,
    /// Grows at its end; only its creation raises an event.
    Append,
    /// A disk.
    Page,
}

/// Why a well-formed event is nothing for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotOurs {
    /// A type other than `BlobCreated`, `BlobDeleted` and `BlobTierChanged`.
    UnhandledType,
    /// Event Grid's handshake, which the host answers.
    SubscriptionValidation,
    /// An array without events.
    EmptyBatch,
    /// The account's name is one that no storage account can have, so it is in no configuration.
    ImpossibleAccount,
    /// The container's name is one that no container can have, so it is in no configuration.
    ImpossibleContainer,
}

impl NotOurs {
    /// The stable name under which such events are counted.
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
