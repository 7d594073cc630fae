//! Puts the archivist's own messages back into their queues.

use jiff::SignedDuration;

use crate::deliver::DeliverNotification;
use crate::hash::HashRecording;
use crate::message::{Attempt, HashRequest};
use crate::outcome::Ignored;
use crate::outcome::ReplayResult;
use crate::ports::{Fault, QueueName};

impl DeliverNotification {
    /// Queues an attempt given up by the host or its function, unless the delivery has continued since.
    pub async fn put_back_attempt(&self, attempt: &Attempt) -> Result<ReplayResult, Fault> {
        let Some(stored) = self.notifications.get(&attempt.notification).await? else {
            return Ok(ReplayResult::Refused("no such notification is kept".to_owned()));
        };
        let Some(delivery) = stored.record.deliveries.get(&attempt.channel) else {
            return Ok(ReplayResult::Ignored(Ignored::ChannelNotConfigured.label()));
        };
        let is_queued = self.queue_what_follows(attempt, delivery).await?;
        Ok(if is_queued {
            ReplayResult::Queued
        } else {
            ReplayResult::Ignored(Ignored::AttemptNotDue.label())
        })
    }
}

impl HashRecording {
    /// Queues a hash request given up by the host. The function skips recordings with a current hash.
    pub async fn put_back_hash_request(&self, request: &HashRequest) -> Result<ReplayResult, Fault> {
        self.queue.send(QueueName::Hashes, &request.encode(), SignedDuration::ZERO).await?;
        Ok(ReplayResult::Queued)
    }
}
