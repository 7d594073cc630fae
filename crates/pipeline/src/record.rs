//! Queues facts and appends them to the ledger in batches.

use std::sync::Arc;

use domain::record::ledger::LedgerFact;

use crate::deadline::MayGoOn;
use crate::ledger;
use crate::ports::{CheckpointKey, CheckpointKind, Checkpoints, Fault, Ledger};
use crate::stored::fact::{decode, encode};
use crate::time::TimeSource;

/// Facts per batch: the maximum lines of a ledger block.
const TOGETHER: usize = 1_000;

/// Queues facts and appends them to the ledger in batches.
pub struct AppendLedger {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) time: Arc<TimeSource>,
}

impl AppendLedger {
    /// Queues a fact for the next pass. Idempotent.
    pub(crate) async fn record(&self, fact: &LedgerFact) -> Result<(), Fault> {
        let object = || format!("record fact {}", fact.id);
        let text = encode(fact).map_err(|error| error.fault(object()))?;
        self.checkpoints.save(&key(&fact.id.to_string()), None, &text).await.map(drop)
    }

    /// Appends the queued facts to the ledger. Returns how many.
    ///
    /// Facts leave the queue after the append. After a crash in between they are appended again; the ledger skips such
    /// duplicates, or a verification accepts them.
    pub(crate) async fn write_ledger(&self, may_go_on: MayGoOn<'_>) -> Result<usize, Fault> {
        let mut recorded = 0;
        // Check the clock first: line times never decrease, so a time in the future would date all later lines.
        self.time.ensure_time().await?;
        loop {
            let waiting = self.checkpoints.list(CheckpointKind::Fact, None, TOGETHER).await?;
            let count = waiting.len();
            let (mut facts, mut appended) = (Vec::with_capacity(count), Vec::with_capacity(count));
            for (name, kept) in waiting {
                match decode(&kept.doc) {
                    Ok(fact) => {
                        facts.push(fact);
                        appended.push((name, kept.version));
                    }
                    // An unreadable fact stays queued and does not block the others.
                    Err(error) => tracing::error!(fact = %name, %error, "fact not recorded"),
                }
            }
            // Order facts by time for human readers.
            facts.sort_by_key(|fact| (fact.at, fact.id));
            ledger::append(&*self.ledger, &*self.time, &facts).await?;
            for (name, version) in &appended {
                self.checkpoints.remove(&key(name), *version).await?;
            }
            recorded += appended.len();
            if count < TOGETHER || appended.is_empty() || !may_go_on() {
                return Ok(recorded);
            }
        }
    }
}

fn key(name: &str) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Fact, name: name.to_owned() }
}
