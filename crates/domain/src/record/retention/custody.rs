//! Keeps the retention, holds and disposition of an entry.

use jiff::Timestamp;

use super::disposal::{Disposal, Tombstone};
use super::stay::Retention;
use crate::record::blob::ETag;
use crate::record::hold::CarriedHold;
use crate::record::ledger::Sha256;
use crate::record::recording_id::RecordingId;

/// Hash of one content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// ETag of the content.
    pub etag: ETag,
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of the content.
    pub sha256: Sha256,
    /// Number of changes of the content that later hashes of the recording have shown. `None` if the first hash was
    /// stored before changes were counted.
    pub altered: Option<u32>,
}

impl Fingerprint {
    /// Creates the first hash of a recording.
    pub fn new(etag: ETag, size: u64, sha256: Sha256) -> Self {
        Self { etag, size, sha256, altered: Some(0) }
    }

    /// Returns this hash as the successor of an earlier one of the same recording.
    #[must_use]
    pub fn following(self, earlier: Option<&Self>) -> Self {
        let altered = match earlier {
            None => Some(0),
            Some(earlier) => {
                let change = u32::from(earlier.sha256 != self.sha256);
                earlier.altered.map(|count| count.saturating_add(change))
            }
        };
        Self { altered, ..self }
    }
}

/// Hold tag written by others: none of our holds explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignHold {
    /// Value of the tag.
    pub value: String,
    /// Time at which the hold was first seen.
    pub since: Timestamp,
}

/// Retention, holds and disposition of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Custody {
    /// Present retention. `None` until the recording is final, and without a policy. A restored recording keeps its
    /// earlier retention.
    pub retention: Option<Retention>,
    /// Class assigned by a person.
    pub given_class: Option<String>,
    /// Content hash recorded in the ledger.
    pub fingerprint: Option<Fingerprint>,
    /// Entries of earlier blobs with the same content, from which this recording was restored.
    pub returned_from: Vec<RecordingId>,
    /// Entries of earlier blobs of this name that may have had the same content, as long as a hash is missing.
    pub perhaps_returned_from: Vec<RecordingId>,
    /// Legal holds on the recording, ordered by id.
    pub holds: Vec<CarriedHold>,
    /// Foreign hold in the tags. It keeps the recording like a legal hold.
    pub foreign_hold: Option<ForeignHold>,
    /// Progress of the disposition.
    pub disposal: Option<Disposal>,
    /// Time since which an observed blob is missing without a delete event.
    pub missing_since: Option<Timestamp>,
    /// Record of the deletion.
    pub tombstone: Option<Tombstone>,
}

impl Custody {
    /// Returns true if a legal hold covers or may cover the recording, or its tags carry a foreign hold.
    pub fn is_held(&self) -> bool {
        !self.holds.is_empty() || self.foreign_hold.is_some()
    }
}
