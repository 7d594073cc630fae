//! Facts wait one by one, and are told by the ledger together.

use domain::ledger::Fact;
use jiff::Timestamp;

use crate::archivist::{Archivist, MayGoOn};
use crate::ledger;
use crate::ports::{CheckpointKey, CheckpointKind, Clock, Fault};
use crate::stored::fact::{decode, encode};

/// How many facts are told at a time: as many as a block of the ledger has lines.
const TOGETHER: usize = 1_000;

impl Archivist {
    /// Has the ledger tell of this with the next pass. Doing it again changes nothing.
    pub(crate) async fn record(&self, fact: &Fact) -> Result<(), Fault> {
        let object = || format!("record fact {}", fact.id);
        let text = encode(fact).map_err(|error| error.fault(object()))?;
        self.ports.checkpoints.save(&key(&fact.id.to_string()), None, &text).await.map(drop)
    }

    /// Appends the facts that wait to the ledger. Gives how many.
    ///
    /// They stop waiting after they stand there: a crash in between has them appended again, which the ledger leaves out
    /// or a verification accepts.
    pub(crate) async fn write_ledger(&self, may_go_on: MayGoOn<'_>) -> Result<usize, Fault> {
        let mut recorded = 0;
        // A line is never older than the one before: one of the future would date all that follow.
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
                    // One that nobody can read stays, and keeps no other from being told.
                    Err(error) => tracing::error!(fact = %name, %error, "fact not recorded"),
                }
            }
            // The order in which they happened is the one in which people read them.
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

/// The [time](Archivist::now) that decisions rest on, for the ledger.
struct Now<'a>(&'a Archivist);

impl Clock for Now<'_> {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

fn key(name: &str) -> CheckpointKey {
    CheckpointKey { kind: CheckpointKind::Fact, name: name.to_owned() }
}
