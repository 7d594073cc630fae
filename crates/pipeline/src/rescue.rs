//! Moves poison messages into quarantine before they expire: a poison queue keeps a message for days, quarantine until
//! replay.

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use jiff::SignedDuration;

use crate::deadline::MayGoOn;
use crate::outcome::Swept;
use crate::ports::{Fault, QuarantineId, Queue, QueueMessage, QueueName};
use crate::quarantine_input::QuarantineInput;

/// Number of tries by the host before a message becomes poison: `maxDequeueCount` in `host.json`.
pub const TRIES: u32 = 12;

/// Messages per batch: the maximum of a storage queue.
const BATCH: usize = 32;
/// Maximum number of batches per queue and pass.
const BATCHES: usize = 10;
/// Concurrent messages.
const AT_ONCE: usize = 8;
/// Visibility timeout: longer than a pass, so no message is received twice at once, and short enough to recover soon
/// after a crash.
const HIDDEN_FOR: SignedDuration = SignedDuration::from_mins(5);

/// Prefix of the quarantine reason of poison messages.
const GIVEN_UP: &str = "the host gave it up";

/// Returns the quarantine reason for messages of this poison queue.
pub(crate) fn given_up_in(poison: QueueName) -> String {
    // "At most", because the host gives up an undecodable message without any try.
    format!("{GIVEN_UP} after at most {TRIES} tries, in queue {}", poison.as_str())
}

/// Returns true if quarantined input with this reason came from a poison queue.
pub(crate) fn came_from_poison(reason: &str) -> bool {
    reason.starts_with(GIVEN_UP)
}

/// Moves poison messages into quarantine.
pub struct DrainPoisonQueues {
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) quarantined: Arc<QuarantineInput>,
}

impl DrainPoisonQueues {
    /// Moves poison messages into quarantine. Counts the moved ones, and the failed ones, which stay.
    ///
    /// An empty poison queue costs one call.
    pub(crate) async fn drain_poison_queues(&self, may_go_on: MayGoOn<'_>) -> Result<Swept, Fault> {
        let mut swept = Swept::default();
        let mut result = Ok(());
        for queue in QueueName::ALL.into_iter().filter(|queue| queue.poison().is_none()) {
            // An error in one queue must not block the others.
            result = result.and(self.rescue_from(queue, may_go_on, &mut swept).await);
        }
        result.map(|()| swept)
    }

    async fn rescue_from(&self, poison: QueueName, may_go_on: MayGoOn<'_>, swept: &mut Swept) -> Result<(), Fault> {
        for _ in 0..BATCHES {
            let batch = self.queue.receive(poison, BATCH, HIDDEN_FOR).await?;
            let taken = batch.len();
            let moved = stream::iter(batch).map(|message| self.rescued(poison, message)).buffer_unordered(AT_ONCE);
            let rescued = moved.fold(0, async |sum, moved| sum + usize::from(moved)).await;
            swept.rescued += rescued;
            swept.failed += taken - rescued;
            // If a whole batch failed, the next one would fail too.
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

    /// Returns false if the message stays. It becomes visible again, and a later pass retries it.
    async fn rescued(&self, poison: QueueName, message: QueueMessage) -> bool {
        let moved = self.rescue(poison, &message).await;
        if let Err(fault) = &moved {
            tracing::warn!(queue = poison.as_str(), id = message.receipt.id, %fault, "poison message stays");
        }
        moved.is_ok()
    }

    /// Deletes the message last: after a failure or crash before, the message is received again, and storing it twice
    /// changes nothing. A sweep announces quarantined input, however old.
    async fn rescue(&self, poison: QueueName, message: &QueueMessage) -> Result<(), Fault> {
        let (raw, origin) = (message.body.as_bytes(), poison.function());
        self.quarantined.keep(QuarantineId::derive(raw, origin), raw, &given_up_in(poison), origin).await?;
        // The result is false if another pass received the message meanwhile, with the same effect.
        self.queue.delete(poison, &message.receipt).await.map(drop)
    }
}
