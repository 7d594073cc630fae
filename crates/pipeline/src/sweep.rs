//! A timer's pass over what is due: entries, forgotten deliveries, unannounced quarantine, poison, the ledger.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};

use crate::archivist::{Archivist, MayGoOn};
use crate::calibration::Rest;
use crate::outcome::Outcome;
use crate::ports::{Due, Fault, FaultKind};

/// How many entries are asked for at a time.
const PAGE: usize = 64;
/// How many names are worked on at the same time.
const AT_ONCE: usize = 8;
/// How often the chain of a ledger is verified that takes no facts.
const SOON: SignedDuration = SignedDuration::from_hours(1);

/// What one pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Entries that were due.
    pub due: usize,
    /// Sessions that were due.
    pub sessions: usize,
    /// Entries that changed.
    pub changed: usize,
    /// Entries and poison messages that could not be worked on now; they stay, and a later pass takes them up.
    pub failed: usize,
    /// Deliveries whose message had been lost.
    pub recalled: usize,
    /// Quarantined inputs of which nobody had heard.
    pub announced: usize,
    /// Poison messages that were moved into quarantine.
    pub rescued: usize,
    /// Facts that the ledger tells from now on.
    pub recorded: usize,
    /// Whether the pass ended before all was done; the next one goes on.
    pub unfinished: bool,
}

impl Archivist {
    /// Works on everything that is due now. Costs what is due, not what there is.
    ///
    /// `may_go_on` is asked between pages and between batches, so that a pass ends before its invocation does.
    pub fn sweep<'a>(&'a self, may_go_on: MayGoOn<'a>) -> BoxFuture<'a, Result<Swept, Fault>> {
        Box::pin(async move {
            self.hear_time().await?;
            let now = self.now();
            if let Err(fault) = self.learn_days(Rest::Kept, may_go_on).await {
                tracing::warn!(%fault, "days not learned, a later pass does it");
            }
            // None of the five waits for another to succeed.
            let due = self.work_on_due(now, may_go_on).await;
            let recalled = self.recall_forgotten().await;
            let poison = self.rescue_poison(may_go_on).await;
            let announced = self.announce_quarantined(may_go_on).await;
            let recorded = self.write_ledger(may_go_on).await;
            if recorded.as_ref().is_err_and(|fault| fault.kind == FaultKind::Refused) {
                // Perhaps its last lines cannot be relied on, of which people should not hear tomorrow only.
                if let Err(fault) = self.verify_ledger(SOON, may_go_on).await {
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

    /// Works on the sessions and entries that are due now, and leaves to others what else a sweep takes up.
    pub fn catch_up<'a>(&'a self, may_go_on: MayGoOn<'a>) -> BoxFuture<'a, Result<Swept, Fault>> {
        Box::pin(async move {
            self.learn_days(Rest::Broken, may_go_on).await?;
            self.work_on_due(self.now(), may_go_on).await
        })
    }

    async fn work_on_due(&self, now: Timestamp, may_go_on: MayGoOn<'_>) -> Result<Swept, Fault> {
        // Sessions first: what they know may settle an entry. Neither waits for the other to succeed.
        let sessions = self.sweep_sessions(now, may_go_on).await;
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
            let page = self.ports.catalogue.due(now, last.as_ref(), PAGE).await?;
            let Some(end) = page.last().copied() else { break };
            swept.due += page.len();
            stream::iter(page)
                .for_each_concurrent(AT_ONCE, |due| async move {
                    match self.revisit(due).await {
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

    pub(crate) async fn revisit(&self, due: Due) -> Result<Outcome, Fault> {
        let Some(loaded) = self.ports.catalogue.lives_of(due.id).await? else {
            return Ok(Outcome::Applied);
        };
        let Some(bastion) = loaded.lives.entry(due.id).map(|entry| entry.bastion.clone()) else {
            return Ok(Outcome::Applied);
        };
        self.reconsider(loaded, &bastion, None).await
    }
}
