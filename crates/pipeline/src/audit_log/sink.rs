//! Separates the reading of a log from what its records mean.

use std::collections::BTreeMap;

use audit_log::LogFormat;
use domain::address::BlobAddress;
use domain::record::access::AccessLine;
use futures_util::future::BoxFuture;
use storage_log::{StorageFormat, StorageRecord};

use super::round::note_read;
use crate::access::{ApplyAccesses, line_of};
use crate::ports::Fault;

/// Blobs whose accesses are applied before the position is saved.
const BLOBS: usize = 64;

/// Takes the records of one format in batches. Each batch is stored before the position in the log is saved.
pub(super) trait LogSink: Sync {
    /// Format of the log.
    type Format: LogFormat;
    /// Records to be stored together.
    type Batch: Default + Send;

    /// Adds a record to the batch. Returns false for a record that does not concern the catalogue.
    fn take(
        &self,
        batch: &mut Self::Batch,
        record: &<Self::Format as LogFormat>::Record<'_>,
        log: &BlobAddress,
    ) -> bool;

    /// Returns true if the batch should be stored.
    fn is_full(&self, batch: &Self::Batch) -> bool;

    /// Stores the batch. Returns the number of changed sessions or recordings.
    fn store<'a>(&'a self, log: &'a BlobAddress, batch: Self::Batch) -> BoxFuture<'a, Result<usize, Fault>>;

    /// Notes that a log was read to its end for the first time. Returns false if nothing is noted of such logs.
    fn note_read<'a>(&'a self, log: &'a BlobAddress) -> BoxFuture<'a, Result<bool, Fault>>;
}

/// Sink of the accesses of recordings.
pub(super) struct AccessSink<'a> {
    pub accesses: &'a ApplyAccesses,
}

impl LogSink for AccessSink<'_> {
    type Format = StorageFormat;
    type Batch = BTreeMap<BlobAddress, Vec<AccessLine>>;

    fn take(&self, batch: &mut Self::Batch, record: &StorageRecord<'_>, log: &BlobAddress) -> bool {
        let Some((blob, line)) = line_of(record) else { return false };
        let bastion = self.accesses.bastion_of(&log.container(), &blob);
        let is_kept = bastion.is_some_and(|bastion| ApplyAccesses::is_kept(bastion, &line));
        if is_kept {
            batch.entry(blob).or_default().push(line);
        }
        is_kept
    }

    fn is_full(&self, batch: &Self::Batch) -> bool {
        batch.len() >= BLOBS
    }

    fn store<'a>(&'a self, _: &'a BlobAddress, batch: Self::Batch) -> BoxFuture<'a, Result<usize, Fault>> {
        Box::pin(self.accesses.apply_accesses(batch))
    }

    fn note_read<'a>(&'a self, log: &'a BlobAddress) -> BoxFuture<'a, Result<bool, Fault>> {
        let ApplyAccesses { checkpoints, time, .. } = self.accesses;
        Box::pin(async move { note_read(&**checkpoints, log, time.now()).await.map(|()| true) })
    }
}
