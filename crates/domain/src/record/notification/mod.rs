//! Notifications: events with their subject and facts.

mod event;
mod known;

use jiff::Timestamp;

use crate::digest;
use crate::record::blob::whole_second;
pub use event::{Event, Severity};
pub use known::{KnownFact, ValueForm};

/// Id of a notification: `ntf_` and 26 base-32 digits, equal on every retry and replay.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NotificationId(String);

impl NotificationId {
    /// Derives the id of one occurrence of an event about one object.
    pub fn derive(about: &str, event: Event, occurrence: &str) -> Self {
        let digest = digest::hash_parts(&[about.as_bytes(), event.name().as_bytes(), occurrence.as_bytes()]);
        let first: [u8; 16] = std::array::from_fn(|at| digest[at]);
        Self(format!("ntf_{}", digest::base32(u128::from_be_bytes(first))))
    }

    /// Parses an id. Returns `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix("ntf_").and_then(digest::from_base32).map(|_| Self(text.to_owned()))
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Key of a trouble: `key_` and 26 base-32 digits. All notifications of one event about one object have the same key, and
/// so has the one that the trouble is over: a receiver can close what it opened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NotificationKey(String);

impl NotificationKey {
    /// Derives the key of an event about one object. An event that ends a trouble has the key of the trouble, and all
    /// findings of one check have one key.
    pub fn derive(about: &str, event: Event) -> Self {
        let event = match event.resolves().unwrap_or(event) {
            Event::BastionSasExpiring | Event::BastionSuffixLimit => Event::PostureFinding,
            event => event,
        };
        let digest = digest::hash_parts(&[about.as_bytes(), event.name().as_bytes()]);
        let first: [u8; 16] = std::array::from_fn(|at| digest[at]);
        Self(format!("key_{}", digest::base32(u128::from_be_bytes(first))))
    }

    /// Parses a key. Returns `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix("key_").and_then(digest::from_base32).map(|_| Self(text.to_owned()))
    }

    /// Returns the key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A complete notification: nothing is looked up later, so every channel and every retry sends the same content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Id, constant over all retries.
    pub id: NotificationId,
    /// Key of the trouble, the same until it is over.
    pub key: NotificationKey,
    /// Kind of the event.
    pub event: Event,
    /// Time of the event, in whole seconds.
    pub at: Timestamp,
    /// Affected object, for display.
    pub subject: String,
    /// Further facts, in display order.
    pub facts: Vec<NotificationFact>,
    /// Link for details.
    pub link: Option<String>,
}

/// Name of the fact with a notification's own severity, for events that [carry one](Event::has_own_severity).
pub const SEVERITY: &str = "severity";
/// Name of the fact with the severity of a trouble that is over.
pub const WAS: &str = "was";

impl Notification {
    /// Creates a notification of one occurrence of an event about one object, without facts and link. The object is its
    /// subject.
    pub fn new(about: &str, event: Event, occurrence: &str, at: Timestamp) -> Self {
        Self {
            id: NotificationId::derive(about, event, occurrence),
            key: NotificationKey::derive(about, event),
            event,
            at: whole_second(at),
            subject: about.to_owned(),
            facts: Vec::new(),
            link: None,
        }
    }

    /// Returns the notification's own severity, or else that of the event.
    pub fn severity(&self) -> Severity {
        let own = self.event.has_own_severity().then(|| self.severity_in(SEVERITY)).flatten();
        own.unwrap_or_else(|| self.event.severity())
    }

    /// Returns the trouble that this notification ends, and the severity it had. `None` for any other notification.
    pub fn resolves(&self) -> Option<(Event, Severity)> {
        let trouble = self.event.resolves()?;
        Some((trouble, self.severity_in(WAS).unwrap_or_else(|| trouble.severity())))
    }

    /// Returns the severity in the last fact of this name.
    fn severity_in(&self, name: &str) -> Option<Severity> {
        let values = self.facts.iter().rev().filter(|fact| fact.name == name);
        values
            .filter_map(|fact| match &fact.value {
                FactValue::Text(name) => Severity::parse(name),
                FactValue::Number(_) => None,
            })
            .next()
    }
}

/// Named value of a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationFact {
    /// Name, as in the catalogue entry.
    pub name: String,
    /// Value.
    pub value: FactValue,
}

/// Value of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactValue {
    /// Text.
    Text(String),
    /// Count, size in bytes or duration in milliseconds, according to the fact's name.
    Number(u64),
}

impl NotificationFact {
    /// Creates a text fact.
    pub fn text(name: &str, value: impl Into<String>) -> Self {
        Self { name: name.to_owned(), value: FactValue::Text(value.into()) }
    }

    /// Creates a number fact.
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

    #[test]
    fn a_trouble_and_its_end_have_the_same_key_and_other_ids() {
        for ended in Event::ALL.into_iter().filter(|event| event.resolves().is_some()) {
            let trouble = ended.resolves().unwrap();
            let (begin, end) = (NotificationKey::derive("rec_1", trouble), NotificationKey::derive("rec_1", ended));
            assert_eq!(begin, end, "{}", ended.name());
            assert_ne!(begin, NotificationKey::derive("rec_2", trouble));
            assert_eq!(NotificationKey::parse(begin.as_str()), Some(begin));
            assert_ne!(NotificationId::derive("rec_1", trouble, ""), NotificationId::derive("rec_1", ended, ""));
            assert_eq!((trouble.resolves(), ended.severity()), (None, Severity::Info));
        }
        assert_eq!(NotificationKey::parse("ntf_507h7sfwqs0kbjad25wp4wz0gm"), None);
    }
}
