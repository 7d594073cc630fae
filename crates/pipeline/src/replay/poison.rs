//! Replays poison messages, from the poison queues or from quarantine.

use jiff::SignedDuration;

use super::Replay;
use super::report::{ItemSource, ReplayItem};
use crate::ports::{Fault, QueueMessage, QueueName};
use crate::rescue::{came_from_poison, given_up_in};

/// Messages per batch: the maximum of a storage queue.
const BATCH: usize = 32;
/// Maximum number of batches per queue.
const BATCHES: usize = 100;
/// Visibility timeout, longer than a run over a full queue. An interrupted run leaves its messages hidden for this
/// time.
const HIDDEN_FOR: SignedDuration = SignedDuration::from_mins(5);

impl Replay<'_> {
    /// Replays poison messages. A dry run also receives messages to inspect them, and releases them afterwards.
    ///
    /// An unprocessable message stays in its queue, from which a sweep quarantines it. Returns an error if a queue or
    /// the quarantine cannot be read.
    pub async fn poison(&mut self) -> Result<(), Fault> {
        for queue in QueueName::ALL.into_iter().filter(|queue| queue.poison().is_none()) {
            self.queue(queue).await?;
        }
        self.inputs(ItemSource::Poison, |note| came_from_poison(&note.reason)).await
    }

    async fn queue(&mut self, poison: QueueName) -> Result<(), Fault> {
        let queue = &self.input.queue;
        let mut staying = Vec::new();
        let mut received = Ok(());
        for _ in 0..BATCHES {
            let batch = match queue.receive(poison, BATCH, HIDDEN_FOR).await {
                Ok(batch) => batch,
                Err(fault) => {
                    received = Err(fault);
                    break;
                }
            };
            let is_last = batch.len() < BATCH;
            for message in batch {
                if !self.message(poison, &message).await {
                    staying.push(message.receipt);
                }
            }
            if is_last || self.done.has_more {
                break;
            }
        }
        for receipt in staying {
            if let Err(fault) = queue.release(poison, &receipt, SignedDuration::ZERO).await {
                tracing::warn!(queue = poison.as_str(), %fault, "poison message not put back at once, it shows again in minutes");
            }
        }
        received
    }

    /// Returns true if the message was removed from its queue.
    async fn message(&mut self, poison: QueueName, message: &QueueMessage) -> bool {
        let (origin, raw) = (poison.function(), message.body.as_bytes());
        let summaries = self.intake.look(origin, raw);
        if !self.wanted.is_in_time(message.inserted_at) || !self.wanted.fits(&summaries) || self.is_over() {
            return false;
        }
        let outcome = self.outcome(|| self.intake.foresee(Some(origin), raw), self.intake.take(origin, raw)).await;
        let is_removed = outcome.is_taken() && self.remove_message(poison, message).await;
        self.report(ReplayItem {
            source: ItemSource::Poison,
            id: format!("{}/{}", poison.as_str(), message.receipt.id),
            at: message.inserted_at,
            reason: given_up_in(poison),
            summary: summaries.into_iter().next().unwrap_or_default(),
            outcome,
        });
        is_removed
    }

    async fn remove_message(&mut self, poison: QueueName, message: &QueueMessage) -> bool {
        match self.input.queue.delete(poison, &message.receipt).await {
            Ok(is_ours) => {
                self.done.removed += usize::from(is_ours);
                true
            }
            Err(fault) => {
                self.done.left_over.push(fault.to_string());
                false
            }
        }
    }
}
