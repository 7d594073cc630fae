//! What happened and who should know.

mod event;
mod known;

use jiff::Timestamp;

use crate::digest;
pub use event::{Event, Severity};
pub use known::{Form, KnownFact};

/// The id of a notification: `ntf_` and 26 base-32 digits, the same on every retry and replay.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NotificationId(String);

impl NotificationId {
    /// The id of this occurrence of this event about this object.
    pub fn derive(about: &str, event: Event, occurrence: &str) -> Self {
        let digest = digest::of(&[about.as_bytes(), event.name().as_bytes(), occurrence.as_bytes()]);
        let first: [u8; 16] = std::array::from_fn(|at| digest[at]);
        Self(format!("ntf_{}", digest::base32(u128::from_be_bytes(first))))
    }

    /// Reads an id that was given earlier. `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix("ntf_").and_then(digest::from_base32).map(|_| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One thing to tell, complete: nothing is looked up later, so every channel and every retry says the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Constant over all retries.
    pub id: NotificationId,
    /// What happened.
    pub event: Event,
    /// When it happened, in whole seconds.
    pub at: Timestamp,
    /// What it happened to, for people.
    pub subject: String,
    /// What else is known, in the order to show it.
    pub facts: Vec<Fact>,
    /// Where to look.
    pub link: Option<String>,
}

/// The fact by which a notification says how urgent it is, where its event [leaves that to it](Event::has_own_severity).
pub const SEVERITY: &str = "severity";

impl Notification {
    /// How urgent it is.
    pub fn severity(&self) -> Severity {
        let told = self.facts.iter().rev().filter(|fact| self.event.has_own_severity() && fact.name == SEVERITY);
        let mut own = told.filter_map(|fact| match &fact.value {
            FactValue::Text(name) => Severity::parse(name),
            FactValue::Number(_) => None,
        });
        own.next().unwrap_or_else(|| self.event.severity())
    }
}

/// One named value of a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The name, as it stands in the catalogue entry.
    pub name: String,
    /// The value.
    pub value: FactValue,
}

/// The value of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactValue {
    /// A text.
    Text(String),
    /// A count, a size in bytes or a duration in milliseconds, as the fact's name says.
    Number(u64),
}

impl Fact {
    /// A fact with a text.
    pub fn text(name: &str, value: impl Into<String>) -> Self {
        Self { name: name.to_owned(), value: FactValue::Text(value.into()) }
    }

    /// A fact with a number.
    pub fn number(name: &str, value: u64) -> Self {
        Self { name: name.to_owned(), value: FactValue::Number(value) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_depends_on_object_event_and_occurrence_only() {
        let id = NotificationId::derive("rec_1", Event::RecordingReady, "1");
        assert_eq!(id, NotificationId::derive("rec_1", Event::RecordingReady, "1"));
        assert_ne!(id, NotificationId::derive("rec_1", Event::RecordingReady, "2"));
        assert_ne!(id, NotificationId::derive("rec_1", Event::RecordingStale, "1"));
        assert_ne!(id, NotificationId::derive("rec_2", Event::RecordingReady, "1"));
    }

    #[test]
    fn an_id_reads_back_and_holds_no_full_stop() {
        let id = NotificationId::derive("rec_1", Event::RecordingReady, "1");
        assert_eq!(NotificationId::parse(id.as_str()), Some(id.clone()));
        assert!(!id.as_str().contains('.'), "the signature scheme separates its parts by full stops");
        assert_eq!(NotificationId::parse("ntf_x"), None);
    }
}
