//! What an entry knows of how its recording stays and goes.

use jiff::Timestamp;

use super::disposal::{Disposal, Tombstone};
use super::resolve::Retention;
use crate::blob::ETag;
use crate::hold::Held;
use crate::ledger::Sha256;
use crate::recording_id::RecordingId;

/// A content, by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// The version of the content.
    pub etag: ETag,
    /// Its length in bytes.
    pub size: u64,
    /// Its hash.
    pub sha256: Sha256,
}

/// A hold in the tags of a blob that somebody else wrote: no hold of ours explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignHold {
    /// The value of the tag.
    pub value: String,
    /// When it was first seen.
    pub since: Timestamp,
}

/// How a recording stays, and how it goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Custody {
    /// How long it stays. `None` until it is final, but where it was promised of what somebody brought back, and where there
    /// is no policy.
    pub retention: Option<Retention>,
    /// The class that a person gave it.
    pub given_class: Option<String>,
    /// The content that the ledger tells of.
    pub fingerprint: Option<Fingerprint>,
    /// The deleted lives whose very content it is: somebody brought it back.
    pub returned_from: Vec<RecordingId>,
    /// The legal holds that cover it, in the order of their ids.
    pub holds: Vec<Held>,
    /// The hold that somebody else wrote into its tags. It keeps the recording like a legal hold.
    pub foreign_hold: Option<ForeignHold>,
    /// How far it has come on its way out.
    pub disposal: Option<Disposal>,
    /// Since when the blob, which had been seen, is not there any more, and nobody has told of a delete.
    pub missing_since: Option<Timestamp>,
    /// By which right it was deleted.
    pub tombstone: Option<Tombstone>,
}

impl Custody {
    /// Whether a legal hold covers the recording or may, or its tags carry a hold that somebody else wrote.
    pub fn is_held(&self) -> bool {
        !self.holds.is_empty() || self.foreign_hold.is_some()
    }
}
