//! Serialises the body of a digest.

use std::collections::BTreeMap;

use domain::record::notification::{Event, NotificationId, NotificationKey};
use domain::record::notification_digest::{DigestLine, ExpiringClass, ExpiringRecording, NotificationDigest};
use serde_json::{Value, json};

use super::{Body, BodyError, Data, VERSION};

/// Serialises a notification digest as JSON: the count of each event, the most urgent notifications,
/// and the recordings about to be deleted by class.
pub(crate) fn digest_body(id: &NotificationId, digest: &NotificationDigest) -> Result<String, BodyError> {
    let total = digest.ids.len();
    let by_event: BTreeMap<&str, u64> = digest.by_event.iter().map(|(event, count)| (event.name(), *count)).collect();
    let lines: Vec<Value> = digest.lines.iter().map(line).collect();
    let mut facts = json!({ "total": total, "by_event": by_event, "lines": lines });
    if !digest.expiring.is_empty() {
        facts["expiring"] = digest.expiring.iter().map(class).collect();
    }
    let key = NotificationKey::derive(id.as_str(), Event::ChannelDigest);
    let body = Body {
        r#type: Event::ChannelDigest.name(),
        timestamp: digest.due.to_string(),
        data: Data {
            version: VERSION,
            id: id.as_str(),
            key: key.as_str(),
            severity: digest.severity().name(),
            subject: &format!("{total} notifications"),
            facts,
            link: None,
            configuration: None,
        },
    };
    serde_json::to_string(&body).map_err(|source| BodyError { id: id.as_str().to_owned(), source })
}

fn line(line: &DigestLine) -> Value {
    json!({
        "type": line.event.name(),
        "timestamp": line.at.to_string(),
        "id": line.id.as_str(),
        "key": line.key.as_str(),
        "severity": line.severity.name(),
        "subject": line.subject,
    })
}

fn class(list: &ExpiringClass) -> Value {
    json!({
        "class": list.class,
        "total": list.total,
        "recordings": list.recordings.iter().map(recording).collect::<Vec<_>>(),
    })
}

fn recording(of: &ExpiringRecording) -> Value {
    let mut recording = json!({
        "id": of.id.as_str(),
        "key": of.key.as_str(),
        "recording": of.recording,
        "name": of.name,
        "bastion": of.bastion,
        "goes_at": of.goes_at.to_string(),
        "then": of.then.name(),
    });
    if let Some(person) = &of.person {
        recording["person"] = json!(person);
    }
    recording
}
