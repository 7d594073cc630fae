//! Port to a destination of notifications.

use async_trait::async_trait;
use domain::record::delivery::{ChannelAnswer, Retired};
use domain::record::notification::{Event, NotificationId};
use jiff::Timestamp;

/// One configured channel.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Makes one delivery attempt. Reports failure only through [`ChannelAnswer`], and never reveals the channel's address or
    /// secret.
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer;

    /// Returns the exact text sent by `send`.
    fn preview(&self, envelope: &ChannelMessage<'_>) -> String {
        envelope.body.to_owned()
    }

    /// Returns the reason if the channel is off until the app restarts with other settings. Deliveries to it are kept
    /// until it is on again.
    fn off(&self) -> Option<&str> {
        None
    }

    /// Returns the retirement of the receiving service, if known before sending: messages may be lost there.
    fn retired(&self) -> Option<Retired> {
        None
    }
}

/// Content of one delivery attempt.
#[derive(Debug, Clone, Copy)]
pub struct ChannelMessage<'a> {
    /// Notification id. Constant over all attempts, so that the receiver can detect duplicates.
    pub id: &'a NotificationId,
    /// Kind of event.
    pub event: Event,
    /// Frozen body, JSON text.
    pub body: &'a str,
    /// Time of this attempt.
    pub sent_at: Timestamp,
    /// W3C Trace Context of this attempt, for receivers that continue the trace. No decision depends on it.
    pub traceparent: Option<&'a str>,
}
