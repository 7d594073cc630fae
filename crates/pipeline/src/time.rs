//! Selects the time for decisions: the local clock, unless storage contradicts it.

use std::sync::Arc;

use domain::decide::posture::{Check, check_clock};
use domain::past::SKEW;
use domain::record::estate::Estate;
use jiff::Timestamp;

use crate::ports::{BlobStore, Clock, Fault, ListBlobs, StorageTime};

/// The time for decisions: the local clock, unless storage contradicts it.
pub struct TimeSource {
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) estate: Arc<Estate>,
}

impl Clock for TimeSource {
    fn now(&self) -> Timestamp {
        Self::now(self)
    }
}

impl TimeSource {
    /// Returns the current time: storage's if the local clock differs from it by more than [`SKEW`].
    pub(crate) fn now(&self) -> Timestamp {
        match self.blobs.time() {
            StorageTime::Known(theirs) => theirs_if_wrong(self.clock.now(), theirs),
            StorageTime::NoClock | StorageTime::NotReceived => self.clock.now(),
        }
    }

    /// Asks storage for its time, if it has one and has not answered yet. Every pass that stores times calls this
    /// first.
    pub(crate) async fn ensure_time(&self) -> Result<(), Fault> {
        if self.blobs.time() != StorageTime::NotReceived {
            return Ok(());
        }
        let mut last = Ok(());
        for bastion in &self.estate.bastions {
            for container in bastion.recordings.iter().chain(&bastion.audit_logs) {
                // A refused request returns the time as well.
                last = self.blobs.list(ListBlobs::first(container, 1)).await.map(drop);
                if self.blobs.time() != StorageTime::NotReceived {
                    return Ok(());
                }
            }
        }
        last
    }

    pub(crate) async fn compare_clocks(&self) -> Result<Clocks, Fault> {
        self.ensure_time().await?;
        let ours = self.clock.now();
        let theirs = match self.blobs.time() {
            StorageTime::NoClock => return Ok(Clocks::Agree(ours)),
            StorageTime::NotReceived => {
                return Err(Fault::transient(OBJECT, "the time of storage is not known yet"));
            }
            StorageTime::Known(theirs) => theirs,
        };
        if ours.duration_since(theirs).abs() <= SKEW {
            return Ok(Clocks::Agree(ours));
        }
        Ok(Clocks::Differ { check: check_clock(theirs, ours), theirs })
    }
}

/// Comparison of the local clock with storage.
pub(crate) enum Clocks {
    /// Both agree, or storage has no time.
    Agree(Timestamp),
    /// Both differ by more than [`SKEW`].
    Differ { check: Check, theirs: Timestamp },
}

pub(crate) const OBJECT: &str = "decide on deletions";

fn theirs_if_wrong(ours: Timestamp, theirs: Timestamp) -> Timestamp {
    if ours.duration_since(theirs).abs() > SKEW { theirs } else { ours }
}
