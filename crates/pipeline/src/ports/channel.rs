//! A place that notifications go to.

use async_trait::async_trait;
use domain::delivery::{Answer, Retired};
use domain::notification::{Event, NotificationId};
use jiff::Timestamp;

/// One configured channel.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Makes one attempt. Never fails otherwise than by its answer, and never tells its address or secret.
    async fn send(&self, envelope: &Envelope<'_>) -> Answer;

    /// The very text that would be sent.
    fn preview(&self, envelope: &Envelope<'_>) -> String {
        envelope.body.to_owned()
    }

    /// Why nothing can be sent there until the app is started with other settings. Nothing is sent to such a channel;
    /// what it should get is kept until it is on again.
    fn off(&self) -> Option<&str> {
        None
    }

    /// Why what is sent there may end nowhere, where that is known before anything is sent.
    fn retired(&self) -> Option<Retired> {
        None
    }
}

/// What is sent in one attempt.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// Constant over all attempts: the receiver's key against repeats.
    pub id: &'a NotificationId,
    /// What happened.
    pub event: Event,
    /// The frozen body, JSON text.
    pub body: &'a str,
    /// The time of this attempt.
    pub sent_at: Timestamp,
    /// The W3C Trace Context of this attempt, for receivers that go on with it. Nothing is decided on it.
    pub traceparent: Option<&'a str>,
}
