//! Records spans and metrics in the [`TraceLayer`] of the current subscriber; does nothing without one.

use std::sync::atomic::Ordering;

use tracing::dispatcher::get_default;
use tracing_subscriber::Registry;
use tracing_subscriber::registry::{Extensions, LookupSpan};

use crate::context::TraceContext;
use crate::layer::{TraceLayer, UnsentData};
use crate::names::{self, MetricName};
use crate::span::{SpanKind, TraceSpan, Value};

/// Returns true if a [`TraceLayer`] is installed. Ask before computing values for it.
pub fn is_on() -> bool {
    with_unsent(|_| ()).is_some()
}

/// Sets which side of a call or message the span represents.
pub fn kind(span: &tracing::Span, kind: SpanKind) {
    with_span(span, |span| span.kind = kind);
}

/// Adds an attribute to the span; `name` is one of [`names`].
pub fn attribute<V: Into<Value>>(span: &tracing::Span, name: &'static str, value: V) {
    with_span(span, |span| span.attribute(name, value.into()));
}

/// Marks the span as failed; `why` is a constant word, never untrusted text.
pub fn failed(span: &tracing::Span, why: &str) {
    with_span(span, |span| {
        span.is_failed = true;
        span.attribute(names::ERROR_TYPE, why.into());
    });
}

/// Makes the span a child of a span in another process, or links it if it already has a parent. Call this before the
/// span has children.
pub fn continue_from(span: &tracing::Span, context: TraceContext) {
    with_span(span, |span| span.continue_from(context));
}

/// Links the span to a span in another process that is not its parent.
pub fn link(span: &tracing::Span, context: TraceContext) {
    with_span(span, |span| span.link(context));
}

/// Returns the context with which other processes continue from the span.
pub fn context(span: &tracing::Span) -> Option<TraceContext> {
    with_span(span, |span| span.context)
}

/// Like [`context`], for a layer of `tracing-subscriber` that holds the span's extensions.
pub fn context_in(extensions: &Extensions<'_>) -> Option<TraceContext> {
    extensions.get::<TraceSpan>().map(|span| span.context)
}

/// Returns the start of the span, in nanoseconds since 1970.
pub fn began(span: &tracing::Span) -> Option<u64> {
    with_span(span, |span| span.begin)
}

/// Increments a counter.
pub fn count(metric: &MetricName, labels: &[(&'static str, &str)]) {
    record(metric, 1.0, labels);
}

/// Records a value of a metric.
pub fn record(metric: &MetricName, value: f64, labels: &[(&'static str, &str)]) {
    with_unsent(|unsent| {
        let labels = labels.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
        unsent.metrics.take(metric, value, &labels);
    });
}

/// Returns the name of a function within its app, and true on the first call in this process. Returns `None` if no
/// [`TraceLayer`] is installed.
pub fn name_of(function: &str) -> Option<(String, bool)> {
    with_unsent(|unsent| {
        let is_first = !unsent.had_call.swap(true, Ordering::Relaxed);
        let name = unsent.app.as_ref().map_or_else(|| function.to_owned(), |app| format!("{app}/{function}"));
        (name, is_first)
    })
}

fn with_unsent<T>(record: impl FnOnce(&UnsentData) -> T) -> Option<T> {
    let mut record = Some(record);
    get_default(|dispatch| {
        let layer = dispatch.downcast_ref::<TraceLayer>()?;
        record.take().map(|record| record(layer.unsent()))
    })
}

fn with_span<T>(span: &tracing::Span, record: impl FnOnce(&mut TraceSpan) -> T) -> Option<T> {
    let recorded = span.with_subscriber(|(id, dispatch)| {
        let span = dispatch.downcast_ref::<Registry>()?.span(id)?;
        let mut extensions = span.extensions_mut();
        extensions.get_mut::<TraceSpan>().map(record)
    });
    recorded.flatten()
}
