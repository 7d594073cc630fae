//! The messages to ourselves: which attempt to make, which recording to hash. Ids only, never a body.

use domain::notification::NotificationId;
use domain::recording_id::RecordingId;
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
