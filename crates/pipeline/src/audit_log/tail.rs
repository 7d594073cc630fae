//! Timer pass over all open logs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::address::{BlobAddress, ContainerAddress};
use domain::record::estate::{Bastion, BastionName, Estate};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use super::place::LogPlace;
use super::position::{LogCheckpoint, key};
use super::read_on::ReadOn;
use crate::access::AnnounceAccesses;
use crate::audit_log::{FindAuditLogs, MoveWatermark, ReadAuditLog, WatchAuditLogs};
use crate::deadline::MayGoOn;
use crate::ports::{Checkpoint, CheckpointKind, Checkpoints, Fault};
use crate::quarantine_input::QuarantineInput;
use crate::stored::checkpoint::decode;
use crate::stores::is_strange;
use crate::time::TimeSource;

/// Pieces or batches of a log per turn, after which the next log has its turn. Longer than the longest stretch without
/// a change of position.
const TURN: usize = 16;
/// Time after the log's hour, and after its last change, during which the log may still grow.
const GROWS_FOR: SignedDuration = SignedDuration::from_hours(3);

/// Counts of one pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tailed {
    /// Open logs found.
    pub logs: usize,
    /// Totals over all logs.
    pub read: ReadOn,
    /// Logs retired after they were read to their end.
    pub retired: usize,
    /// Logs and bastions that failed; a later pass retries them.
    pub failed: usize,
    /// True if the pass ended before all logs were read; the next pass continues.
    pub unfinished: bool,
}

/// Reads on in all audit logs.
pub struct TailAuditLogs {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) is_quiet: bool,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) quarantined: Arc<QuarantineInput>,
    pub(crate) audit_log: Arc<ReadAuditLog>,
    pub(crate) log_search: Arc<FindAuditLogs>,
    pub(crate) log_watch: Arc<WatchAuditLogs>,
    pub(crate) watermark_moves: Arc<MoveWatermark>,
    pub(crate) access_news: Arc<AnnounceAccesses>,
}

impl TailAuditLogs {
    /// Reads all open logs and searches for logs with a lost event.
    ///
    /// The pass checks `may_go_on` between pieces, so it ends before its invocation does. Returns an error if the open
    /// logs cannot be listed.
    pub fn tail<'a>(&'a self, may_go_on: MayGoOn<'a>) -> BoxFuture<'a, Result<Tailed, Fault>> {
        Box::pin(async move {
            self.time.ensure_time().await?;
            let begun = self.time.now();
            let mut tailed = Tailed::default();
            let found = self.find_all(&mut tailed).await;
            let left = self.read_all(&mut tailed, may_go_on).await?;
            if tailed.read.rejected > 0 || tailed.retired > 0 {
                self.quarantined.announce_pieces().await;
            }
            if !self.is_quiet {
                tailed.failed += self.access_news.announce_accesses(may_go_on).await?;
            }
            for bastion in &self.estate.bastions {
                let Some(container) = &bastion.audit_logs else { continue };
                let whole = !tailed.unfinished && !left.contains(container);
                let moved = match found.get(&bastion.name).filter(|_| whole) {
                    Some(since) => {
                        Some(self.watermark_moves.move_watermark(&bastion.name, *since, Some(begun), begun).await?)
                    }
                    None => None,
                };
                if self.is_quiet {
                    continue;
                }
                if let Err(fault) = self.log_watch.watch_log(bastion, container, moved).await {
                    tailed.failed += 1;
                    tracing::warn!(bastion = bastion.name.as_str(), %fault, "not checked if the audit log has stopped");
                }
            }
            Ok(tailed)
        })
    }

