//! Moves messages from one queue to one function, by the host's rules.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Fault, QueueMessage, QueueName};
use tracing::{error, warn};

use crate::function::FunctionDefinition;
use crate::handler::InvocationResult;
use crate::invoker::Invoker;
use crate::local_queue::LocalQueue;
use crate::settings::HostSettings;
use crate::stop::Stop;

/// Queue function and its queue.
pub(crate) struct Pump {
    pub(crate) function: FunctionDefinition,
    pub(crate) queue: QueueName,
    pub(crate) port: Arc<dyn LocalQueue>,
    pub(crate) settings: HostSettings,
    pub(crate) invoker: Arc<Invoker>,
}

/// Log text for a message without attempts left.
const FAILED: &str = "message failed too often";

/// The host hides messages for this time, and extends it while it works on them.
const TAKEN_FOR: SignedDuration = SignedDuration::from_mins(10);

impl Pump {
    /// Works on the queue until no message is visible, or until asked to stop. Returns the number of received
    /// messages.
    ///
    /// Messages in progress are completed, even if the queue fails meanwhile.
    pub(crate) async fn drain(&self, stop: &Stop) -> Result<usize, Fault> {
        let rules = &self.settings.queues;
        let mut running = FuturesUnordered::new();
        let mut taken = 0;
        let mut result = Ok(());
        let mut more = true;
        loop {
            more = more && !stop.is_asked();
            if more && running.len() <= rules.new_batch_threshold {
                let batch = self.port.receive(self.queue, rules.batch_size, self.hidden_for()).await;
                let batch = batch.unwrap_or_else(|fault| {
                    result = Err(fault);
                    Vec::new()
                });
                taken += batch.len();
                more = !batch.is_empty();
                running.extend(batch.into_iter().map(|message| self.work_on(message)));
            }
            match running.next().await {
                Some(Ok(())) => {}
                Some(Err(fault)) => (more, result) = (false, Err(fault)),
                None if more => {}
                None => return result.map(|()| taken),
            }
        }
    }

    /// Returns when the next message is visible, or `None` if the queue is empty.
    pub(crate) async fn next_at(&self) -> Result<Option<Timestamp>, Fault> {
        self.port.next_visible_at(self.queue).await
    }

    /// Returns when the next poison message is visible, or `None` if there is none. A sweep handles such messages.
    pub(crate) async fn next_poison_at(&self) -> Result<Option<Timestamp>, Fault> {
        match self.queue.poison() {
            Some(poison) => self.port.next_visible_at(poison).await,
            None => Ok(None),
        }
    }

    async fn work_on(&self, message: QueueMessage) -> Result<(), Fault> {
        if let Some(poison) = self.queue.poison().filter(|_| !message.is_encoded) {
            return self.give_up(&message, poison, "message cannot be decoded").await;
        }
        if let Some(poison) = self.poison_after(message.dequeue_count.saturating_sub(1)) {
            return self.give_up(&message, poison, FAILED).await;
        }
        let ending = self.invoker.fire_message(&self.function, &message, self.hidden_for()).await;
        let hidden_for = match ending {
            InvocationResult::Succeeded => return self.delete(&message).await,
            InvocationResult::Failed(_) => self.settings.queues.visibility_timeout,
            InvocationResult::Hung => self.hidden_when_hung(),
        };
        if let Some(poison) = self.poison_after(message.dequeue_count) {
            return self.give_up(&message, poison, FAILED).await;
        }
        let released = self.port.release(self.queue, &message.receipt, hidden_for).await?;
        self.check_receipt(&message, released);
        Ok(())
    }

    /// Returns the poison queue if `tries` failed attempts are too many, or `None` if the message may be retried.
    fn poison_after(&self, tries: u32) -> Option<QueueName> {
        self.queue.poison().filter(|_| tries >= self.settings.queues.max_dequeue_count)
    }

    /// Moves a message to the poison queue. Sends before deleting, so that a crash duplicates the message and does not
    /// lose it.
    async fn give_up(&self, message: &QueueMessage, poison: QueueName, reason: &str) -> Result<(), Fault> {
        error!(queue = poison.as_str(), message = message.receipt.id, "{reason}");
        self.port.send(poison, &message.body, SignedDuration::ZERO).await?;
        self.invoker.calls().given_up(poison);
        self.delete(message).await
    }

    async fn delete(&self, message: &QueueMessage) -> Result<(), Fault> {
        let deleted = self.port.delete(self.queue, &message.receipt).await?;
        self.check_receipt(message, deleted);
        Ok(())
    }

    /// An invalid receipt means that the message became visible during the invocation and is delivered again.
    fn check_receipt(&self, message: &QueueMessage, was_valid: bool) {
        if !was_valid {
            warn!(queue = self.queue.as_str(), message = message.receipt.id, "message was taken again meanwhile");
        }
    }

    /// Longer than any invocation, so that no message is in progress twice.
    fn hidden_for(&self) -> SignedDuration {
        let longest = self.settings.function_timeout.unwrap_or(TAKEN_FOR);
        TAKEN_FOR.max(longest.saturating_mul(2))
    }

    /// The host notices a hang at the function timeout and kills the process; the message becomes visible after that.
    fn hidden_when_hung(&self) -> SignedDuration {
        self.settings.function_timeout.unwrap_or(TAKEN_FOR).saturating_add(self.settings.queues.visibility_timeout)
    }
}
