//! How far a log has been read.

use domain::address::BlobAddress;
use domain::digest::{self, hex};
use domain::past::past;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ports::{CheckpointKey, CheckpointKind, Fault, Piece};
use crate::stored::checkpoint::{Document, is_zero};

/// How far a log has been read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    schema: u32,
    account: String,
    container: String,
    name: String,
    /// Behind the last record that was read whole, in bytes.
    pub offset: u64,
    /// How many bytes there were when it was last looked at.
    pub size: u64,
    /// When it last had news, or was found.
    pub grown_at: Timestamp,
    /// The content when it was last looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// How many pieces of it went into quarantine.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pieces: u64,
    /// What stands before the offset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trail: Option<Trail>,
}

/// The last bytes before an offset. A log whose bytes there are others is another log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trail {
    /// How many bytes.
    pub length: u64,
    sha256: String,
}

/// The most bytes of a trail: longer than most records.
const TRAIL: usize = 4096;

impl Trail {
    /// Of the bytes up to an offset. `None` of no bytes.
    pub(super) fn of(before: &[u8]) -> Option<Self> {
        let last = &before[before.len().saturating_sub(TRAIL)..];
        (!last.is_empty()).then(|| Self { length: last.len() as u64, sha256: hex(&digest::of(&[last])) })
    }
}

impl Position {
    /// At the beginning of a log that was found at `now`.
    pub fn start(log: &BlobAddress, now: Timestamp) -> Self {
        Self {
            schema: Self::SCHEMA,
            account: log.account.as_str().to_owned(),
            container: log.container.as_str().to_owned(),
            name: log.name.as_str().to_owned(),
            offset: 0,
            size: 0,
            grown_at: now,
            etag: None,
            pieces: 0,
            trail: None,
        }
    }

    /// Where the bytes begin that show whether this is still the same log.
    pub(super) fn trail_from(&self) -> u64 {
        self.offset - self.trail.as_ref().map_or(0, |trail| trail.length.min(self.offset))
    }

    /// What of a piece was not read before, if reading goes on at `from`. `None` if it is of another log: a log only
    /// grows, and the bytes before the position stay.
    pub(super) fn fresh<'p>(&self, piece: &'p Piece, from: u64) -> Option<&'p [u8]> {
        if piece.size < self.size {
            return None;
        }
        let Some(trail) = self.trail.as_ref().filter(|_| from == self.trail_from() && from < self.offset) else {
            return Some(&piece.bytes);
        };
        let (before, fresh) = piece.bytes.split_at_checked(usize::try_from(trail.length).ok()?)?;
        (Trail::of(before).as_ref() == Some(trail)).then_some(fresh)
    }

    /// Begins anew, because another log is here now.
    pub(super) fn restart(&mut self) {
        (self.offset, self.size, self.trail) = (0, 0, None);
    }

    /// The log.
    pub fn log(&self) -> Result<BlobAddress, Fault> {
        BlobAddress::parse(&self.account, &self.container, &self.name)
            .map_err(|error| Fault::permanent("read the address of an audit log", error))
    }
}

impl Document for Position {
    const WHAT: &str = "position in an audit log";
    const SCHEMA: u32 = 1;

    fn schema(&self) -> u32 {
        self.schema
    }

    fn without_future(self, now: Timestamp) -> Self {
        let Self { schema, account, container, name, offset, size, grown_at, etag, pieces, trail } = self;
        // Its own hour still says how long it may grow.
        let grown_at = past(Some(grown_at), now).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { schema, account, container, name, offset, size, grown_at, etag, pieces, trail }
    }
}

/// The key of a log's checkpoint.
pub(super) fn key(kind: CheckpointKind, log: &BlobAddress) -> CheckpointKey {
    CheckpointKey { kind, name: format!("{}/{}/{}", log.account.as_str(), log.container.as_str(), log.name.as_str()) }
}
