//! Messages to ourselves go back into the queue they came from, where their function takes them.

use jiff::SignedDuration;

use super::intake::Taken;
use crate::archivist::Archivist;
use crate::message::{Attempt, HashRequest};
use crate::outcome::Ignored;
use crate::ports::{Fault, QueueName};

impl Archivist {
    /// Has an attempt made that the host or its function gave up, unless the delivery has gone on since.
    pub async fn put_back_attempt(&self, attempt: &Attempt) -> Result<Taken, Fault> {
        let Some(stored) = self.ports.notifications.get(&attempt.notification).await? else {
            return Ok(Taken::Refused("no such notification is kept".to_owned()));
        };
        let Some(delivery) = stored.record.deliveries.get(&attempt.channel) else {
            return Ok(Taken::Ignored(Ignored::ChannelNotConfigured.label()));
        };
        let is_queued = self.queue_what_follows(attempt, delivery).await?;
        Ok(if is_queued {
            Taken::Queued
        } else {
            Taken::Ignored(Ignored::AttemptNotDue.label())
        })
    }

    /// Has a content hashed for which the host gave up. One that is hashed already is passed over by the function.
    pub async fn put_back_hash_request(&self, request: &HashRequest) -> Result<Taken, Fault> {
        self.ports.queue.send(QueueName::Hashes, &request.encode(), SignedDuration::ZERO).await?;
        Ok(Taken::Queued)
    }
}
