//! Traces and metrics by the conventions of OpenTelemetry.
//!
//! Whoever works opens spans of `tracing` and tells of them with the functions of `current` and those
//! beside it, which do nothing where nobody listens. A [`TraceLayer`] listens, and a [`Collection`] sends what it heard to a
//! collector, as OTLP over HTTP in JSON. Nothing that is told ever waits: what finds no room is dropped and counted.
//!
//! Only what is told by these functions leaves the process. Fields of spans and lines of logs do not.

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
pub use names::{Metric, MetricKind};
pub use span::{Kind, Value};

/// Who the process is, for a collector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// `service.name`.
    pub service: String,
    /// `service.version`.
    pub version: &'static str,
    /// The function app, where the process runs in one.
    pub app: Option<String>,
}
