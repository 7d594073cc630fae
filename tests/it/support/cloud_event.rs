//! The other schema in which storage tells of a blob.

use serde_json::{Value, json};

/// The same event in it.
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

/// The same, made by this span of a trace.
pub fn traced_event(event: &str, trace: &str, span: &str) -> Value {
    let mut event = cloud_event(event);
    event["traceparent"] = json!(format!("00-{trace}-{span}-01"));
    event
}
