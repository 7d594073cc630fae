//! Queue with telemetry of sent messages.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use pipeline::message::Postmark;
use pipeline::ports::{Clock, Fault, Queue, QueueMessage, QueueName, Receipt};
use telemetry::{SpanKind, names};
use tracing::{Instrument as _, trace_span};

/// Wraps a queue. Adds a [`Postmark`] to messages while telemetry is on.
pub struct WatchedQueue {
    queue: Arc<dyn Queue>,
    clock: Arc<dyn Clock>,
}

impl WatchedQueue {
    /// Wraps a queue.
    pub fn new(queue: Arc<dyn Queue>, clock: Arc<dyn Clock>) -> Self {
        Self { queue, clock }
    }
}

#[async_trait]
impl Queue for WatchedQueue {
    async fn send(&self, queue: QueueName, body: &str, delay: SignedDuration) -> Result<(), Fault> {
        if !telemetry::is_on() {
            return self.queue.send(queue, body, delay).await;
        }
        let span = trace_span!("send");
        telemetry::kind(&span, SpanKind::Producer);
        telemetry::attribute(&span, names::MESSAGING_SYSTEM, "azure_queue_storage");
        telemetry::attribute(&span, names::MESSAGING_OPERATION_TYPE, "send");
        telemetry::attribute(&span, names::MESSAGING_DESTINATION, queue.as_str());
        let postmark = Postmark {
            traceparent: telemetry::context(&span).map(|context| context.to_string()),
            due: self.clock.now().checked_add(delay).ok(),
        };
        let sent = self.queue.send(queue, &postmark.on(body), delay).instrument(span.clone()).await;
        if sent.is_err() {
            telemetry::failed(&span, "not_sent");
        }
        sent
    }

    async fn receive(
        &self,
        queue: QueueName,
        limit: usize,
        hidden_for: SignedDuration,
    ) -> Result<Vec<QueueMessage>, Fault> {
        self.queue.receive(queue, limit, hidden_for).await
    }

    async fn release(&self, queue: QueueName, receipt: &Receipt, delay: SignedDuration) -> Result<bool, Fault> {
        self.queue.release(queue, receipt, delay).await
    }

    async fn delete(&self, queue: QueueName, receipt: &Receipt) -> Result<bool, Fault> {
        self.queue.delete(queue, receipt).await
    }
}
