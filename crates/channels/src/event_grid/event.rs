use std::borrow::Cow;

use pipeline::ports::ChannelMessage;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Members of a frozen body used as attributes of the event.
#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    // Raw, because a map would lose the order of the facts and repeated names.
    #[serde(borrow)]
    data: &'a RawValue,
}

#[derive(Deserialize)]
struct Data<'a> {
    version: u32,
    #[serde(borrow)]
    subject: Cow<'a, str>,
}

#[derive(Serialize)]
struct CloudEvent<'a> {
    specversion: &'a str,
    id: &'a str,
    source: &'a str,
    r#type: String,
    /// Absent if empty: CloudEvents forbids an empty subject.
    #[serde(skip_serializing_if = "str::is_empty")]
    subject: &'a str,
    time: &'a str,
    datacontenttype: &'a str,
    /// Extension for distributed tracing; a topic forwards the event but no headers.
    #[serde(skip_serializing_if = "Option::is_none")]
    traceparent: Option<&'a str>,
    data: &'a RawValue,
}

/// Encodes a notification as CloudEvent JSON. Returns an error if the body is not a notification.
pub(super) fn encode(source: &str, envelope: &ChannelMessage<'_>) -> Result<String, serde_json::Error> {
    let body: Body<'_> = serde_json::from_str(envelope.body)?;
    let data: Data<'_> = serde_json::from_str(body.data.get())?;
    serde_json::to_string(&CloudEvent {
        specversion: "1.0",
        id: envelope.id.as_str(),
        source,
        // A body frozen before an upgrade keeps the version it was written in.
        r#type: format!("dev.bastion-archivist.{}.v{}", envelope.event.name(), data.version),
        subject: &data.subject,
        time: &body.timestamp,
        datacontenttype: "application/json",
        traceparent: envelope.traceparent,
        data: body.data,
    })
}
