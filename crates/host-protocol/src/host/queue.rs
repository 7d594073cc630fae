//! Invocations by queue messages.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::binding_data::{in_quotes, merge_members};
use super::{Body, Sys};

/// Message as the host receives it from a queue.
#[derive(Debug, Clone)]
pub struct HostQueueMessage<'a> {
    /// Text of the message, after the host decoded the queue's base64.
    pub text: &'a str,
    /// Id of the message.
    pub id: &'a str,
    /// Number of deliveries so far, including this one.
    pub dequeue_count: u64,
    /// Time at which the message was enqueued.
    pub inserted_at: Timestamp,
    /// Time at which the queue drops the message.
    pub expires_at: Timestamp,
    /// Time at which the message becomes visible again unless this invocation succeeds.
    pub next_visible_at: Timestamp,
    /// Receipt of this delivery.
    pub pop_receipt: &'a str,
}

impl HostQueueMessage<'_> {
    /// Writes the body of the invocation, with the message as the value of `binding`.
    ///
    /// The text is JSON text inside a JSON string, and the members of a message that is a JSON object leak into
    /// `Metadata`, as with the real host.
    ///
    /// # Errors
    /// Returns an error if the body cannot be serialized.
    pub fn invocation(&self, binding: &str, sys: &Sys<'_>) -> Result<String, serde_json::Error> {
        let mut metadata = Map::new();
        metadata.insert("DequeueCount".to_owned(), Value::String(self.dequeue_count.to_string()));
        metadata.insert("ExpirationTime".to_owned(), Value::String(queue_time(self.expires_at)));
        metadata.insert("Id".to_owned(), in_quotes(&self.id.into()));
        metadata.insert("InsertionTime".to_owned(), Value::String(queue_time(self.inserted_at)));
        metadata.insert("NextVisibleTime".to_owned(), Value::String(queue_time(self.next_visible_at)));
        metadata.insert("PopReceipt".to_owned(), in_quotes(&self.pop_receipt.into()));
        metadata.insert("sys".to_owned(), serde_json::to_value(sys)?);
        merge_members(&mut metadata, self.text);
        serde_json::to_string(&Body { data: json!({ binding: in_quotes(&self.text.into()) }), metadata })
    }
}

/// Formats a time for queue metadata: truncated to whole seconds, with an offset instead of `Z`.
fn queue_time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
