//! A log has begun, or was found.

use domain::address::BlobAddress;
use futures_util::future::BoxFuture;

use super::position::{Position, key};
use super::read_on::ReadOn;
use crate::archivist::{Archivist, MayGoOn};
use crate::ports::{Checkpoint, CheckpointKind, Fault};
use crate::stored::checkpoint::{decode, encode};

/// What became of the news of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landed {
    /// It is read from now on, and was read as far as it goes.
    Read(ReadOn),
    /// No bastion's logs are there.
    Foreign,
}

impl Archivist {
    /// Takes in that a log is there: has it read from now on, and reads what is there.
    pub fn log_landed<'a>(
        &'a self,
        log: &'a BlobAddress,
        may_go_on: MayGoOn<'a>,
    ) -> BoxFuture<'a, Result<Landed, Fault>> {
        Box::pin(async move {
            if self.settings.estate.bastions_of_audit_logs(&log.container()).next().is_none() {
                return Ok(Landed::Foreign);
            }
            match self.open_log(log).await? {
                Some(open) => self.read_on(log, open, may_go_on).await.map(Landed::Read),
                None => Ok(Landed::Read(ReadOn { is_at_end: true, ..ReadOn::default() })),
            }
        })
    }

    /// The position in a log that may still grow, a new one where it was never seen. `None` where it has been read to
    /// its end and retired.
    pub(super) async fn open_log(&self, log: &BlobAddress) -> Result<Option<Checkpoint>, Fault> {
        let (open, retired) = (key(CheckpointKind::OpenLog, log), key(CheckpointKind::RetiredLog, log));
        if let Some(checkpoint) = self.ports.checkpoints.get(&open).await? {
            return Ok(Some(checkpoint));
        }
        if self.ports.checkpoints.get(&retired).await?.is_some() {
            return Ok(None);
        }
        let doc = encode(&Position::start(log, self.ports.clock.now()))?;
        let saved = self.ports.checkpoints.save(&open, None, &doc).await?;
        match saved {
            Some(version) => Ok(Some(Checkpoint { doc, version })),
            None => self.ports.checkpoints.get(&open).await,
        }
    }

    /// Takes a retired log up again, which has grown after all.
    pub(super) async fn reopen_log(&self, log: &BlobAddress, size: u64) -> Result<(), Fault> {
        let (open, retired) = (key(CheckpointKind::OpenLog, log), key(CheckpointKind::RetiredLog, log));
        let Some(checkpoint) = self.ports.checkpoints.get(&retired).await? else {
            return Ok(());
        };
        let mut position = decode::<Position>(&checkpoint.doc)?;
        if position.size == size {
            return Ok(());
        }
        position.grown_at = self.ports.clock.now();
        let doc = encode(&position)?;
        self.ports.checkpoints.save(&open, None, &doc).await?;
        self.ports.checkpoints.remove(&retired, checkpoint.version).await.map(drop)
    }

    /// Takes a log that has been read to its end from those that may still grow.
    pub(super) async fn retire_log(&self, log: &BlobAddress, checkpoint: &Checkpoint) -> Result<(), Fault> {
        let mut position = decode::<Position>(&checkpoint.doc)?;
        self.give_up_rest(log, &position).await?;
        // Whatever there was of it is given up, so reading goes on behind it.
        position.offset = position.size;
        let doc = encode(&position)?;
        let (open, retired) = (key(CheckpointKind::OpenLog, log), key(CheckpointKind::RetiredLog, log));
        let before = self.ports.checkpoints.get(&retired).await?.map(|before| before.version);
        self.ports.checkpoints.save(&retired, before, &doc).await?;
        self.ports.checkpoints.remove(&open, checkpoint.version).await.map(drop)
    }
}
