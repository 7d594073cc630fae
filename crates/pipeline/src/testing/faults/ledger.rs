//! Ledger behind a gate.

use async_trait::async_trait;
use domain::ledger::SegmentNumber;

use super::ports::Gated;
use crate::ports::{Appended, Extent, Fault, Ledger};

#[async_trait]
impl Ledger for Gated<dyn Ledger> {
    async fn segments(&self) -> Result<Vec<SegmentNumber>, Fault> {
        self.gate.pass("ledger.segments", self.port.segments()).await
    }

    async fn create(&self, segment: SegmentNumber) -> Result<(), Fault> {
        self.gate.pass("ledger.create", self.port.create(segment)).await
    }

    async fn extent(&self, segment: SegmentNumber) -> Result<Option<Extent>, Fault> {
        self.gate.pass("ledger.extent", self.port.extent(segment)).await
    }

    async fn read(&self, segment: SegmentNumber, from: u64, limit: usize) -> Result<Option<Vec<u8>>, Fault> {
        self.gate.pass("ledger.read", self.port.read(segment, from, limit)).await
    }

    async fn append(&self, segment: SegmentNumber, at: u64, block: &[u8]) -> Result<Appended, Fault> {
        self.gate.pass("ledger.append", self.port.append(segment, at, block)).await
    }
}
