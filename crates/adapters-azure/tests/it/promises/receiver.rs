//! Receivers of notifications.

use std::sync::Arc;

use adapters_azure::testing::Mishaps;
use async_trait::async_trait;
use domain::record::delivery::ChannelAnswer;
use pipeline::ports::{Channel, ChannelMessage};
use pipeline::testing::LoopbackReceiver;

/// Channel of one process to a receiver; sends nothing after the process is dead.
pub struct Way {
    pub to: Arc<LoopbackReceiver>,
    pub of: Arc<Mishaps>,
}

#[async_trait]
impl Channel for Way {
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer {
        if self.of.is_dead() {
            return ChannelAnswer::Refused { reason: "the program is dead".to_owned() };
        }
        self.to.send(envelope).await
    }
}
