//! Telemetry of one storage event.

use domain::record::blob::Happening;
use jiff::Timestamp;
use pipeline::Archivist;
use storage_events::{DecodedEvent, StorageEvent};
use telemetry::{SpanKind, TraceContext, names};
use tracing::{Span, trace_span};

use super::super::outcome::InvocationOutcome;

/// A storage event in progress.
#[derive(Debug)]
pub struct EventInProgress {
    /// Span of the processing.
    pub span: Span,
}

impl EventInProgress {
    /// Starts one element of a call; `is_alone` is true if the call has no other element.
    ///
    /// The span is linked to the trace of the event's origin. A single event also makes the call continue
    /// that trace, so one trace covers event and notification. With several events, none determines the
    /// trace of the call.
    pub fn begin(archivist: &Archivist, function: &'static str, element: &DecodedEvent<'_>, is_alone: bool) -> Self {
        let DecodedEvent::Blob(event) = element else {
            return Self { span: trace_span!("process") };
        };
        let origin = &event.origin;
        let made_by = origin.traceparent.as_deref().and_then(TraceContext::parse);
        if let Some(context) = made_by.filter(|_| is_alone) {
            telemetry::continue_from(&Span::current(), context);
        }
        let span = trace_span!("process");
        if !telemetry::is_on() {
            return Self { span };
        }
        if let Some(context) = made_by {
            telemetry::link(&span, context);
        }
        telemetry::kind(&span, SpanKind::Consumer);
        telemetry::attribute(&span, names::MESSAGING_SYSTEM, "eventgrid");
        telemetry::attribute(&span, names::MESSAGING_OPERATION_TYPE, "process");
        telemetry::attribute(&span, names::MESSAGING_MESSAGE_ID, &*event.id);
        if origin.is_cloud_event {
            telemetry::attribute(&span, names::CLOUDEVENTS_ID, &*event.id);
            telemetry::attribute(&span, names::CLOUDEVENTS_SOURCE, &*origin.resource);
            telemetry::attribute(&span, names::CLOUDEVENTS_TYPE, &*origin.kind);
            telemetry::attribute(&span, names::CLOUDEVENTS_SPEC_VERSION, "1.0");
        }
        let age = seconds(archivist.reading().now, event.event.at);
        telemetry::record(&names::QUEUE_AGE, age, &[(names::FAAS_NAME, function)]);
        Self { span }
    }

    /// Records the outcome.
    pub fn end(&self, outcome: InvocationOutcome) {
        telemetry::attribute(&self.span, names::OUTCOME, outcome.label());
        if let InvocationOutcome::Transient(reason) | InvocationOutcome::Quarantined(reason) = outcome {
            telemetry::failed(&self.span, reason);
        }
    }
}

/// Records the lag from an event to its entry in the catalogue.
pub fn catalogued(archivist: &Archivist, function: &'static str, event: &StorageEvent<'_>) {
    if telemetry::is_on() {
        let labels = [(names::FAAS_NAME, function), (names::HAPPENING, happening(&event.event.what))];
        telemetry::record(&names::LAG, seconds(archivist.reading().now, event.event.at), &labels);
    }
}

/// Name of an event in metrics and log lines.
pub fn happening(what: &Happening) -> &'static str {
    match what {
        Happening::Written { .. } => "written",
        Happening::Deleted(_) => "deleted",
        Happening::TierChanged => "tier_changed",
    }
}

/// Seconds from `then` to `now`. Clocks differ, so a time in the future counts as zero.
pub(super) fn seconds(now: Timestamp, then: Timestamp) -> f64 {
    now.duration_since(then).as_secs_f64().max(0.0)
}
