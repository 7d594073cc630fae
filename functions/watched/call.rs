//! One call of a function.

use axum::http::{HeaderMap, Method, StatusCode};
use telemetry::{Kind, TraceContext, names};
use tokio::time::Instant;
use tracing::Span;

use crate::invocation::Outcome;
use crate::router::FUNCTIONS;

/// A call under way.
#[derive(Debug)]
pub struct CallSpan {
    span: Span,
    function: &'static str,
    began: Instant,
}

impl CallSpan {
    /// The call that is worked on in this span. It goes on with the trace that the host names, if it names one.
    pub fn begin(function: &'static str, span: &Span, invocation: &str, headers: &HeaderMap) -> Self {
        let call = Self { span: span.clone(), function, began: Instant::now() };
        let Some((name, is_first)) = telemetry::name_of(function) else { return call };
        if let Some(context) = headers.get("traceparent").and_then(|text| TraceContext::parse(text.to_str().ok()?)) {
            telemetry::continue_from(span, context);
        }
        let trigger = trigger(function);
        let kind = match trigger {
            "http" => Kind::Server,
            "pubsub" => Kind::Consumer,
            _ => Kind::Internal,
        };
        telemetry::kind(span, kind);
        telemetry::attribute(span, names::FAAS_NAME, name.as_str());
        telemetry::attribute(span, names::FAAS_TRIGGER, trigger);
        telemetry::attribute(span, names::FAAS_COLDSTART, is_first);
        if !invocation.is_empty() {
            telemetry::attribute(span, names::FAAS_INVOCATION_ID, invocation);
        }
        if is_first {
            call.count(&telemetry::names::COLDSTARTS);
        }
        call
    }

    /// How it ended.
    pub fn end(self, outcome: Outcome) {
        telemetry::attribute(&self.span, names::OUTCOME, outcome.label());
        if !outcome.reason().is_empty() {
            telemetry::attribute(&self.span, names::REASON, outcome.reason());
        }
        match outcome {
            Outcome::Transient("deadline") => self.count(&names::TIMEOUTS),
            _ => self.count(&names::INVOCATIONS),
        }
        if let Outcome::Transient(_) | Outcome::Panicked = outcome {
            let why = if outcome.reason().is_empty() { outcome.label() } else { outcome.reason() };
            telemetry::failed(&self.span, why);
            self.count(&names::ERRORS);
        }
        self.took();
    }

    fn count(&self, metric: &telemetry::Metric) {
        telemetry::count(metric, &[(names::FAAS_NAME, self.function), (names::FAAS_TRIGGER, trigger(self.function))]);
    }

    fn took(&self) {
        let labels = [(names::FAAS_NAME, self.function), (names::FAAS_TRIGGER, trigger(self.function))];
        telemetry::record(&names::INVOKE_DURATION, self.began.elapsed().as_secs_f64(), &labels);
    }

    /// How it ended, where somebody sees a page.
    pub fn end_page(self, status: StatusCode) {
        telemetry::attribute(&self.span, names::HTTP_STATUS, i64::from(status.as_u16()));
        self.count(&names::INVOCATIONS);
        if status.is_server_error() {
            telemetry::failed(&self.span, "page_not_shown");
            self.count(&names::ERRORS);
        }
        self.took();
    }
}

/// A request for a page. What was asked for is not told: it may name people.
pub fn page(function: &'static str, span: &Span, method: &Method, headers: &HeaderMap) -> CallSpan {
    let call = CallSpan::begin(function, span, "", headers);
    let known = [Method::GET, Method::HEAD, Method::POST].into_iter().find(|known| known == method);
    telemetry::attribute(span, names::HTTP_METHOD, known.as_ref().map_or("_OTHER", Method::as_str));
    telemetry::attribute(span, names::HTTP_ROUTE, "/ui/{*path}");
    call
}

/// What makes the host call a function, in the words of the conventions.
fn trigger(function: &str) -> &'static str {
    let document = FUNCTIONS.iter().find(|known| known.name == function).map_or("", |known| known.function_json);
    let triggers = [("timerTrigger", "timer"), ("queueTrigger", "pubsub"), ("httpTrigger", "http")];
    triggers.into_iter().find(|(word, _)| document.contains(word)).map_or("other", |(_, trigger)| trigger)
}

#[cfg(test)]
mod tests {
    use super::*;

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
