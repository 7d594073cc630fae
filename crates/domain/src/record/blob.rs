//! Models blob events and blob properties, as reported by storage.

use std::sync::Arc;

use jiff::Timestamp;

use crate::record::sequencer::Sequencer;

/// ETag of a blob's content, without quotes.
///
/// Storage writes it with quotes in headers, and without in listings and some events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ETag(Arc<str>);

impl ETag {
    /// Creates an ETag from text and removes the quotes of some sources.
    pub fn new(text: &str) -> Self {
        Self(text.trim_matches('"').into())
    }

    /// Text without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Event of a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobEvent {
    /// Position among the events of this blob name.
    pub sequencer: Sequencer,
    /// Time at which storage raised the event.
    pub at: Timestamp,
    /// Kind of event.
    pub what: Happening,
}

/// Kinds of event about a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// The content was written, for the first time or again.
    Written {
        /// ETag of the content, if the event carries it.
        etag: Option<ETag>,
        /// Size of the content in bytes.
        size: u64,
    },
    /// The blob was deleted by this request, as far as known.
    Deleted(StorageRequest),
    /// The blob moved to another access tier. The event does not name the tier.
    TierChanged,
}

impl Happening {
    /// Returns a delete by an unknown request.
    pub fn deleted() -> Self {
        Self::Deleted(StorageRequest::default())
    }

    /// Returns true for a delete by any request.
    pub fn is_delete(&self) -> bool {
        matches!(self, Self::Deleted(_))
    }
}

/// Storage request behind an event. Its ids find the caller in the storage log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StorageRequest {
    /// Operation, such as `DeleteBlob`.
    pub api: Option<String>,
    /// Request id assigned by storage.
    pub id: Option<String>,
    /// Client request id assigned by the caller.
    pub client_id: Option<String>,
}

/// Properties of a blob at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobProperties {
    /// Creation time in whole seconds; a rewrite keeps it.
    pub created_at: Timestamp,
    /// Time of the last write, in whole seconds.
    pub last_modified: Timestamp,
    /// ETag of the content.
    pub etag: ETag,
    /// Size of the content in bytes.
    pub size: u64,
    /// Access tier (`Hot`, `Cool`, `Cold`, `Archive`). `None` if the account has no tiers.
    pub tier: Option<String>,
    /// Media type set by the writer.
    pub content_type: Option<String>,
}

/// Result of reading a blob's properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobObservation {
    /// The blob exists.
    Present(BlobProperties),
    /// The blob does not exist.
    Gone,
    /// The read failed for now, so nothing is known.
    NotRead,
}

/// Truncates a time to whole seconds, the precision of the catalogue.
pub fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
