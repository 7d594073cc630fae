//! Channel that counts its deliveries.

use std::sync::Arc;

use async_trait::async_trait;
use domain::record::delivery::{ChannelAnswer, Retired};
use domain::record::notification::Event;
use pipeline::ports::{Channel, ChannelMessage};

/// Called with the event of each accepted delivery.
pub type OnDelivered = Arc<dyn Fn(Event) + Send + Sync>;

/// Wraps a channel, and reports each accepted delivery.
pub(crate) struct CountedChannel {
    channel: Arc<dyn Channel>,
    accepted: OnDelivered,
}

impl CountedChannel {
    pub(crate) fn new(channel: Arc<dyn Channel>, accepted: OnDelivered) -> Self {
        Self { channel, accepted }
    }
}

#[async_trait]
impl Channel for CountedChannel {
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer {
        let answer = self.channel.send(envelope).await;
        if answer == ChannelAnswer::Accepted {
            (self.accepted)(envelope.event);
        }
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
