//! Shows notifications instead of sending them.

use async_trait::async_trait;
use domain::address::Printable;
use domain::record::delivery::ChannelAnswer;
use pipeline::ports::{Channel, ChannelMessage};

/// Passes every notification to a function as one line and accepts it, for runs without receivers.
#[derive(Debug, Clone)]
pub struct StubChannel<S> {
    show: S,
}

impl<S: Fn(&str) + Send + Sync> StubChannel<S> {
    /// Creates a channel that calls `show` with each line: event, id and body, without a line break and with control
    /// and bidirectional characters escaped. `show` must not block.
    pub fn new(show: S) -> Self {
        Self { show }
    }
}

#[async_trait]
impl<S: Fn(&str) + Send + Sync> Channel for StubChannel<S> {
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer {
        let ChannelMessage { id, event, body, .. } = *envelope;
        (self.show)(&format!("{} {} {}", event.name(), id.as_str(), Printable(body)));
        ChannelAnswer::Accepted
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::testing::{id, sent_at};

    #[tokio::test]
    async fn a_notification_becomes_one_line_that_cannot_act_on_a_terminal() {
        let lines = Mutex::new(Vec::new());
        let stub = StubChannel::new(|line: &str| lines.lock().unwrap().push(line.to_owned()));
        let id = id();
        let body = "{\"subject\":\"a\u{1b}[2J\nb\u{202e}c\"}";
        let event = domain::record::notification::Event::RecordingReady;
        let answer = stub.send(&ChannelMessage { id: &id, event, body, sent_at: sent_at(), traceparent: None }).await;

        assert_eq!(answer, ChannelAnswer::Accepted);
        let expected =
            format!("recording.ready {} {{\"subject\":\"a\\u{{1b}}[2J\\u{{a}}b\\u{{202e}}c\"}}", id.as_str());
        assert_eq!(*lines.lock().unwrap(), [expected]);
    }
}
