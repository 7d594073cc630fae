//! Stored form of a pending digest.

use std::collections::BTreeMap;

use domain::record::notification::{Event, NotificationKey, Severity};
use domain::record::notification_digest::{DigestLine, ExpiringClass, ExpiringRecording, NotificationDigest};
use domain::record::retention::Then;
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};

use super::super::known;
use super::{each_id, id};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DigestForm {
    cause: String,
    number: u64,
    due: Timestamp,
    is_closed: bool,
    ids: Vec<String>,
    by_event: BTreeMap<String, u64>,
    lines: Vec<LineForm>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    expiring: Vec<ClassForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LineForm {
    id: String,
    key: String,
    event: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    severity: Option<String>,
    at: Timestamp,
    subject: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassForm {
    class: String,
    total: u64,
    recordings: Vec<RecordingForm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordingForm {
    id: String,
    key: String,
    recording: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    bastion: String,
    goes_at: Timestamp,
    then: String,
}

impl DigestForm {
    pub(super) fn from_digest(cause: &str, digest: &NotificationDigest) -> Self {
        let line = |line: &DigestLine| LineForm {
            id: line.id.as_str().to_owned(),
            key: line.key.as_str().to_owned(),
            event: line.event.name().to_owned(),
            severity: (line.severity != line.event.severity()).then(|| line.severity.name().to_owned()),
            at: line.at,
            subject: line.subject.clone(),
        };
        Self {
            cause: cause.to_owned(),
            number: digest.number,
            due: digest.due,
            is_closed: digest.is_closed,
            ids: digest.ids.iter().map(|id| id.as_str().to_owned()).collect(),
            by_event: digest.by_event.iter().map(|(event, count)| (event.name().to_owned(), *count)).collect(),
            lines: digest.lines.iter().map(line).collect(),
            expiring: digest.expiring.iter().map(ClassForm::from).collect(),
        }
    }
}

impl DigestForm {
    pub(super) fn digest(self) -> Result<(String, NotificationDigest), serde_json::Error> {
        let by_event = self.by_event.iter().map(|(name, count)| Ok::<_, serde_json::Error>((event(name)?, *count)));
        let lines = self.lines.into_iter().map(|line| {
            let (id, event) = (id(&line.id)?, event(&line.event)?);
            let severity = line.severity.map(|name| known(Severity::parse(&name), "severity", &name)).transpose()?;
            let severity = severity.unwrap_or_else(|| event.severity());
            let key = key(&line.key)?;
            Ok::<_, serde_json::Error>(DigestLine { id, key, event, severity, at: line.at, subject: line.subject })
        });
        let digest = NotificationDigest {
            number: self.number,
            due: self.due,
            is_closed: self.is_closed,
            ids: each_id(&self.ids)?,
            by_event: by_event.collect::<Result<_, _>>()?,
            lines: lines.collect::<Result<_, _>>()?,
            expiring: self.expiring.into_iter().map(ClassForm::class).collect::<Result<_, _>>()?,
        };
        if digest.ids.is_empty() {
            return Err(serde_json::Error::custom("a digest of nothing"));
        }
        Ok((self.cause, digest))
    }
}

impl From<&ExpiringClass> for ClassForm {
    fn from(list: &ExpiringClass) -> Self {
        Self {
            class: list.class.clone(),
            total: list.total,
            recordings: list.recordings.iter().map(RecordingForm::from).collect(),
        }
    }
}

impl From<&ExpiringRecording> for RecordingForm {
    fn from(recording: &ExpiringRecording) -> Self {
        Self {
            id: recording.id.as_str().to_owned(),
            key: recording.key.as_str().to_owned(),
            recording: recording.recording.clone(),
            name: recording.name.clone(),
            person: recording.person.clone(),
            bastion: recording.bastion.clone(),
            goes_at: recording.goes_at,
            then: recording.then.name().to_owned(),
        }
    }
}

impl ClassForm {
    fn class(self) -> Result<ExpiringClass, serde_json::Error> {
        let recordings = self.recordings.into_iter().map(RecordingForm::recording).collect::<Result<_, _>>()?;
        Ok(ExpiringClass { class: self.class, total: self.total, recordings })
    }
}

impl RecordingForm {
    fn recording(self) -> Result<ExpiringRecording, serde_json::Error> {
        Ok(ExpiringRecording {
            id: id(&self.id)?,
            key: key(&self.key)?,
            then: known(Then::parse(&self.then), "then", &self.then)?,
            recording: self.recording,
            name: self.name,
            person: self.person,
            bastion: self.bastion,
            goes_at: self.goes_at,
        })
    }
}

fn event(name: &str) -> Result<Event, serde_json::Error> {
    known(Event::parse(name), "event", name)
}

fn key(text: &str) -> Result<NotificationKey, serde_json::Error> {
    known(NotificationKey::parse(text), "notification key", text)
}
