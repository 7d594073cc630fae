//! Telemetry of one function call.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use telemetry::{MetricName, SpanKind, TraceContext, names};
use tokio::time::Instant;
use tracing::Span;

use super::super::id::invocation_id;
use super::super::outcome::InvocationOutcome;
use crate::registry::FUNCTIONS;

/// A call in progress. Empty without a collector.
#[derive(Debug)]
pub struct CallSpan(Option<UnderWay>);

#[derive(Debug)]
struct UnderWay {
    span: Span,
    labels: [(&'static str, &'static str); 2],
    began: Instant,
}

impl CallSpan {
    /// Starts a call that runs in `span`. Continues the trace of the host, if the host sends one.
    pub fn begin(function: &'static str, span: &Span, invocation: &str, headers: &HeaderMap) -> Self {
        let Some((name, is_first)) = telemetry::name_of(function) else {
            return Self(None);
        };
        if let Some(context) = headers.get("traceparent").and_then(|text| TraceContext::parse(text.to_str().ok()?)) {
            telemetry::continue_from(span, context);
        }
        let trigger = trigger(function);
        let kind = match trigger {
            "http" => SpanKind::Server,
            "pubsub" => SpanKind::Consumer,
            _ => SpanKind::Internal,
        };
        telemetry::kind(span, kind);
        telemetry::attribute(span, names::FAAS_NAME, name.as_str());
        telemetry::attribute(span, names::FAAS_TRIGGER, trigger);
        telemetry::attribute(span, names::FAAS_COLDSTART, is_first);
        if trigger == "timer"
            && let Some((schedule, at)) = schedule(function).zip(telemetry::began(span).and_then(utc))
        {
            telemetry::attribute(span, names::FAAS_CRON, schedule.as_str());
            telemetry::attribute(span, names::FAAS_TIME, at.as_str());
        }
        if !invocation.is_empty() {
            telemetry::attribute(span, names::FAAS_INVOCATION_ID, invocation);
        }
        let labels = [(names::FAAS_NAME, function), (names::FAAS_TRIGGER, trigger)];
        if is_first {
            telemetry::count(&names::COLDSTARTS, &labels);
        }
        Self(Some(UnderWay { span: span.clone(), labels, began: Instant::now() }))
    }

    /// Starts a request below a route. The path is not recorded, because it may contain names of people.
    pub fn of_a_request(function: &'static str, span: &Span, head: &Parts, route: &'static str) -> Self {
        let call = Self::begin(function, span, invocation_id(&head.headers), &head.headers);
        let known = [Method::GET, Method::HEAD, Method::POST].into_iter().find(|known| *known == head.method);
        telemetry::attribute(span, names::HTTP_METHOD, known.as_ref().map_or("_OTHER", Method::as_str));
        telemetry::attribute(span, names::HTTP_ROUTE, route);
        call
    }

    /// Records the outcome.
    pub fn end(self, outcome: InvocationOutcome) {
        let Some(call) = self.0 else { return };
        telemetry::attribute(&call.span, names::OUTCOME, outcome.label());
        if !outcome.reason().is_empty() {
            telemetry::attribute(&call.span, names::REASON, outcome.reason());
        }
        let ended = match outcome {
            InvocationOutcome::Transient("deadline") => &names::TIMEOUTS,
            _ => &names::INVOCATIONS,
        };
        let why = if outcome.reason().is_empty() { outcome.label() } else { outcome.reason() };
        let has_failed = matches!(outcome, InvocationOutcome::Transient(_) | InvocationOutcome::Panicked);
        call.end(ended, has_failed.then_some(why));
    }

    /// Records the answer of an HTTP request.
    pub fn answered(self, status: StatusCode) {
        let Some(call) = self.0 else { return };
        telemetry::attribute(&call.span, names::HTTP_STATUS, i64::from(status.as_u16()));
        call.end(&names::INVOCATIONS, status.is_server_error().then_some("not_answered"));
    }
}

impl UnderWay {
    fn end(&self, ended: &MetricName, failure: Option<&str>) {
        telemetry::count(ended, &self.labels);
        if let Some(why) = failure {
            telemetry::failed(&self.span, why);
            telemetry::count(&names::ERRORS, &self.labels);
        }
        telemetry::record(&names::INVOKE_DURATION, self.began.elapsed().as_secs_f64(), &self.labels);
    }
}

/// Returns the trigger of a function, in terms of the semantic conventions.
fn trigger(function: &str) -> &'static str {
    let document = document(function);
    let triggers = [("timerTrigger", "timer"), ("queueTrigger", "pubsub"), ("httpTrigger", "http")];
    triggers.into_iter().find(|(word, _)| document.contains(word)).map_or("other", |(_, trigger)| trigger)
}

/// Returns the schedule of a function, or `None` if its trigger is not a timer.
fn schedule(function: &str) -> Option<String> {
    let document: serde_json::Value = serde_json::from_str(document(function)).ok()?;
    let mut bindings = document["bindings"].as_array()?.iter();
    bindings.find_map(|binding| binding["schedule"].as_str()).map(str::to_owned)
}

/// Returns the `function.json` of a function.
fn document(function: &str) -> &'static str {
    FUNCTIONS.iter().find(|known| known.name == function).map_or("", |known| known.function_json)
}

/// Formats a time to the second, as the semantic conventions require.
fn utc(nanoseconds: u64) -> Option<String> {
    let seconds = i64::try_from(nanoseconds / 1_000_000_000).ok()?;
    Some(jiff::Timestamp::from_second(seconds).ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_timer_has_a_schedule_and_nothing_else_has_one() {
        for function in FUNCTIONS {
            assert_eq!(schedule(function.name).is_some(), trigger(function.name) == "timer", "{}", function.name);
        }
        assert_eq!(schedule("join_sweep").as_deref(), Some("0 * * * * *"));
    }

    #[test]
    fn every_function_has_a_trigger_that_the_conventions_know() {
        for function in FUNCTIONS {
            assert_ne!(trigger(function.name), "other", "{}", function.name);
        }
        assert_eq!(
            [trigger("recording_landed"), trigger("join_sweep"), trigger("catalogue_page")],
            ["pubsub", "timer", "http"]
        );
    }
}
