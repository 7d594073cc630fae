//! What storage tells about a blob: the words of an event, and a look at the blob itself.

use std::sync::Arc;

use jiff::Timestamp;

use crate::sequencer::Sequencer;

/// The version of a blob's content, without quotes.
///
/// Storage writes it with quotes in headers and without in listings and some events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ETag(Arc<str>);

impl ETag {
    /// Takes the text and cuts the quotes that some sources leave on it.
    pub fn new(text: &str) -> Self {
        Self(text.trim_matches('"').into())
    }

    /// The bare text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an event says happened to a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobEvent {
    /// Where it stands among the events of this name.
    pub sequencer: Sequencer,
    /// When storage raised it.
    pub at: Timestamp,
    /// What happened.
    pub what: Happening,
}

/// The three things an event can say about a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// The content was written, for the first time or anew.
    Written {
        /// The content's version, where the event carries it.
        etag: Option<ETag>,
        /// The content's length in bytes.
        size: u64,
    },
    /// The blob was deleted, as far as told by this request.
    Deleted(Request),
    /// The blob moved to another access tier; which one, only the blob can tell.
    TierChanged,
}

impl Happening {
    /// A delete of which nobody knows whose it was.
    pub fn deleted() -> Self {
        Self::Deleted(Request::default())
    }

    /// Whether it was a delete, whoever's.
    pub fn is_delete(&self) -> bool {
        matches!(self, Self::Deleted(_))
    }
}

/// The call to storage behind an event, as the event tells of it: by this, storage's own log says who made it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The operation, such as `DeleteBlob`.
    pub api: Option<String>,
    /// The id that storage gave it.
    pub id: Option<String>,
    /// The id that the caller gave it.
    pub client_id: Option<String>,
}

/// The blob's properties at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobProperties {
    /// When this blob came to be, in whole seconds; a rewrite keeps it.
    pub created_at: Timestamp,
    /// When its content was last written, in whole seconds.
    pub last_modified: Timestamp,
    /// The content's version.
    pub etag: ETag,
    /// The content's length in bytes.
    pub size: u64,
    /// The access tier as storage names it (`Hot`, `Cool`, `Cold`, `Archive`); none where tiers do not exist.
    pub tier: Option<String>,
    /// The media type, as the writer gave it.
    pub content_type: Option<String>,
}

/// What a look at a blob's address showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A blob is there.
    Present(BlobProperties),
    /// No blob is there.
    Gone,
    /// The look failed for now; nothing is known.
    NotRead,
}

/// Cuts a timestamp to the whole second, as the catalogue shows times.
pub fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