    /// Opens logs with a lost event. Returns the bastions whose logs are open, each with the time since which they are.
    async fn find_all(&self, tailed: &mut Tailed) -> BTreeMap<BastionName, Timestamp> {
        let mut found = BTreeMap::new();
        let containers = self.estate.bastions.iter().filter_map(|bastion| bastion.audit_logs.as_ref());
        let accesses = self.estate.access_log_containers();
        for container in containers.chain(&accesses).collect::<BTreeSet<_>>() {
            if let Err(fault) = self.log_search.find_changed_logs(container).await {
                tailed.failed += 1;
                warn_not_listed(container, &fault);
            }
        }
        for bastion in &self.estate.bastions {
            let Bastion { name, audit_logs: Some(container), .. } = bastion else {
                continue;
            };
            match self.log_search.find_logs(bastion, container).await {
                Ok(Some(since)) => drop(found.insert(name.clone(), since)),
                Ok(None) => tracing::debug!(bastion = name.as_str(), "no container with audit logs yet"),
                Err(fault) => {
                    tailed.failed += 1;
                    warn_not_listed(container, &fault);
                }
            }
        }
        found
    }

    /// Reads all open logs in turns, until all are read to their end or the deadline passes. Returns the containers
    /// with unread logs.
    async fn read_all(&self, tailed: &mut Tailed, may_go_on: MayGoOn<'_>) -> Result<BTreeSet<ContainerAddress>, Fault> {
        let (mut turns, mut left) = (self.turns().await?, BTreeSet::new());
        tailed.logs = turns.waiting.len();
        while let Some((name, checkpoint)) = turns.waiting.pop_front() {
            if !may_go_on() {
                tailed.unfinished = true;
                self.save_turn(&turns, &name).await?;
                return Ok(left);
            }
            let log =
                match decode::<LogCheckpoint>(&checkpoint.doc, self.time.now()).and_then(|position| position.log()) {
                    Ok(log) => log,
                    Err(fault) => {
                        (tailed.failed, tailed.unfinished) = (tailed.failed + 1, true);
                        tracing::warn!(log = name, %fault, "position in an audit log not readable");
                        continue;
                    }
                };
            let pieces = AtomicUsize::new(1);
            let has_turn = || may_go_on() && pieces.fetch_add(1, Ordering::Relaxed) < TURN;
            match self.tail_one(&log, checkpoint, &has_turn).await {
                Ok((read, retired)) => {
                    tailed.read.add(read);
                    tailed.retired += usize::from(retired);
                    if read.is_at_end {
                        continue;
                    }
                    if pieces.into_inner() > TURN
                        && let Some(open) = self.checkpoints.get(&key(CheckpointKind::OpenLog, &log)).await?
                    {
                        turns.waiting.push_back((name, open));
                    } else {
                        left.insert(log.container());
                    }
                }
                Err(fault) => {
                    left.insert(log.container());
                    tailed.failed += 1;
                    tracing::warn!(log = name, %fault, "audit log not read, the next pass goes on");
                }
            }
        }
        tailed.unfinished |= !left.is_empty() && !may_go_on();
        Ok(left)
    }

    async fn tail_one(
        &self,
        log: &BlobAddress,
        checkpoint: Checkpoint,
        may_go_on: MayGoOn<'_>,
    ) -> Result<(ReadOn, bool), Fault> {
        let read = self.audit_log.read_on(log, checkpoint, may_go_on).await?;
        let hour_ends = LogPlace::parse(log.name.as_str()).map(|place| place.hour_ends);
        let grows = |since: Timestamp| since.saturating_add(GROWS_FOR).is_ok_and(|until| until > self.time.now());
        if !read.is_at_end || hour_ends.is_some_and(grows) {
            return Ok((read, false));
        }
        let open = self.checkpoints.get(&key(CheckpointKind::OpenLog, log)).await?;
        let Some(open) = open else { return Ok((read, false)) };
        let position = decode::<LogCheckpoint>(&open.doc, self.time.now())?;
        let retires = !grows(position.grown_at);
        if retires {
            self.audit_log.retire_log(log, &open).await?;
        }
        Ok((read, retires))
    }
}

/// Logs a failed listing. A container in a different store is skipped: the check that detects such a store has logged
/// it once.
fn warn_not_listed(container: &ContainerAddress, fault: &Fault) {
    if !is_strange(fault) {
        tracing::warn!(%container, %fault, "audit logs not listed");
    }
}
