//! Channel with telemetry of its attempts.

use std::sync::Arc;

use async_trait::async_trait;
use domain::record::delivery::{ChannelAnswer, Retired};
use pipeline::ports::{Channel, ChannelMessage};
use telemetry::{SpanKind, names};
use tokio::time::Instant;
use tracing::{Instrument as _, trace_span};

/// Wraps a channel. Passes the trace context to the receiver while telemetry is on.
pub struct WatchedChannel {
    name: String,
    channel: Arc<dyn Channel>,
}

impl WatchedChannel {
    /// Wraps a channel under its name in the configuration.
    pub fn new(name: &str, channel: Arc<dyn Channel>) -> Self {
        Self { name: name.to_owned(), channel }
    }
}

#[async_trait]
impl Channel for WatchedChannel {
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer {
        if !telemetry::is_on() {
            return self.channel.send(envelope).await;
        }
        let (span, began) = (trace_span!("deliver"), Instant::now());
        telemetry::kind(&span, SpanKind::Client);
        telemetry::attribute(&span, names::CHANNEL, self.name.as_str());
        telemetry::attribute(&span, names::MESSAGING_MESSAGE_ID, envelope.id.as_str());
        telemetry::attribute(&span, names::NOTIFICATION_TYPE, envelope.event.name());
        let traceparent = telemetry::context(&span).map(|context| context.to_string());
        let envelope = ChannelMessage { traceparent: traceparent.as_deref(), ..*envelope };
        let answer = self.channel.send(&envelope).instrument(span.clone()).await;
        let label = label(&answer);
        telemetry::attribute(&span, names::ANSWER, label);
        if answer != ChannelAnswer::Accepted {
            telemetry::failed(&span, label);
        }
        let channel = (names::CHANNEL, self.name.as_str());
        telemetry::count(&names::CHANNEL_ANSWERS, &[channel, (names::ANSWER, label)]);
        telemetry::record(&names::CHANNEL_DURATION, began.elapsed().as_secs_f64(), &[channel]);
        answer
    }

    fn preview(&self, envelope: &ChannelMessage<'_>) -> String {
        self.channel.preview(envelope)
    }

    fn off(&self) -> Option<&str> {
        self.channel.off()
    }

    fn retired(&self) -> Option<Retired> {
        self.channel.retired()
    }
}

/// The label never contains the reason, because it may be text of the receiver.
fn label(answer: &ChannelAnswer) -> &'static str {
    match answer {
        ChannelAnswer::Accepted => "accepted",
        ChannelAnswer::TryLater { .. } => "try_later",
        ChannelAnswer::Refused { .. } => "refused",
        ChannelAnswer::Gone { .. } => "gone",
    }
}
