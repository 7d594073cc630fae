//! Serialises the body of a notification, version 1. The body is frozen when the event is decided and is the same for
//! every channel.

mod digest;
mod frozen;

use std::fmt;

use domain::record::notification::{
    Event, FactValue, Notification, NotificationFact, NotificationId, NotificationKey, SEVERITY,
};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

pub(crate) use digest::digest_body;
pub(crate) use frozen::FrozenData;

/// Value of `data.version`.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Body<'a, F> {
    r#type: &'a str,
    timestamp: String,
    data: Data<'a, F>,
}

#[derive(Serialize)]
struct Data<'a, F> {
    version: u32,
    id: &'a str,
    key: &'a str,
    severity: &'a str,
    subject: &'a str,
    facts: F,
    link: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration: Option<&'a str>,
}

struct Facts<'a>(&'a Notification);

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The severity has its own field next to the facts.
        let is_shown = |fact: &&NotificationFact| !self.0.event.has_own_severity() || fact.name != SEVERITY;
        let facts: Vec<&NotificationFact> = self.0.facts.iter().filter(is_shown).collect();
        let mut map = serializer.serialize_map(None)?;
        for (at, fact) in facts.iter().enumerate() {
            // JSON names must be unique: with duplicates, some readers take the first value and others the last.
            if facts.iter().take(at).any(|earlier| earlier.name == fact.name) {
                continue;
            }
            match &fact.value {
                FactValue::Text(_) => map.serialize_entry(&fact.name, &all_of(&facts, &fact.name))?,
                FactValue::Number(number) => map.serialize_entry(&fact.name, number)?,
            }
        }
        map.end()
    }
}

/// Joins all texts of this name with commas.
fn all_of(facts: &[&NotificationFact], name: &str) -> String {
    let texts = facts.iter().filter(|fact| fact.name == name).filter_map(|fact| match &fact.value {
        FactValue::Text(text) => Some(text.as_str()),
        FactValue::Number(_) => None,
    });
    texts.collect::<Vec<_>>().join(", ")
}

/// Serialises a notification as JSON.
pub fn body(notification: &Notification) -> Result<String, BodyError> {
    body_under(notification, None)
}

/// Like [`body`], with the hash of the active configuration, for several machines with a shared configuration.
pub(crate) fn body_under(notification: &Notification, configuration: Option<&str>) -> Result<String, BodyError> {
    let data = Data {
        version: VERSION,
        id: notification.id.as_str(),
        key: notification.key.as_str(),
        severity: notification.severity().name(),
        subject: &notification.subject,
        facts: Facts(notification),
        link: notification.link.as_deref(),
        configuration,
    };
    let body = Body { r#type: notification.event.name(), timestamp: notification.at.to_string(), data };
    serde_json::to_string(&body).map_err(|source| BodyError { id: notification.id.as_str().to_owned(), source })
}

/// Parses a frozen body, as far as the body holds the fields. Returns `None` if the body is not one of ours.
pub fn read(body: &str) -> Option<Notification> {
    let document: Value = serde_json::from_str(body).ok()?;
    let data = document.get("data")?;
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let facts = data.get("facts")?.as_object()?.iter().filter_map(|(name, value)| match value {
        Value::String(value) => Some(NotificationFact::text(name, value)),
        value => value.as_u64().map(|number| NotificationFact::number(name, number)),
    });
    let event = Event::parse(&text(&document, "type")?)?;
    let severity = text(data, "severity").filter(|_| event.has_own_severity());
    Some(Notification {
        id: NotificationId::parse(&text(data, "id")?)?,
        key: NotificationKey::parse(&text(data, "key")?)?,
        event,
        at: text(&document, "timestamp")?.parse().ok()?,
        subject: text(data, "subject")?,
        facts: facts.chain(severity.map(|name| NotificationFact::text(SEVERITY, name))).collect(),
        link: text(data, "link"),
    })
}

/// Returns the number of inputs in a frozen body of `input.quarantined`.
pub(crate) fn inputs_of(body: &str) -> usize {
    let body: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let count = body.and_then(|body| body["data"]["facts"]["inputs"].as_u64());
    count.and_then(|count| usize::try_from(count).ok()).unwrap_or(1)
}

/// Error of serialising a notification as JSON.
#[derive(Debug)]
pub struct BodyError {
    id: String,
    source: serde_json::Error,
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "notification {} has no JSON form", self.id)
    }
}

impl std::error::Error for BodyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
