//! Timer pass over due entries and sessions, forgotten deliveries, unannounced quarantine, poison messages, and the
//! ledger.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};

use crate::calibration::{LearnCalibration, Rest};
use crate::deadline::MayGoOn;
use crate::deliver::RecoverDeliveries;
use crate::entries::UpdateEntries;
use crate::ledger::VerifyLedger;
use crate::outcome::{Outcome, Swept};
use crate::ports::{Catalogue, Due, Fault, FaultKind};
use crate::quarantine_input::QuarantineInput;
use crate::record::AppendLedger;
use crate::rescue::DrainPoisonQueues;
use crate::review::ReviewSessions;
use crate::time::TimeSource;

/// Entries per page.
const PAGE: usize = 64;
/// Concurrent names.
const AT_ONCE: usize = 8;
/// Interval between verifications of a ledger while it refuses facts.
const SOON: SignedDuration = SignedDuration::from_hours(1);

/// Works on everything due.
pub struct SweepDue {
    pub(crate) catalogue: Arc<dyn Catalogue>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) lost_deliveries: Arc<RecoverDeliveries>,
    pub(crate) ledger_queue: Arc<AppendLedger>,
    pub(crate) ledger_check: Arc<VerifyLedger>,
    pub(crate) learning: Arc<LearnCalibration>,
    pub(crate) entries: Arc<UpdateEntries>,
    pub(crate) quarantined: Arc<QuarantineInput>,
    pub(crate) poison: Arc<DrainPoisonQueues>,
    pub(crate) session_review: Arc<ReviewSessions>,
}

impl SweepDue {
    /// Works on everything due now. The cost depends on the due items, not on the size of the catalogue.
    ///
    /// The pass checks `may_go_on` between pages and batches, so it ends before its invocation does.
    pub fn sweep<'a>(&'a self, may_go_on: MayGoOn<'a>) -> BoxFuture<'a, Result<Swept, Fault>> {
        Box::pin(async move {
            self.time.ensure_time().await?;
            let now = self.time.now();
            if let Err(fault) = self.learning.learn_days(Rest::Kept, may_go_on).await {
                tracing::warn!(%fault, "days not learned, a later pass does it");
            }
            // An error in one of the five must not block the others.
            let due = self.work_on_due(now, may_go_on).await;
            let recalled = self.lost_deliveries.recall_forgotten().await;
            let poison = self.poison.drain_poison_queues(may_go_on).await;
            let announced = self.quarantined.announce_quarantined(may_go_on).await;
            let recorded = self.ledger_queue.write_ledger(may_go_on).await;
            if recorded.as_ref().is_err_and(|fault| fault.kind == FaultKind::Refused) {
                // The last lines of the ledger may be damaged, which should not go unreported until the daily
                // verification.
                if let Err(fault) = self.ledger_check.verify_ledger(SOON, may_go_on).await {
                    tracing::warn!(%fault, "ledger not verified, a later pass does it");
                }
            }
            let (due, poison, (announced, is_all)) = (due?, poison?, announced?);
            Ok(Swept {
                failed: due.failed + poison.failed,
                recalled: recalled?,
                announced,
                rescued: poison.rescued,
                recorded: recorded?,
                unfinished: due.unfinished || poison.unfinished || !is_all,
                ..due
            })
        })
    }

    /// Works on due sessions and entries only, without the other steps of a sweep. Learns marked days first, even if
    /// they rest. Returns an error if this or the listing of due items fails.
    pub fn catch_up<'a>(&'a self, may_go_on: MayGoOn<'a>) -> BoxFuture<'a, Result<Swept, Fault>> {
        Box::pin(async move {
            self.learning.learn_days(Rest::Broken, may_go_on).await?;
            self.work_on_due(self.time.now(), may_go_on).await
        })
    }

    async fn work_on_due(&self, now: Timestamp, may_go_on: MayGoOn<'_>) -> Result<Swept, Fault> {
        // Sessions first, because their result may settle an entry. An error of one must not block the other.
        let sessions = self.session_review.sweep_sessions(now, may_go_on).await;
        let entries = self.sweep_entries(now, may_go_on).await;
        let (sessions, entries) = (sessions?, entries?);
        Ok(Swept {
            sessions: sessions.sessions,
            failed: entries.failed + sessions.failed,
            unfinished: entries.unfinished || sessions.unfinished,
            ..entries
        })
    }

    async fn sweep_entries(&self, now: Timestamp, may_go_on: MayGoOn<'_>) -> Result<Swept, Fault> {
        let mut swept = Swept::default();
        let (changed, failed) = (&AtomicUsize::new(0), &AtomicUsize::new(0));
        let mut last: Option<Due> = None;
        loop {
            let page = self.catalogue.due(now, last.as_ref(), PAGE).await?;
            let Some(end) = page.last().copied() else {
                break;
            };
            swept.due += page.len();
            stream::iter(page)
                .for_each_concurrent(AT_ONCE, |due| async move {
                    match self.entries.revisit(due).await {
                        Ok(Outcome::Applied) => {
                            changed.fetch_add(1, Ordering::Relaxed);
                        }
                        Ok(Outcome::Ignored(_)) => {}
                        Err(fault) => {
                            failed.fetch_add(1, Ordering::Relaxed);
                            tracing::warn!(recording = %due.id, %fault, "entry stays due");
                        }
                    }
                })
                .await;
            last = Some(end);
            if !may_go_on() {
                swept.unfinished = true;
                break;
            }
        }
        Ok(Swept { changed: changed.load(Ordering::Relaxed), failed: failed.load(Ordering::Relaxed), ..swept })
    }
}
