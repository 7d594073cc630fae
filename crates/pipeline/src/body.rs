//! The body of a notification, version 1: frozen when the event is decided, the same for every channel.

use std::fmt;

use domain::notification::{FactValue, Notification};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// The version that `data.version` names.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'a str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    version: u32,
    id: &'a str,
    severity: &'a str,
    subject: &'a str,
    facts: Facts<'a>,
    link: Option<&'a str>,
}

struct Facts<'a>(&'a Notification);

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.facts.len()))?;
        for fact in &self.0.facts {
            match &fact.value {
                FactValue::Text(text) => map.serialize_entry(&fact.name, text)?,
                FactValue::Number(number) => map.serialize_entry(&fact.name, number)?,
            }
        }
        map.end()
    }
}

/// The body as JSON text.
pub fn body(notification: &Notification) -> Result<String, BodyError> {
    let data = Data {
        version: VERSION,
        id: notification.id.as_str(),
        severity: notification.event.severity().name(),
        subject: &notification.subject,
        facts: Facts(notification),
        link: notification.link.as_deref(),
    };
    let body = Body { r#type: notification.event.name(), timestamp: notification.at.to_string(), data };
    serde_json::to_string(&body).map_err(|source| BodyError { id: notification.id.as_str().to_owned(), source })
}

/// A notification that cannot be written as JSON.
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
