//! Steps of a backfill, in order: read the logs, list the containers, process what is due.

use domain::record::estate::{Bastion, BastionName, Estate};
use jiff::{SignedDuration, Timestamp};
use pipeline::audit_log::Tailed;
use pipeline::ports::Fault;
use pipeline::{Archivist, Ports, ReconcileScope, Reconciled, Swept};

use super::progress::BackfillProgress;

/// Logs are read from a day before the recordings, because sessions begin before their recordings end.
const LOGS_BEFORE: SignedDuration = SignedDuration::from_hours(24);
/// Number of passes without a change after which the rest stays due.
const IDLE_PASSES: usize = 2;
/// Number of equal passes after which the rest waits for time to pass. The clock of an inventory stands still, so a
/// recording that waits for a later listing would be asked again for ever.
const EQUAL_PASSES: usize = 16;

/// Passes over an estate.
pub(super) struct Passes<'a> {
    pub archivist: &'a Archivist,
    pub ports: &'a Ports,
    pub estate: Estate,
    pub scope: ReconcileScope,
}

/// Results of the passes.
#[derive(Debug, Default)]
pub(super) struct PassResults {
    pub tailed: Tailed,
    pub reconciled: Reconciled,
    /// Number of due items that could not be processed in the end.
    pub failed: usize,
}

impl Passes<'_> {
    /// Runs all passes. Logs come first, so recordings find their sessions at once.
    pub(super) async fn run(&self, progress: &BackfillProgress) -> Result<PassResults, Fault> {
        progress.phase("audit logs");
        let found = self.open_logs().await?;
        let tailed = self.archivist.tailing.tail(&|| true).await?;
        // Skipped after a failure: an unread log may name the person on a recording.
        for (bastion, from) in found.iter().filter(|_| tailed.failed == 0 && !tailed.unfinished) {
            self.archivist.watermark_moves.log_was_read_since(bastion, *from).await?;
        }
        progress.phase("recordings");
        let reconciled = self.archivist.reconciliation.reconcile_all(&self.scope, &|| true).await?;
        progress.phase("matching");
        let failed = self.catch_up(progress).await?;
        Ok(PassResults { tailed, reconciled, failed })
    }

    fn wanted(&self) -> impl Iterator<Item = &Bastion> {
        let only = self.scope.bastion.as_ref();
        self.estate.bastions.iter().filter(move |bastion| only.is_none_or(|only| *only == bastion.name))
    }

    /// Opens the logs in scope. Returns the bastions with logs, and the time from which on they have any.
    async fn open_logs(&self) -> Result<Vec<(BastionName, Timestamp)>, Fault> {
        let since = self.scope.since.filter(|_| self.ports.blobs.as_of().is_none());
        let since = since.map(|since| since.saturating_sub(LOGS_BEFORE).unwrap_or(since));
        let mut found = Vec::new();
        for bastion in self.wanted() {
            let Some(container) = &bastion.audit_logs else { continue };
            let from = self.archivist.log_search.find_logs_since(bastion, container, since).await?;
            found.extend(from.map(|from| (bastion.name.clone(), from)));
        }
        Ok(found)
    }

    /// Processes due items until none are left, none can be processed, or all wait for time to pass. Returns the number
    /// of failed items.
    async fn catch_up(&self, progress: &BackfillProgress) -> Result<usize, Fault> {
        let (mut equal, mut last) = (0, Swept::default());
        loop {
            let swept = self.archivist.due_work.catch_up(&|| true).await?;
            progress.swept(swept.due + swept.sessions);
            if swept.due + swept.sessions == swept.failed {
                return Ok(swept.failed);
            }
            equal = if swept == last { equal + 1 } else { 0 };
            if swept.changed == 0 && equal == IDLE_PASSES {
                return Ok(swept.due + swept.sessions);
            }
            if equal == EQUAL_PASSES {
                return Ok(swept.failed);
            }
            last = swept;
            // Stores on this machine never wait, so this is where a stop signal is noticed.
            tokio::task::yield_now().await;
        }
    }
}
