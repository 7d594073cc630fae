//! A queue message on its way to a function.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::binding_data::{in_quotes, merge_members};
use super::{Body, Sys};

/// A message as the host takes it from a queue.
#[derive(Debug, Clone)]
pub struct QueueMessage<'a> {
    /// The message's text, after the host has taken off the queue's base64.
    pub text: &'a str,
    /// The message's id.
    pub id: &'a str,
    /// How often the message has been taken, this time included.
    pub dequeue_count: u64,
    /// When it was put into the queue.
    pub inserted_at: Timestamp,
    /// When the queue drops it.
    pub expires_at: Timestamp,
    /// When it becomes visible again unless this invocation succeeds.
    pub next_visible_at: Timestamp,
    /// The receipt for this taking.
    pub pop_receipt: &'a str,
}

impl QueueMessage<'_> {
    /// Writes the body of the invocation, with the message as the value of the binding with this name.
    ///
    /// The text travels as JSON text inside a JSON string, and a message that is a JSON object leaks its
    /// members into `Metadata`, as with the real host.
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

/// A time in queue metadata: cut to whole seconds, with an offset instead of `Z`.
fn queue_time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
