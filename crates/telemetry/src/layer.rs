//! Tracing layer for spans and metrics.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::mpsc;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::context::TraceContext;
use crate::ids::Ids;
use crate::metrics::{Labels, Metrics};
use crate::names::{METRICS, MetricKind, MetricName};
use crate::span::{SpanKind, TraceSpan};

/// Target of events with a metric instead of a log line.
const METRICS_TARGET: &str = "metrics";

/// Filter of the [`TraceLayer`]: passes spans of the function app and metrics. Lower layers are excluded, because
/// their spans contain private addresses and names.
pub fn wanted(metadata: &Metadata<'_>) -> bool {
    if metadata.is_span() {
        ["functions", "wiring"].iter().any(|ours| metadata.target().starts_with(ours))
    } else {
        metadata.target() == METRICS_TARGET
    }
}

/// Receives spans and metrics and keeps them for a [`Collection`](crate::Collection). Install it on the registry of
/// `tracing-subscriber`, behind the filter [`wanted`].
#[derive(Clone)]
pub struct TraceLayer(Arc<UnsentData>);

/// Received but unsent data.
pub(crate) struct UnsentData {
    pub ids: Ids,
    pub now: Box<dyn Fn() -> u64 + Send + Sync>,
    pub over: mpsc::Sender<TraceSpan>,
    pub dropped: AtomicU64,
    pub metrics: Metrics,
    pub app: Option<String>,
    pub had_call: AtomicBool,
}

impl TraceLayer {
    pub(crate) fn new(unsent: Arc<UnsentData>) -> Self {
        Self(unsent)
    }

    pub(crate) fn unsent(&self) -> &UnsentData {
        &self.0
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for TraceLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let unsent = self.unsent();
        let parent =
            span.scope().skip(1).find_map(|above| above.extensions().get::<TraceSpan>().map(|span| span.context));
        let own = TraceContext {
            trace: parent.map_or_else(|| unsent.ids.trace(), |parent| parent.trace),
            span: unsent.ids.span(),
            is_sampled: parent.is_none_or(|parent| parent.is_sampled),
        };
        let begin = (unsent.now)();
        span.extensions_mut().insert(TraceSpan {
            context: own,
            parent: parent.map(|parent| parent.span),
            name: attributes.metadata().name(),
            kind: SpanKind::default(),
            begin,
            end: begin,
            attributes: Vec::new(),
            links: Vec::new(),
            is_failed: false,
        });
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(mut span) = span.extensions_mut().remove::<TraceSpan>().filter(|span| span.context.is_sampled) else {
            return;
        };
        let unsent = self.unsent();
        span.end = (unsent.now)().max(span.begin);
        // Instrumentation must not block the work: a span that finds the queue full is dropped and counted.
        if unsent.over.try_send(span).is_err() {
            unsent.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == METRICS_TARGET {
            let mut number = Number::default();
            event.record(&mut number);
            if let Some((metric, value)) = number.found {
                self.unsent().metrics.take(metric, value, &number.labels);
            }
        }
    }
}

impl fmt::Debug for TraceLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceLayer").finish_non_exhaustive()
    }
}

/// Event with a metric: one field is named `counter.`, `gauge.` or `histogram.` followed by the metric; the other
/// fields are its attributes.
#[derive(Default)]
struct Number {
    found: Option<(&'static MetricName, f64)>,
    labels: Labels,
}

impl Number {
    fn number(&mut self, field: &Field, value: f64) {
        let metric = field
            .name()
            .split_once('.')
            .and_then(|(kind, name)| METRICS.iter().find(|metric| metric.name == name && prefix(metric.kind) == kind));
        if let Some(metric) = metric {
            self.found = Some((metric, value));
        }
    }
}

fn prefix(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Counter => "counter",
        MetricKind::Gauge => "gauge",
        MetricKind::Histogram(_) => "histogram",
    }
}

impl Visit for Number {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.number(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.number(field, value as f64);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.number(field, value as f64);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.labels.push((field.name(), value.to_owned()));
    }

    /// Ignored, because `Debug` output may contain anything; attributes are texts only.
    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
