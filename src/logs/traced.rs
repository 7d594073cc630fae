//! Adds trace ids to log lines.

use std::fmt;

use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Adds the ids of trace and span to JSON lines, each an object. Lines outside of a span, or without a
/// collector, are unchanged.
pub struct Traced<F>(pub F);

impl<S, N, F> FormatEvent<S, N> for Traced<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, about: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let context = about.parent_span().and_then(|span| telemetry::context_in(&span.extensions()));
        let Some(context) = context else {
            return self.0.format_event(about, writer, event);
        };
        let mut line = String::new();
        self.0.format_event(about, Writer::new(&mut line), event)?;
        let line = line.trim_end();
        match line.strip_suffix('}') {
            Some(object) => {
                writeln!(writer, r#"{object},"trace_id":"{}","span_id":"{}"}}"#, context.trace_id(), context.span_id())
            }
            None => writeln!(writer, "{line}"),
        }
    }
}
