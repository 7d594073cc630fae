//! Stored position in an audit log.

use domain::address::BlobAddress;
use domain::digest::{self, hex};
use domain::past::past;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ports::{CheckpointKey, CheckpointKind, Fault, Piece};
use crate::stored::Schema;
use crate::stored::checkpoint::{CheckpointDocument, is_zero};

/// Checkpoint of the reader of one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogCheckpoint {
    schema: Schema,
    account: String,
    container: String,
    name: String,
    /// Offset in bytes after the last complete record.
    pub offset: u64,
    /// Size in bytes at the last read.
    pub size: u64,
    /// Time of the last change, or of the discovery.
    pub grown_at: Timestamp,
    /// ETag at the last read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// Pieces of the log in quarantine.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pieces: u64,
    /// Fingerprint of the bytes before the offset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trail: Option<Trail>,
    /// True once it was noted that a log of accesses was read to its end.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_noted: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is given by serde")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Length and hash of the last bytes before an offset. If those bytes differ, the blob is another log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trail {
    /// Length in bytes.
    pub length: u64,
    sha256: String,
}

/// Maximum trail length in bytes: longer than most records.
const TRAIL: usize = 4096;

impl Trail {
    /// Computes the trail of the bytes before an offset. Returns `None` if there are no bytes.
    pub(super) fn from_preceding(before: &[u8]) -> Option<Self> {
        let last = &before[before.len().saturating_sub(TRAIL)..];
        (!last.is_empty()).then(|| Self { length: last.len() as u64, sha256: hex(&digest::hash_parts(&[last])) })
    }
}

impl LogCheckpoint {
    /// Starts at the beginning of a log found at `now`.
    pub fn start(log: &BlobAddress, now: Timestamp) -> Self {
        Self {
            schema: Schema,
            account: log.account.as_str().to_owned(),
            container: log.container.as_str().to_owned(),
            name: log.name.as_str().to_owned(),
            offset: 0,
            size: 0,
            grown_at: now,
            etag: None,
            pieces: 0,
            trail: None,
            is_noted: false,
        }
    }

    /// Returns the offset of the trail, at which a read must begin to verify the log.
    pub(super) fn trail_from(&self) -> u64 {
        self.offset - self.trail.as_ref().map_or(0, |trail| trail.length.min(self.offset))
    }

    /// Returns the unread bytes of a piece read at `from`. Returns `None` if the piece is of another log: a log only
    /// grows, and the bytes before the position never change.
    pub(super) fn fresh<'p>(&self, piece: &'p Piece, from: u64) -> Option<&'p [u8]> {
        if piece.size < self.size {
            return None;
        }
        let Some(trail) = self.trail.as_ref().filter(|_| from == self.trail_from() && from < self.offset) else {
            return Some(&piece.bytes);
        };
        let (before, fresh) = piece.bytes.split_at_checked(usize::try_from(trail.length).ok()?)?;
        (Trail::from_preceding(before).as_ref() == Some(trail)).then_some(fresh)
    }

    /// Resets the position because another log has replaced this one.
    pub(super) fn restart(&mut self) {
        (self.offset, self.size, self.trail) = (0, 0, None);
    }

    /// Returns the address of the log, or an error if the stored address is invalid.
    pub fn log(&self) -> Result<BlobAddress, Fault> {
        BlobAddress::parse(&self.account, &self.container, &self.name)
            .map_err(|error| Fault::permanent("read the address of an audit log", error))
    }
}

impl CheckpointDocument for LogCheckpoint {
    const WHAT: &str = "position in an audit log";

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, account, container, name, offset, size, grown_at, etag, pieces, trail, is_noted } = self;
        // The hour in the log's name still limits how long the log may grow.
        let grown_at = past(Some(grown_at), now).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { schema, account, container, name, offset, size, grown_at, etag, pieces, trail, is_noted }
    }
}

/// Returns the checkpoint key of a log.
pub(super) fn key(kind: CheckpointKind, log: &BlobAddress) -> CheckpointKey {
    CheckpointKey { kind, name: format!("{}/{}/{}", log.account.as_str(), log.container.as_str(), log.name.as_str()) }
}
