//! Poison is moved into quarantine before it expires: a poison queue keeps a message for days, quarantine until replay.

use futures_util::{StreamExt, stream};
use jiff::SignedDuration;

use crate::archivist::{Archivist, MayGoOn};
use crate::ports::{Fault, QuarantineId, QueueMessage, QueueName};
use crate::sweep::Swept;

/// How often the host tries a message before it gives it up: `maxDequeueCount` in `host.json`.
pub const TRIES: u32 = 12;

/// How many messages are taken at a time: as many as a storage queue gives.
const BATCH: usize = 32;
/// How many batches one pass takes from one queue at most.
const BATCHES: usize = 10;
/// How many messages are worked on at the same time.
const AT_ONCE: usize = 8;
/// Longer than a pass, so that no message is taken twice at a time; soon enough after a crash.
const HIDDEN_FOR: SignedDuration = SignedDuration::from_mins(5);

/// How the reason begins for which poison is kept.
const GIVEN_UP: &str = "the host gave it up";

/// The reason for which a message of this poison queue is kept.
pub(crate) fn given_up_in(poison: QueueName) -> String {
    // A message that the host cannot decode is given up without a try.
    format!("{GIVEN_UP} after at most {TRIES} tries, in queue {}", poison.as_str())
}

/// Whether quarantined input with this reason came from a poison queue.
pub(crate) fn came_from_poison(reason: &str) -> bool {
    reason.starts_with(GIVEN_UP)
}

impl Archivist {
    /// Moves what the host gave up into quarantine. Counts what was rescued, and what failed and stays.
    ///
    /// An empty poison queue costs one call.
    pub(crate) async fn rescue_poison(&self, may_go_on: MayGoOn<'_>) -> Result<Swept, Fault> {
        let mut swept = Swept::default();
        let mut result = Ok(());
        for queue in QueueName::ALL.into_iter().filter(|queue| queue.poison().is_none()) {
            // No queue waits for another to succeed.
            result = result.and(self.rescue_from(queue, may_go_on, &mut swept).await);
        }
        result.map(|()| swept)
    }

    async fn rescue_from(&self, poison: QueueName, may_go_on: MayGoOn<'_>, swept: &mut Swept) -> Result<(), Fault> {
        for _ in 0..BATCHES {
            let batch = self.ports.queue.receive(poison, BATCH, HIDDEN_FOR).await?;
            let taken = batch.len();
            let moved = stream::iter(batch).map(|message| self.rescued(poison, message)).buffer_unordered(AT_ONCE);
            let rescued = moved.fold(0, async |sum, moved| sum + usize::from(moved)).await;
            swept.rescued += rescued;
            swept.failed += taken - rescued;
            // Where nothing of a batch can be kept, the next one would fail as well.
            if taken < BATCH || rescued == 0 {
                return Ok(());
            }
            if !may_go_on() {
                break;
            }
        }
        swept.unfinished = true;
        Ok(())
    }

    /// False when the message stays: it becomes visible again, and a later pass takes it.
    async fn rescued(&self, poison: QueueName, message: QueueMessage) -> bool {
        let moved = self.rescue(poison, &message).await;
        if let Err(fault) = &moved {
            tracing::warn!(queue = poison.as_str(), message = message.receipt.id, %fault, "poison message stays");
        }
        moved.is_ok()
    }

    /// The message goes last: if anything before failed or crashed, it comes again, and changes nothing twice. A sweep
    /// announces what was kept, however long that takes.
    async fn rescue(&self, poison: QueueName, message: &QueueMessage) -> Result<(), Fault> {
        let (raw, origin) = (message.body.as_bytes(), poison.function());
        self.keep(QuarantineId::derive(raw, origin), raw, &given_up_in(poison), origin).await?;
        // False where another pass has taken it meanwhile, which does the same with it.
        self.ports.queue.delete(poison, &message.receipt).await.map(drop)
    }
}
