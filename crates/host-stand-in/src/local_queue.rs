//! Queues that can tell when something becomes visible.

use adapters_azure::AzureQueues;
use adapters_local::memory::MemoryQueue;
use adapters_local::sqlite::SqliteQueue;
use async_trait::async_trait;
use jiff::Timestamp;
use pipeline::ports::{Fault, Queue, QueueName};

/// A queue that knows when to look at it again.
#[async_trait]
pub trait LocalQueue: Queue {
    /// When the first message of a queue is, was or becomes visible. `None` for an empty queue.
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

/// The service counts messages and does not tell when a hidden one becomes visible: while there is one, it may be now.
#[async_trait]
impl LocalQueue for AzureQueues {
    async fn next_visible_at(&self, queue: QueueName) -> Result<Option<Timestamp>, Fault> {
        Ok((self.depth(queue).await? > 0).then_some(Timestamp::MIN))
    }
}
