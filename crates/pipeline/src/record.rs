//! Queues facts and appends them to the ledger in batches.

use domain::ledger::Fact;
use jiff::Timestamp;

use crate::archivist::{Archivist, MayGoOn};
use crate::ledger;
use crate::ports::{CheckpointKey, CheckpointKind, Clock, Fault};
use crate::stored::fact::{decode, encode};

/// Facts per batch: the maximum lines of a ledger block.
const TOGETHER: usize = 1_000;

impl Archivist {
    /// Queues a fact for the next pass. Idempotent.
    pub(crate) async fn record(&self, fact: &Fact) -> Result<(), Fault> {
        let object = || format!("record fact {}", fact.id);
        let text = encode(fact).map_err(|error| error.fault(object()))?;
        self.ports.checkpoints.save(&key(&fact.id.to_string()), None, &text).await.map(drop)
    }

    /// Appends the queued facts to the ledger. Returns how many.
    ///
    /// Facts leave the queue after the append. After a crash in between they are appended again; the ledger skips such
    /// duplicates, or a verification accepts them.
    pub(crate) async fn write_ledger(&self, may_go_on: MayGoOn<'_>) -> Result<usize, Fault> {
        let mut recorded = 0;
        // Check the clock first: line times never decrease, so a time in the future would date all later lines.
        self.hear_time().await?;
        loop {
            let waiting = self.ports.checkpoints.list(CheckpointKind::Fact, None, TOGETHER).await?;
            let count = waiting.len();
            let (mut facts, mut told) = (Vec::with_capacity(count), Vec::with_capacity(count));
            for (name, kept) in waiting {
                match decode(&kept.doc) {
                    Ok(fact) => {
                        facts.push(fact);
                        told.push((name, kept.version));
                    }
                    // An unreadable fact stays queued and does not block the others.
                    Err(error) => tracing::error!(fact = %name, %error, "fact not recorded"),
                }
            }
            // Order facts by time for human readers.
            facts.sort_by_key(|fact| (fact.at, fact.id));
            ledger::append(&*self.ports.ledger, &Now(self), &facts).await?;
            for (name, version) in &told {
                self.ports.checkpoints.remove(&key(name), *version).await?;
            }
            recorded += told.len();
            if count < TOGETHER || told.is_empty() || !may_go_on() {
                return Ok(recorded);
            }
        }
    }
}

/// Clock for the ledger, with the corrected [time](Archivist::now) for decisions.
struct Now<'a>(&'a Archivist);

impl Clock for Now<'_> {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

fn key(name: &str) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Fact, name: name.to_owned() }
}
