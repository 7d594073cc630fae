//! Telemetry of the archivist's own queue messages.

use pipeline::Archivist;
use pipeline::message::Postmark;
use pipeline::ports::QueueName;
use telemetry::{TraceContext, names};
use tracing::Span;

use super::storage_event::seconds;

/// Records the message of the current call, which continues the trace of its sender.
pub fn message(archivist: &Archivist, function: &'static str, queue: QueueName, id: &str, payload: &[u8]) {
    if !telemetry::is_on() {
        return;
    }
    let (span, postmark) = (Span::current(), Postmark::from_message(payload));
    if let Some(context) = postmark.traceparent.as_deref().and_then(TraceContext::parse) {
        telemetry::continue_from(&span, context);
    }
    telemetry::attribute(&span, names::MESSAGING_SYSTEM, "azure_queue_storage");
    telemetry::attribute(&span, names::MESSAGING_OPERATION_TYPE, "process");
    telemetry::attribute(&span, names::MESSAGING_DESTINATION, queue.as_str());
    telemetry::attribute(&span, names::MESSAGING_MESSAGE_ID, id);
    if let Some(due) = postmark.due {
        let age = seconds(archivist.reading().now, due);
        telemetry::record(&names::QUEUE_AGE, age, &[(names::FAAS_NAME, function)]);
    }
}
