//! The messages to ourselves: which attempt to make, which recording to hash. Ids only, never a body.

use domain::notification::NotificationId;
use domain::recording_id::RecordingId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One attempt to deliver one notification to one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The notification.
    pub notification: NotificationId,
    /// The name of the channel.
    pub channel: String,
    /// Which attempt, from 1.
    pub attempt: u32,
}

/// A message that names no attempt.
#[derive(Debug, Error)]
pub enum NotAnAttempt {
    /// It is not JSON of the known form.
    #[error("message is not a delivery attempt")]
    Form(#[from] serde_json::Error),
    /// It was written by a newer version.
    #[error("delivery attempt has version {0}, this program knows version 1; upgrade it")]
    Newer(u32),
    /// What stands in it is no notification id, or no attempt number.
    #[error("delivery attempt names notification {notification:?}, attempt {attempt}")]
    Value {
        /// What should be an id.
        notification: String,
        /// What should be 1 or more.
        attempt: u32,
    },
}

/// A content that is to be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashRequest {
    /// The recording.
    pub recording: RecordingId,
}

/// A message that asks for no hash.
#[derive(Debug, Error)]
pub enum NotAHashRequest {
    /// It is not JSON of the known form.
    #[error("message asks for no hash")]
    Form(#[from] serde_json::Error),
    /// It was written by a newer version.
    #[error("request for a hash has version {0}, this program knows version 1; upgrade it")]
    Newer(u32),
    /// What stands in it is no recording id.
    #[error("request for a hash names recording {0:?}")]
    Value(String),
}

#[derive(Deserialize)]
struct HashWire {
    version: u32,
    recording: String,
}

impl HashRequest {
    /// The message as JSON text.
    pub fn encode(&self) -> String {
        format!(r#"{{"version":1,"recording":"{}"}}"#, self.recording)
    }

    /// Reads what [`encode`](Self::encode) wrote.
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
    /// The first attempt.
    pub fn first(notification: &NotificationId, channel: &str) -> Self {
        Self { notification: notification.clone(), channel: channel.to_owned(), attempt: 1 }
    }

    /// The message as JSON text.
    pub fn encode(&self) -> String {
        let (id, channel) = (self.notification.as_str(), serde_json::Value::from(self.channel.as_str()));
        format!(r#"{{"version":1,"notification":"{id}","channel":{channel},"attempt":{}}}"#, self.attempt)
    }

    /// Reads what [`encode`](Self::encode) wrote.
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

/// What stands on a message besides: who sent it, and when it was to be seen. Nothing is decided on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postmark {
    /// The W3C Trace Context of the call that sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// From when on it was to be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

impl Postmark {
    /// The message with this on it. One that has a mark already, or is none of ours, stays as it is.
    pub fn on(&self, message: &str) -> String {
        let mark = serde_json::to_string(self).ok().filter(|mark| mark != "{}");
        let parts = (message.strip_suffix('}'), mark.as_deref().and_then(|mark| mark.strip_prefix('{')));
        match parts {
            (Some(body), Some(mark)) if body.len() > 1 && Self::of(message.as_bytes()) == Self::default() => {
                format!("{body},{mark}")
            }
            _ => message.to_owned(),
        }
    }

    /// What stands on a message; nothing, where it cannot be read.
    pub fn of(message: &[u8]) -> Self {
        serde_json::from_slice(message).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use domain::notification::Event;

    use super::*;

    #[test]
    fn an_attempt_reads_back() {
        let notification = NotificationId::derive("rec_1", Event::RecordingReady, "");
        let attempt = Attempt { notification, channel: "a \"quoted\" name".into(), attempt: 3 };
        assert_eq!(Attempt::decode(attempt.encode().as_bytes()).unwrap(), attempt);
    }

    #[test]
    fn a_mark_on_a_message_reads_back_and_changes_nothing_of_it() {
        let attempt = Attempt::first(&NotificationId::derive("rec_1", Event::RecordingReady, ""), "only");
        let mark =
            Postmark { traceparent: Some("00-1-2-01".into()), due: Some("2025-11-05T09:00:00Z".parse().unwrap()) };
        let marked = mark.on(&attempt.encode());
        assert_eq!(Attempt::decode(marked.as_bytes()).unwrap(), attempt);
        assert_eq!(Postmark::of(marked.as_bytes()), mark);
        let other = Postmark { traceparent: Some("00-3-4-01".into()), due: None };
        assert_eq!(other.on(&marked), marked, "the first one stays");
    }

    #[test]
    fn a_message_that_is_none_of_ours_gets_no_mark() {
        let mark = Postmark { traceparent: Some("00-1-2-01".into()), due: None };
        for message in ["", "{}", "}", "[1]", "not json"] {
            assert_eq!(mark.on(message), message);
            assert_eq!(Postmark::of(message.as_bytes()), Postmark::default());
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
