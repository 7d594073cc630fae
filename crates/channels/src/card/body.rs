use std::fmt;

use domain::record::notification::{Event, Severity};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use thiserror::Error;

/// Parsed frozen body.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ParsedBody {
    /// Name of the event.
    pub(super) kind: String,
    /// Time of the event, as text.
    pub(super) timestamp: String,
    /// Id of the notification.
    pub(super) id: String,
    /// Severity; an unknown word counts as a warning.
    pub(super) severity: Severity,
    /// Subject of the event.
    pub(super) subject: String,
    /// Names and values in their order. A name may occur several times.
    pub(super) facts: Vec<(String, Value)>,
    /// Link to the portal.
    pub(super) link: Option<String>,
    /// Time zone of the readers.
    pub(super) zone: TimeZone,
}

/// Reason why a body cannot be shown.
#[derive(Debug, Error)]
pub enum UnreadableBody {
    /// The text is not the JSON of a notification.
    #[error("not the body of a notification")]
    Malformed(#[source] serde_json::Error),
    /// The version of the body is not supported.
    #[error("body version {0} is not supported, only version {known}", known = pipeline::body::VERSION)]
    Version(u32),
}

impl ParsedBody {
    pub(super) fn parse(text: &str, zone: &TimeZone) -> Result<Self, UnreadableBody> {
        let Form { r#type, timestamp, data } = serde_json::from_str(text).map_err(UnreadableBody::Malformed)?;
        if data.version != pipeline::body::VERSION {
            return Err(UnreadableBody::Version(data.version));
        }
        Ok(Self {
            kind: r#type,
            timestamp,
            id: data.id,
            severity: severity(&data.severity),
            subject: data.subject,
            facts: data.facts.0,
            link: data.link,
            zone: zone.clone(),
        })
    }

    /// Returns the event, or `None` if the domain does not know it.
    pub(super) fn event(&self) -> Option<Event> {
        Event::parse(&self.kind)
    }

    /// Returns the first non-empty text of this name.
    pub(super) fn text<'a>(&'a self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// Returns every non-empty text of this name.
    pub(super) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.values(name).filter_map(Value::as_str).filter(|text| !text.trim().is_empty())
    }

    /// Returns the first number of this name.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.values(name).find_map(Value::as_u64)
    }

    /// Returns every value of this name.
    pub(super) fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Value> {
        self.facts.iter().filter(move |(known, _)| known == name).map(|(_, value)| value)
    }
}

/// Parses a severity; an unknown word counts as a warning.
pub(super) fn severity(name: &str) -> Severity {
    let known = [Severity::Info, Severity::Warning, Severity::Critical];
    known.into_iter().find(|severity| severity.name() == name).unwrap_or(Severity::Warning)
}

#[derive(Deserialize)]
struct Form {
    r#type: String,
    timestamp: String,
    data: DataForm,
}

#[derive(Deserialize)]
struct DataForm {
    version: u32,
    id: String,
    severity: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    facts: Facts,
    #[serde(default)]
    link: Option<String>,
}

/// Object with repeated keys, which a map would lose.
#[derive(Default)]
struct Facts(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FactsVisitor)
    }
}

struct FactsVisitor;

impl<'de> Visitor<'de> for FactsVisitor {
    type Value = Facts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of facts")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Facts, M::Error> {
        let mut facts = Vec::new();
        while let Some(fact) = map.next_entry()? {
            facts.push(fact);
        }
        Ok(Facts(facts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"type":"recording.ready","timestamp":"2026-03-02T09:12:44Z","data":{"version":1,"id":"ntf_1",
        "severity":"info","subject":"a","facts":{"rule":"x","size_bytes":7,"rule":"y","rule":" "},"link":null}}"#;

    #[test]
    fn a_repeated_fact_returns_every_value() {
        let body = ParsedBody::parse(BODY, &TimeZone::UTC).unwrap();
        assert_eq!(body.all("rule").collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!(body.number("size_bytes"), Some(7));
        assert_eq!(body.text("size_bytes"), None);
        assert_eq!(body.event(), Some(Event::RecordingReady));
    }

    #[test]
    fn a_malformed_body_is_rejected() {
        for text in ["", "{}", "[]", &BODY.replace("\"facts\":{", "\"facts\":[{")] {
            assert!(matches!(ParsedBody::parse(text, &TimeZone::UTC), Err(UnreadableBody::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn a_body_of_a_later_version_is_rejected() {
        let later = BODY.replace("\"version\":1", "\"version\":2");
        assert!(matches!(ParsedBody::parse(&later, &TimeZone::UTC), Err(UnreadableBody::Version(2))));
    }

    #[test]
    fn an_unknown_severity_counts_as_a_warning() {
        assert_eq!(severity("info"), Severity::Info);
        assert_eq!(severity("fatal"), Severity::Warning);
    }
}
