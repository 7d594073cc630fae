use serde::Serialize;

use super::{Attribute, Attributes, Scope, attributes_of, written};
use crate::Resource;
use crate::context::{TraceContext, hex};
use crate::span::{SpanKind, TraceSpan};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    resource_spans: [ResourceSpans<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourceSpans<'a> {
    resource: Attributes<'a>,
    scope_spans: [ScopeSpans<'a>; 1],
}

#[derive(Serialize)]
struct ScopeSpans<'a> {
    scope: Scope,
    spans: Vec<Wire<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(flatten)]
    own: Link,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_span_id: Option<String>,
    name: &'a str,
    kind: u8,
    start_time_unix_nano: String,
    end_time_unix_nano: String,
    attributes: Vec<Attribute<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link>,
    status: Status,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Link {
    trace_id: String,
    span_id: String,
}

#[derive(Serialize)]
struct Status {
    /// 0 if unset, 2 for a failure.
    code: u8,
}

/// Serializes a request with these spans.
pub(crate) fn traces(resource: &Resource, spans: &[TraceSpan]) -> String {
    let spans = spans.iter().map(Wire::from_span).collect();
    let scope_spans = [ScopeSpans { scope: Scope::from_resource(resource), spans }];
    written(&Request { resource_spans: [ResourceSpans { resource: attributes_of(resource), scope_spans }] })
}

impl<'a> Wire<'a> {
    fn from_span(span: &'a TraceSpan) -> Self {
        Self {
            own: Link::from_context(span.context),
            parent_span_id: span.parent.map(|parent| hex(&parent)),
            name: span.name,
            kind: match span.kind {
                SpanKind::Internal => 1,
                SpanKind::Server => 2,
                SpanKind::Client => 3,
                SpanKind::Producer => 4,
                SpanKind::Consumer => 5,
            },
            start_time_unix_nano: span.begin.to_string(),
            end_time_unix_nano: span.end.to_string(),
            attributes: span.attributes.iter().map(|(name, value)| Attribute::new(name, value)).collect(),
            links: span.links.iter().copied().map(Link::from_context).collect(),
            status: Status { code: if span.is_failed { 2 } else { 0 } },
        }
    }
}

impl Link {
    fn from_context(context: TraceContext) -> Self {
        Self { trace_id: hex(&context.trace), span_id: hex(&context.span) }
    }
}
