//! A ledger that sometimes loses answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use domain::record::ledger::SegmentNumber;
use pipeline::ports::{Appended, Extent, Fault, Ledger};

/// Executes the next `lost` appends, but loses their answers.
pub struct Deaf {
    pub ledger: Arc<dyn Ledger>,
    pub lost: AtomicUsize,
    /// True if the adapter retries such an append and then sees that the end has moved.
    pub repeats: bool,
}

#[async_trait]
impl Ledger for Deaf {
    async fn segments(&self) -> Result<Vec<SegmentNumber>, Fault> {
        self.ledger.segments().await
    }

    async fn create(&self, segment: SegmentNumber) -> Result<(), Fault> {
        self.ledger.create(segment).await
    }

    async fn extent(&self, segment: SegmentNumber) -> Result<Option<Extent>, Fault> {
        self.ledger.extent(segment).await
    }

    async fn read(&self, segment: SegmentNumber, from: u64, limit: usize) -> Result<Option<Vec<u8>>, Fault> {
        self.ledger.read(segment, from, limit).await
    }

    async fn append(&self, segment: SegmentNumber, at: u64, block: &[u8]) -> Result<Appended, Fault> {
        let answer = self.ledger.append(segment, at, block).await;
        let is_lost = self.lost.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |lost| lost.checked_sub(1)).is_ok();
        if is_lost && self.repeats {
            return Ok(Appended::Moved);
        }
        if is_lost {
            Err(Fault::transient("append", "the answer is lost"))
        } else {
            answer
        }
    }
}
