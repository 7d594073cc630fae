//! Port to the segments of the ledger.

use async_trait::async_trait;
use domain::record::ledger::SegmentNumber;

use super::Fault;

/// Append-only segments; existing bytes never change.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Returns the existing segments in ascending order.
    async fn segments(&self) -> Result<Vec<SegmentNumber>, Fault>;

    /// Creates an empty segment unless it exists.
    async fn create(&self, segment: SegmentNumber) -> Result<(), Fault>;

    /// Returns the extent of a segment, or `None` if the segment does not exist.
    async fn extent(&self, segment: SegmentNumber) -> Result<Option<Extent>, Fault>;

    /// Reads `limit` bytes of a segment from offset `from`; fewer at its end, none past it. Returns `None` if the
    /// segment does not exist.
    async fn read(&self, segment: SegmentNumber, from: u64, limit: usize) -> Result<Option<Vec<u8>>, Fault>;

    /// Appends a block to an existing segment if the segment ends at byte `at`: all of it or nothing. If the answer is
    /// lost, the block may have been appended. A crash may leave a prefix of the block; nothing is ever appended after
    /// a partial line.
    async fn append(&self, segment: SegmentNumber, at: u64, block: &[u8]) -> Result<Appended, Fault>;
}

/// Size of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Size in bytes.
    pub size: u64,
    /// Number of blocks if the store limits it, else 0.
    pub blocks: u64,
}

/// Result of an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// The block was appended.
    Done,
    /// The segment ends elsewhere: another writer was first, or an earlier attempt of this one.
    Moved,
    /// The segment accepts no further blocks.
    Full,
}
