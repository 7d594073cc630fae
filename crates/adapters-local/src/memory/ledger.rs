//! The ledger port in memory.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use domain::record::ledger::SegmentNumber;
use pipeline::ports::{Appended, Extent, Fault, Ledger};

use super::lock;

/// Default limit of blocks in a segment, as in a storage account.
const MOST_BLOCKS: u64 = 50_000;

/// Segments in an ordered map.
#[derive(Debug)]
pub struct MemoryLedger {
    segments: Mutex<BTreeMap<SegmentNumber, Segment>>,
    most_blocks: u64,
    /// Number of blocks each appended block counts for.
    weight: u64,
}

#[derive(Debug, Default)]
struct Segment {
    bytes: Vec<u8>,
    blocks: u64,
}

impl Default for MemoryLedger {
    fn default() -> Self {
        Self { segments: Mutex::default(), most_blocks: MOST_BLOCKS, weight: 1 }
    }
}

impl MemoryLedger {
    /// Creates a ledger whose segments take this many blocks.
    pub fn with_most_blocks(most_blocks: u64) -> Self {
        Self { most_blocks, ..Self::default() }
    }

    /// Creates a ledger in which each block counts for `weight` blocks, so few fill a segment.
    pub fn with_weight(weight: u64) -> Self {
        Self { weight, ..Self::default() }
    }

    /// Changes the bytes of a segment, as a party with more rights than the ledger's could.
    pub fn tamper(&self, segment: SegmentNumber, change: impl FnOnce(&mut Vec<u8>)) {
        change(&mut lock(&self.segments).entry(segment).or_default().bytes);
    }

    /// Removes a segment, as a party with such rights could.
    pub fn take_away(&self, segment: SegmentNumber) {
        lock(&self.segments).remove(&segment);
    }
}

#[async_trait]
impl Ledger for MemoryLedger {
    async fn segments(&self) -> Result<Vec<SegmentNumber>, Fault> {
        Ok(lock(&self.segments).keys().copied().collect())
    }

    async fn create(&self, segment: SegmentNumber) -> Result<(), Fault> {
        lock(&self.segments).entry(segment).or_default();
        Ok(())
    }

    async fn extent(&self, segment: SegmentNumber) -> Result<Option<Extent>, Fault> {
        let segments = lock(&self.segments);
        let found = segments.get(&segment);
        Ok(found.map(|found| Extent { size: found.bytes.len() as u64, blocks: found.blocks * self.weight }))
    }

    async fn read(&self, segment: SegmentNumber, from: u64, limit: usize) -> Result<Option<Vec<u8>>, Fault> {
        let segments = lock(&self.segments);
        Ok(segments.get(&segment).map(|Segment { bytes, .. }| {
            let from = usize::try_from(from).unwrap_or(usize::MAX).min(bytes.len());
            bytes[from..bytes.len().min(from.saturating_add(limit))].to_vec()
        }))
    }

    async fn append(&self, segment: SegmentNumber, at: u64, block: &[u8]) -> Result<Appended, Fault> {
        let mut segments = lock(&self.segments);
        let found = segments.get_mut(&segment);
        let found = found.ok_or_else(|| Fault::permanent(format!("append to segment {segment}"), "it is not there"))?;
        let is_torn = found.bytes.last().is_some_and(|last| *last != b'\n');
        Ok(if is_torn || found.blocks >= self.most_blocks {
            Appended::Full
        } else if found.bytes.len() as u64 != at {
            Appended::Moved
        } else {
            found.bytes.extend_from_slice(block);
            found.blocks += 1;
            Appended::Done
        })
    }
}
