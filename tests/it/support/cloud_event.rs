//! Converts storage events to the CloudEvents schema.

use serde_json::{Value, json};

/// Converts an Event Grid event to CloudEvents.
pub fn cloud_event(event: &str) -> Value {
    let event: Value = serde_json::from_str(event).unwrap();
    json!({
        "specversion": "1.0",
        "source": event["topic"],
        "subject": event["subject"],
        "type": event["eventType"],
        "time": event["eventTime"],
        "id": event["id"],
        "data": event["data"],
    })
}

/// Trace id and span id of a traced event.
pub const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
pub const SPAN: &str = "00f067aa0ba902b7";

/// Like [`cloud_event`], but with a `traceparent` of [`TRACE`] and this span.
pub fn traced_event(event: &str, span: &str) -> Value {
    let mut event = cloud_event(event);
    event["traceparent"] = json!(format!("00-{TRACE}-{span}-01"));
    event
}
