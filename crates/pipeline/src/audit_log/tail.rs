//! A timer's pass over all logs that may still grow.

use std::collections::{BTreeMap, BTreeSet};

use domain::address::{BlobAddress, ContainerAddress};
use domain::estate::{Bastion, BastionName};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use super::place::LogPlace;
use super::position::{Position, key};
use super::read_on::ReadOn;
use crate::archivist::{Archivist, MayGoOn};
use crate::ports::{Checkpoint, CheckpointKind, Fault};
use crate::stored::checkpoint::decode;

/// How many positions are read at a time.
const PAGE: usize = 100;
/// How long after its hour, and after its last news, a log may still grow.
const GROWS_FOR: SignedDuration = SignedDuration::from_hours(3);

/// What one pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tailed {
    /// Logs that were looked at.
    pub logs: usize,
    /// What was read of them.
    pub read: ReadOn,
    /// Logs that were read to their end for good.
    pub retired: usize,
    /// Logs and bastions that could not be worked on now; a later pass takes them up.
    pub failed: usize,
    /// Whether the pass ended before all was read; the next one goes on.
    pub unfinished: bool,
}

impl Archivist {
    /// Reads on in every log that may still grow, and looks for those of which nobody told.
    ///
    /// `may_go_on` is asked between pieces, so that a pass ends before its invocation does.
    pub fn tail<'a>(&'a self, may_go_on: MayGoOn<'a>) -> BoxFuture<'a, Result<Tailed, Fault>> {
        Box::pin(async move {
            let begun = self.ports.clock.now();
            let mut tailed = Tailed::default();
            let found = self.find_all(&mut tailed).await;
            let left = self.read_all(&mut tailed, may_go_on).await?;
            for bastion in &self.settings.estate.bastions {
                let Some(container) = &bastion.audit_logs else { continue };
                let whole = !tailed.unfinished && !left.contains(container);
                if let Some(since) = found.get(&bastion.name).filter(|_| whole) {
                    self.mark(&bastion.name, |watermark| watermark.read(*since, begun)).await?;
                }
                if self.is_quiet {
                    continue;
                }
                if let Err(fault) = self.watch_log(bastion).await {
                    tailed.failed += 1;
                    tracing::warn!(bastion = bastion.name.as_str(), %fault, "not seen whether the audit log has stopped");
                }
            }
            Ok(tailed)
        })
    }

    /// Opens the logs of which nobody told. Gives the bastions whose logs are open now, and from when on.
    async fn find_all(&self, tailed: &mut Tailed) -> BTreeMap<BastionName, Timestamp> {
        let mut found = BTreeMap::new();
        for bastion in &self.settings.estate.bastions {
            let Bastion { name, audit_logs: Some(container), .. } = bastion else {
                continue;
            };
            match self.find_logs(bastion, container).await {
                Ok(Some(since)) => drop(found.insert(name.clone(), since)),
                Ok(None) => tracing::debug!(bastion = name.as_str(), "no container with audit logs yet"),
                Err(fault) => {
                    tailed.failed += 1;
                    tracing::warn!(bastion = name.as_str(), %fault, "audit logs not listed");
                }
            }
        }
        found
    }

    /// Reads on in all open logs. Gives the containers that have one that was not read to its end.
    async fn read_all(&self, tailed: &mut Tailed, may_go_on: MayGoOn<'_>) -> Result<BTreeSet<ContainerAddress>, Fault> {
        let (mut left, mut after) = (BTreeSet::new(), None::<String>);
        loop {
            let page = self.ports.checkpoints.list(CheckpointKind::OpenLog, after.as_deref(), PAGE).await?;
            let Some((last, _)) = page.last() else { return Ok(left) };
            after = Some(last.clone());
            for (name, checkpoint) in page {
                if !may_go_on() {
                    tailed.unfinished = true;
                    return Ok(left);
                }
                tailed.logs += 1;
                let log = decode::<Position>(&checkpoint.doc)?.log()?;
                let container = Some(log.container());
                match self.tail_one(&log, checkpoint, may_go_on).await {
                    Ok((read, retired)) => {
                        left.extend(container.filter(|_| !read.is_at_end));
                        tailed.read.add(read);
                        tailed.retired += usize::from(retired);
                    }
                    Err(fault) => {
                        left.extend(container);
                        tailed.failed += 1;
                        tracing::warn!(log = name, %fault, "audit log not read, the next pass goes on");
                    }
                }
            }
        }
    }

    async fn tail_one(
        &self,
        log: &BlobAddress,
        checkpoint: Checkpoint,
        may_go_on: MayGoOn<'_>,
    ) -> Result<(ReadOn, bool), Fault> {
        let read = self.read_on(log, checkpoint, may_go_on).await?;
        if !read.is_at_end {
            return Ok((read, false));
        }
        let open = self.ports.checkpoints.get(&key(CheckpointKind::OpenLog, log)).await?;
        let Some(open) = open else { return Ok((read, false)) };
        let position = decode::<Position>(&open.doc)?;
        let hour_ends = LogPlace::parse(log.name.as_str()).map(|place| place.hour_ends);
        let grows_until = hour_ends
            .max(Some(position.grown_at))
            .map_or(Timestamp::MIN, |at| at.saturating_add(GROWS_FOR).unwrap_or(Timestamp::MAX));
        let retires = grows_until <= self.ports.clock.now();
        if retires {
            self.retire_log(log, &open).await?;
        }
        Ok((read, retires))
    }
}
