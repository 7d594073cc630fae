use std::borrow::Cow;

use pipeline::ports::Envelope;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A frozen body, as far as an event repeats it in its attributes.
#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    // Raw, because the order of facts and a name that stands there twice are lost in any map.
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
    /// The format has no empty one.
    #[serde(skip_serializing_if = "str::is_empty")]
    subject: &'a str,
    time: &'a str,
    datacontenttype: &'a str,
    /// The extension for distributed tracing: a topic passes on what is in the event, and no headers.
    #[serde(skip_serializing_if = "Option::is_none")]
    traceparent: Option<&'a str>,
    data: &'a RawValue,
}

/// The event that tells of a notification, as JSON text. Fails for a body that is not one of ours.
pub(super) fn encode(source: &str, envelope: &Envelope<'_>) -> Result<String, serde_json::Error> {
    let body: Body<'_> = serde_json::from_str(envelope.body)?;
    let data: Data<'_> = serde_json::from_str(body.data.get())?;
    serde_json::to_string(&CloudEvent {
        specversion: "1.0",
        id: envelope.id.as_str(),
        source,
        // A body that was frozen before an upgrade keeps the version that it was written in.
        r#type: format!("dev.bastion-archivist.{}.v{}", envelope.event.name(), data.version),
        subject: &data.subject,
        time: &body.timestamp,
        datacontenttype: "application/json",
        traceparent: envelope.traceparent,
        data: body.data,
    })
}
