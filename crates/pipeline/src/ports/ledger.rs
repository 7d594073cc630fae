//! Where the ledger is written.

use async_trait::async_trait;
use domain::ledger::SegmentNumber;

use super::Fault;

/// Segments that bytes are added to at their end, and never changed or taken away.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// The segments that are there, in their order.
    async fn segments(&self) -> Result<Vec<SegmentNumber>, Fault>;

    /// Makes an empty segment unless it is there already.
    async fn create(&self, segment: SegmentNumber) -> Result<(), Fault>;

    /// How much a segment holds. `None` where it is not there.
    async fn extent(&self, segment: SegmentNumber) -> Result<Option<Extent>, Fault>;

    /// A piece of a segment: from byte `from` on, `limit` bytes, fewer only where it ends, none behind that. `None` where the
    /// segment is not there.
    async fn read(&self, segment: SegmentNumber, from: u64, limit: usize) -> Result<Option<Vec<u8>>, Fault>;

    /// Adds a block at the end of a segment that is there, if that is at byte `at`: all of it, or nothing. Where the
    /// answer is lost, the block may have been added. A crash may leave the beginning of it; behind half a line nothing
    /// is ever added.
    async fn append(&self, segment: SegmentNumber, at: u64, block: &[u8]) -> Result<Appended, Fault>;
}

/// How much a segment holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// How many bytes.
    pub size: u64,
    /// How many blocks, where the store limits their number; else 0.
    pub blocks: u64,
}

/// What came of adding a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It was added.
    Done,
    /// The segment ends elsewhere: somebody was first, perhaps ourselves.
    Moved,
    /// Nothing can ever be added to this segment again.
    Full,
}
