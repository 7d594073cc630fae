//! Opens, reopens and retires audit logs.

use std::sync::Arc;

use domain::address::BlobAddress;
use domain::record::blob::BlobProperties;
use futures_util::future::BoxFuture;

use super::position::{LogCheckpoint, key};
use super::read_on::ReadOn;
use crate::audit_log::ReadAuditLog;
use crate::deadline::MayGoOn;
use crate::ports::{Checkpoint, CheckpointKind, Checkpoints, Fault};
use crate::stored::checkpoint::{decode, encode};
use crate::time::TimeSource;

/// Result of a blob event for a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landed {
    /// The log is open, and was read up to its current end.
    Read(ReadOn),
    /// The container holds no configured bastion's logs, or belongs to another store than the catalogue was made from.
    Foreign,
}

impl ReadAuditLog {
    /// Opens a new log and reads its current content.
    ///
    /// Returns an error if the log cannot be read or its position cannot be saved.
    pub fn log_landed<'a>(
        &'a self,
        log: &'a BlobAddress,
        may_go_on: MayGoOn<'a>,
    ) -> BoxFuture<'a, Result<Landed, Fault>> {
        Box::pin(async move {
            let container = log.container();
            let is_ours = self.estate.bastions_of_audit_logs(&container).next().is_some()
                || self.estate.bastions_of_access_logs(&container).next().is_some();
            if !is_ours || self.stores.is_strange(&container).await? {
                return Ok(Landed::Foreign);
            }
            match self.log_positions.open_log(log).await? {
                Some(open) => {
                    let read = self.read_on(log, open, may_go_on).await?;
                    if read.rejected > 0 {
                        self.quarantined.announce_pieces().await;
                    }
                    Ok(Landed::Read(read))
                }
                None => Ok(Landed::Read(ReadOn { is_at_end: true, ..ReadOn::default() })),
            }
        })
    }

    /// Retires a log read to its end.
    pub(super) async fn retire_log(&self, log: &BlobAddress, checkpoint: &Checkpoint) -> Result<(), Fault> {
        // The position stays before the incomplete record: if the log grows again, these bytes may turn out to be its
        // beginning.
        self.give_up_rest(log, &decode(&checkpoint.doc, self.time.now())?).await?;
        let (open, retired) = (key(CheckpointKind::OpenLog, log), key(CheckpointKind::RetiredLog, log));
        let before = self.checkpoints.get(&retired).await?.map(|before| before.version);
        self.checkpoints.save(&retired, before, &checkpoint.doc).await?;
        self.checkpoints.remove(&open, checkpoint.version).await.map(drop)
    }
}

/// Opens the saved position of each audit log.
pub struct AuditLogPositions {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) time: Arc<TimeSource>,
}

impl AuditLogPositions {
    /// Returns the position of an open log, and starts a new one if the log is unknown. Returns `None` if the log is
    /// retired.
    pub(super) async fn open_log(&self, log: &BlobAddress) -> Result<Option<Checkpoint>, Fault> {
        let (open, retired) = (key(CheckpointKind::OpenLog, log), key(CheckpointKind::RetiredLog, log));
        if let Some(checkpoint) = self.checkpoints.get(&open).await? {
            return Ok(Some(checkpoint));
        }
        if self.checkpoints.get(&retired).await?.is_some() {
            return Ok(None);
        }
        let doc = encode(&LogCheckpoint::start(log, self.time.now()))?;
        let saved = self.checkpoints.save(&open, None, &doc).await?;
        match saved {
            Some(version) => Ok(Some(Checkpoint { doc, version })),
            None => self.checkpoints.get(&open).await,
        }
    }

    /// Reopens a retired log if its content has changed since.
    pub(super) async fn reopen_log(&self, log: &BlobAddress, now: &BlobProperties) -> Result<(), Fault> {
        let (open, retired) = (key(CheckpointKind::OpenLog, log), key(CheckpointKind::RetiredLog, log));
        let Some(checkpoint) = self.checkpoints.get(&retired).await? else {
            return Ok(());
        };
        let mut position = decode::<LogCheckpoint>(&checkpoint.doc, self.time.now())?;
        let is_same = position.etag.as_deref().is_none_or(|etag| etag == now.etag.as_str());
        if position.size == now.size && is_same {
            return Ok(());
        }
        position.grown_at = self.time.now();
        let doc = encode(&position)?;
        self.checkpoints.save(&open, None, &doc).await?;
        self.checkpoints.remove(&retired, checkpoint.version).await.map(drop)
    }
}
