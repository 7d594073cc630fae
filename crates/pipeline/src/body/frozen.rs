//! Reads the fields of a frozen body that a digest repeats.

use domain::record::notification::{Event, NotificationId, NotificationKey, Severity};
use domain::record::notification_digest::ExpiringRecording;
use domain::record::retention::Then;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Fields of a frozen body that a digest repeats.
#[derive(Deserialize)]
pub(crate) struct FrozenData {
    key: String,
    severity: String,
    /// Affected object.
    pub(crate) subject: String,
    #[serde(default)]
    facts: Map<String, Value>,
}

impl FrozenData {
    /// Reads a frozen body. Returns `None` if the body is not one of ours.
    pub(crate) fn parse(body: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Body {
            data: FrozenData,
        }
        serde_json::from_str::<Body>(body).ok().map(|body| body.data)
    }

    /// Key of the trouble.
    pub(crate) fn key(&self) -> Option<NotificationKey> {
        NotificationKey::parse(&self.key)
    }

    /// Severity of the notification.
    pub(crate) fn severity(&self) -> Option<Severity> {
        Severity::parse(&self.severity)
    }

    /// Returns the retention class and the recording of a notification `recording.expiring`. Returns `None` for any other
    /// event, and if the body lacks the class or the end of the grace period.
    pub(crate) fn expiring(&self, id: &NotificationId, event: Event) -> Option<(String, ExpiringRecording)> {
        if event != Event::RecordingExpiring {
            return None;
        }
        let text = |name: &str| self.facts.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let recording = ExpiringRecording {
            id: id.clone(),
            key: self.key()?,
            recording: text("recording")?.to_owned(),
            name: self.subject.clone(),
            // The body names a person only if the match is certain. A body that says otherwise is not repeated.
            person: text("person").filter(|_| text("match") == Some("matched")).map(str::to_owned),
            bastion: text("bastion")?.to_owned(),
            goes_at: text("goes_at")?.parse().ok()?,
            then: text("then").and_then(Then::parse)?,
        };
        Some((text("class")?.to_owned(), recording))
    }
}
