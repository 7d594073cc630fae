//! Messages of the archivist to itself: delivery attempts and hash requests. They carry ids, never a body.

use domain::record::notification::NotificationId;
use domain::record::recording_id::RecordingId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Attempt to deliver one notification to one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Notification id.
    pub notification: NotificationId,
    /// Channel name.
    pub channel: String,
    /// Number of the attempt, from 1.
    pub attempt: u32,
}

/// Error of decoding an attempt.
#[derive(Debug, Error)]
pub enum NotAnAttempt {
    /// The message is not JSON of the known form.
    #[error("message is not a delivery attempt")]
    Form(#[from] serde_json::Error),
    /// The message was written by a newer version.
    #[error("delivery attempt has version {0}, this program knows version 1; upgrade it")]
    Newer(u32),
    /// The notification id or the attempt number is invalid.
    #[error("delivery attempt names notification {notification:?}, attempt {attempt}")]
    Value {
        /// Invalid notification id, or the id beside an invalid number.
        notification: String,
        /// Number of the attempt; valid from 1.
        attempt: u32,
    },
}

/// Request to hash the content of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashRequest {
    /// Recording id.
    pub recording: RecordingId,
}

/// Error of decoding a hash request.
#[derive(Debug, Error)]
pub enum NotAHashRequest {
    /// The message is not JSON of the known form.
    #[error("message is not a request for a hash")]
    Form(#[from] serde_json::Error),
    /// The message was written by a newer version.
    #[error("request for a hash has version {0}, this program knows version 1; upgrade it")]
    Newer(u32),
    /// The recording id is invalid.
    #[error("request for a hash names recording {0:?}")]
    Value(String),
}

#[derive(Deserialize)]
struct HashWire {
    version: u32,
    recording: String,
}

impl HashRequest {
    /// Returns the message as JSON.
    pub fn encode(&self) -> String {
        format!(r#"{{"version":1,"recording":"{}"}}"#, self.recording)
    }

    /// Parses a message written by [`encode`](Self::encode).
    ///
    /// Returns an error if form, version or recording id are invalid.
    pub fn decode(message: &[u8]) -> Result<Self, NotAHashRequest> {
        let wire: HashWire = serde_json::from_slice(message)?;
        if wire.version != 1 {
            return Err(NotAHashRequest::Newer(wire.version));
        }
        let recording = RecordingId::parse(&wire.recording).map_err(|_| NotAHashRequest::Value(wire.recording))?;
        Ok(Self { recording })
    }
}

#[derive(Serialize, Deserialize)]
struct Wire {
    version: u32,
    notification: String,
    channel: String,
    attempt: u32,
}

impl Attempt {
    /// Creates the first attempt.
    pub fn first(notification: &NotificationId, channel: &str) -> Self {
        Self { notification: notification.clone(), channel: channel.to_owned(), attempt: 1 }
    }

    /// Returns the message as JSON.
    pub fn encode(&self) -> String {
        let (id, channel) = (self.notification.as_str(), serde_json::Value::from(self.channel.as_str()));
        format!(r#"{{"version":1,"notification":"{id}","channel":{channel},"attempt":{}}}"#, self.attempt)
    }

    /// Parses a message written by [`encode`](Self::encode).
    ///
    /// Returns an error if form, version, id or number are invalid.
    pub fn decode(message: &[u8]) -> Result<Self, NotAnAttempt> {
        let wire: Wire = serde_json::from_slice(message)?;
        if wire.version != 1 {
            return Err(NotAnAttempt::Newer(wire.version));
        }
        match NotificationId::parse(&wire.notification).filter(|_| wire.attempt > 0) {
            Some(notification) => Ok(Self { notification, channel: wire.channel, attempt: wire.attempt }),
            None => Err(NotAnAttempt::Value { notification: wire.notification, attempt: wire.attempt }),
        }
    }
}

/// Trace context and due time of a message. No decision depends on them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postmark {
    /// W3C Trace Context of the sending call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// Time from which the message was to be visible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

impl Postmark {
    /// Returns the message with this postmark. A message with a postmark, or not of our form, is returned unchanged.
    pub fn on(&self, message: &str) -> String {
        let mark = serde_json::to_string(self).ok().filter(|mark| mark != "{}");
        let parts = (message.strip_suffix('}'), mark.as_deref().and_then(|mark| mark.strip_prefix('{')));
        match parts {
            (Some(body), Some(mark)) if body.len() > 1 && Self::from_message(message.as_bytes()) == Self::default() => {
                format!("{body},{mark}")
            }
            _ => message.to_owned(),
        }
    }

    /// Reads the postmark of a message. Empty if there is none or the message is unreadable.
    pub fn from_message(message: &[u8]) -> Self {
        serde_json::from_slice(message).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use domain::record::notification::Event;

    use super::*;

    #[test]
    fn an_attempt_reads_back() {
        let notification = NotificationId::derive("rec_1", Event::RecordingReady, "");
        let attempt = Attempt { notification, channel: "a \"quoted\" name".into(), attempt: 3 };
        assert_eq!(Attempt::decode(attempt.encode().as_bytes()).unwrap(), attempt);
    }

    #[test]
    fn a_postmark_round_trips_without_changing_the_message() {
        let attempt = Attempt::first(&NotificationId::derive("rec_1", Event::RecordingReady, ""), "only");
        let mark =
            Postmark { traceparent: Some("00-1-2-01".into()), due: Some("2025-11-05T09:00:00Z".parse().unwrap()) };
        let marked = mark.on(&attempt.encode());
        assert_eq!(Attempt::decode(marked.as_bytes()).unwrap(), attempt);
        assert_eq!(Postmark::from_message(marked.as_bytes()), mark);
        let other = Postmark { traceparent: Some("00-3-4-01".into()), due: None };
        assert_eq!(other.on(&marked), marked, "the first one stays");
    }

    #[test]
    fn a_foreign_message_gets_no_postmark() {
        let mark = Postmark { traceparent: Some("00-1-2-01".into()), due: None };
        for message in ["", "{}", "}", "[1]", "not json"] {
            assert_eq!(mark.on(message), message);
            assert_eq!(Postmark::from_message(message.as_bytes()), Postmark::default());
        }
        assert_eq!(Postmark::default().on(r#"{"a":1}"#), r#"{"a":1}"#);
    }

    #[test]
    fn a_message_of_a_newer_version_is_refused() {
        let message = br#"{"version":2,"notification":"ntf_","channel":"x","attempt":1}"#;
        assert!(matches!(Attempt::decode(message), Err(NotAnAttempt::Newer(2))));
    }

    #[test]
    fn a_message_without_an_attempt_is_refused() {
        for message in ["", "{}", "[]", r#"{"version":1,"notification":"x","channel":"x","attempt":1}"#] {
            assert!(Attempt::decode(message.as_bytes()).is_err(), "{message}");
        }
    }
}
