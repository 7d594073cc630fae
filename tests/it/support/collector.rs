//! A trace collector on loopback that accepts OTLP over HTTP in JSON and checks its form strictly.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde::Deserialize;
use serde_json::Value;
use tokio::net::TcpListener;

/// Stores everything it receives.
pub struct Collector {
    address: SocketAddr,
    desk: Arc<Desk>,
}

#[derive(Default)]
struct Desk {
    spans: Mutex<Vec<Span>>,
    metrics: Mutex<Vec<Metric>>,
    /// Every body with its headers as text.
    seen: Mutex<String>,
}

/// A span as in `opentelemetry/proto/trace/v1/trace.proto`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Span {
    pub trace_id: String,
    pub span_id: String,
    #[serde(default)]
    pub parent_span_id: String,
    pub name: String,
    pub kind: u8,
    #[serde(deserialize_with = "fixed64")]
    pub start_time_unix_nano: u64,
    #[serde(deserialize_with = "fixed64")]
    pub end_time_unix_nano: u64,
    pub attributes: Vec<KeyValue>,
    #[serde(default)]
    pub links: Vec<SpanLink>,
    pub status: Status,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyValue {
    pub key: String,
    pub value: AnyValue,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::enum_variant_names, reason = "the names of the protocol")]
pub enum AnyValue {
    StringValue(String),
    BoolValue(bool),
    /// A decimal text, as in JSON.
    IntValue(String),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SpanLink {
    pub trace_id: String,
    pub span_id: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    pub code: u8,
}

/// A metric as in `opentelemetry/proto/metrics/v1/metrics.proto`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Metric {
    pub name: String,
    pub unit: String,
    pub description: String,
    pub sum: Option<MetricPoints>,
    pub gauge: Option<MetricPoints>,
    pub histogram: Option<MetricPoints>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MetricPoints {
    pub data_points: Vec<Point>,
    #[serde(default)]
    pub aggregation_temporality: u8,
    #[serde(default)]
    pub is_monotonic: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Point {
    pub attributes: Vec<KeyValue>,
    #[serde(deserialize_with = "fixed64")]
    pub start_time_unix_nano: u64,
    #[serde(deserialize_with = "fixed64")]
    pub time_unix_nano: u64,
    pub as_int: Option<String>,
    pub count: Option<String>,
    pub sum: Option<f64>,
    #[serde(default)]
    pub bucket_counts: Vec<String>,
    #[serde(default)]
    pub explicit_bounds: Vec<f64>,
}

/// Parses a 64-bit number, which is a text in the JSON form of protocol buffers.
fn fixed64<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

impl Collector {
    /// Starts a collector.
    pub async fn start() -> Self {
        let desk = Arc::<Desk>::default();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/v1/traces", post(traces)).route("/v1/metrics", post(metrics));
        tokio::spawn(axum::serve(listener, router.with_state(desk.clone())).into_future());
        Self { address, desk }
    }

    /// Returns the value for `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns all spans in order of their ends.
    pub fn spans(&self) -> Vec<Span> {
        held(&self.desk.spans).clone()
    }

    /// Returns the only span of this name.
    pub fn span(&self, name: &str) -> Span {
        let spans = self.spans();
        let named: Vec<_> = spans.iter().filter(|span| span.name == name).collect();
        let [span] = named.as_slice() else { panic!("{name}: {spans:#?}") };
        (*span).clone()
    }

    /// Returns the newest points of a metric as `attribute=value ...: number`; for a histogram, the number is its
    /// count.
    pub fn metric(&self, name: &str) -> Vec<String> {
        let metrics = held(&self.desk.metrics);
        let Some(metric) = metrics.iter().rev().find(|metric| metric.name == name) else {
            return Vec::new();
        };
        assert!(!metric.unit.is_empty() && !metric.description.is_empty(), "{metric:?}");
        metric.is_well_formed();
        let points = metric.sum.iter().chain(&metric.gauge).chain(&metric.histogram).flat_map(|of| &of.data_points);
        let told = points.map(|point| {
            let labels: Vec<_> = point.attributes.iter().map(KeyValue::told).collect();
            let number = point.as_int.as_ref().or(point.count.as_ref()).expect("a number");
            format!("{}: {number}", labels.join(" "))
        });
        told.collect()
    }

    /// Returns all received headers and bodies.
    pub fn seen(&self) -> String {
        held(&self.desk.seen).clone()
    }
}

impl Metric {
    /// Checks the protocol's rules for sums and histograms.
    fn is_well_formed(&self) {
        assert!(self.sum.iter().all(|sum| sum.is_monotonic && sum.aggregation_temporality == 2), "{self:?}");
        assert!(self.histogram.iter().all(|of| of.aggregation_temporality == 2), "{self:?}");
        for point in self.histogram.iter().flat_map(|of| &of.data_points) {
            let counts = point.bucket_counts.iter().map(|count| count.parse::<u64>().unwrap());
            assert_eq!(Some(counts.sum::<u64>().to_string()), point.count, "{self:?}");
            assert_eq!(point.bucket_counts.len(), point.explicit_bounds.len() + 1, "{self:?}");
            assert!(point.sum.unwrap() >= 0.0 && point.start_time_unix_nano <= point.time_unix_nano, "{self:?}");
        }
    }
}

impl Span {
    /// Returns an attribute as text.
    pub fn attribute(&self, key: &str) -> Option<String> {
        self.attributes.iter().find(|attribute| attribute.key == key).map(|attribute| attribute.value.text())
    }
}

impl KeyValue {
    fn told(&self) -> String {
        format!("{}={}", self.key, self.value.text())
    }
}

impl AnyValue {
    fn text(&self) -> String {
        match self {
            Self::StringValue(text) | Self::IntValue(text) => text.clone(),
            Self::BoolValue(flag) => flag.to_string(),
        }
    }
}

async fn traces(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    take(&desk, &headers, &body, ["resourceSpans", "scopeSpans", "spans"], &desk.spans)
}

async fn metrics(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    take(&desk, &headers, &body, ["resourceMetrics", "scopeMetrics", "metrics"], &desk.metrics)
}

/// Stores the items of a request. An item of the wrong form panics here, so the test misses it and fails.
fn take<T: serde::de::DeserializeOwned>(
    desk: &Desk,
    headers: &HeaderMap,
    body: &[u8],
    [resources, scopes, items]: [&str; 3],
    kept: &Mutex<Vec<T>>,
) -> StatusCode {
    held(&desk.seen).push_str(&format!("{headers:?} {}\n", String::from_utf8_lossy(body)));
    let is_json = headers.get("content-type").is_some_and(|kind| kind == "application/json");
    let Some(request) = serde_json::from_slice::<Value>(body).ok().filter(|_| is_json) else {
        return StatusCode::BAD_REQUEST;
    };
    for resource in request[resources].as_array().into_iter().flatten() {
        assert!(resource["resource"]["attributes"].is_array(), "{resource}");
        for scope in resource[scopes].as_array().into_iter().flatten() {
            assert!(scope["scope"]["name"].is_string(), "{scope}");
            match serde_json::from_value::<Vec<T>>(scope[items].clone()) {
                Ok(items) => held(kept).extend(items),
                Err(error) => panic!("{error}: {scope}"),
            }
        }
    }
    StatusCode::OK
}

fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
