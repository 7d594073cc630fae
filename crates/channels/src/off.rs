//! Switched-off channel: previews notifications but sends none.

use std::sync::Arc;

use async_trait::async_trait;
use domain::record::delivery::{ChannelAnswer, Retired};
use pipeline::ports::{Channel, ChannelMessage};

/// Channel whose app setting has no usable value.
pub struct OffChannel {
    channel: Arc<dyn Channel>,
    reason: String,
}

impl OffChannel {
    /// Switches a channel off. A placeholder for the missing value in `channel` is never used.
    pub fn new(channel: Arc<dyn Channel>, reason: String) -> Self {
        Self { channel, reason }
    }
}

#[async_trait]
impl Channel for OffChannel {
    async fn send(&self, _: &ChannelMessage<'_>) -> ChannelAnswer {
        ChannelAnswer::TryLater { reason: format!("off: {}", self.reason), retry_after: None, overloaded: false }
    }

    fn preview(&self, envelope: &ChannelMessage<'_>) -> String {
        self.channel.preview(envelope)
    }

    fn off(&self) -> Option<&str> {
        Some(&self.reason)
    }

    fn retired(&self) -> Option<Retired> {
        None
    }
}
