//! Queues with the time of their next visible message.

use adapters_azure::AzureQueues;
use adapters_local::memory::MemoryQueue;
use adapters_local::sqlite::SqliteQueue;
use async_trait::async_trait;
use jiff::Timestamp;
use pipeline::ports::{Fault, Queue, QueueName};

/// Queue with a time for the next poll.
#[async_trait]
pub trait LocalQueue: Queue {
    /// Returns when the first message of a queue is, was or becomes visible, or `None` if the queue is empty.
    async fn next_visible_at(&self, queue: QueueName) -> Result<Option<Timestamp>, Fault>;
}

#[async_trait]
impl LocalQueue for MemoryQueue {
    async fn next_visible_at(&self, queue: QueueName) -> Result<Option<Timestamp>, Fault> {
        self.next_visible_at(queue).await
    }
}

#[async_trait]
impl LocalQueue for SqliteQueue {
    async fn next_visible_at(&self, queue: QueueName) -> Result<Option<Timestamp>, Fault> {
        self.next_visible_at(queue).await
    }
}

/// The service counts messages but does not report when a hidden one becomes visible, so any message counts as
/// visible.
#[async_trait]
impl LocalQueue for AzureQueues {
    async fn next_visible_at(&self, queue: QueueName) -> Result<Option<Timestamp>, Fault> {
        Ok((self.depth(queue).await? > 0).then_some(Timestamp::MIN))
    }
}
