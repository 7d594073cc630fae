//! Traces and metrics by the OpenTelemetry conventions.
//!
//! The instrumented code opens spans of `tracing` and records data with the functions of `current`, which do nothing
//! if no layer is installed. A [`TraceLayer`] receives the data, and a [`Collection`] sends it to a collector, as OTLP
//! over HTTP in JSON. Recording never blocks: a span that finds the queue full is dropped and counted.
//!
//! Only data recorded with these functions leaves the process. Span fields and log lines do not.

mod collection;
mod context;
mod current;
mod endpoint;
mod ids;
mod layer;
mod metrics;
pub mod names;
mod otlp;
mod span;

pub use collection::{Collection, NotSent, Sending, Signal, start};
pub use context::TraceContext;
pub use current::{
    attribute, began, context, context_in, continue_from, count, failed, is_on, kind, link, name_of, record,
};
pub use endpoint::{Endpoint, EndpointError};
pub use layer::{TraceLayer, wanted};
pub use names::{MetricKind, MetricName};
pub use span::{SpanKind, Value};

/// Identity of the process in a collector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// `service.name`.
    pub service: String,
    /// `service.version`.
    pub version: &'static str,
    /// Name of the function app, if the process runs in one.
    pub app: Option<String>,
}
