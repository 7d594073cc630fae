//! Tests that recorded data reaches the collector and that recording never blocks.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value as Json;
use telemetry::{NotSent, Resource, Sending, Signal, TraceContext, TraceLayer, names, wanted};
use tokio::time::Instant;
use tracing::info_span;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;

const ELSEWHERE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Records requests and responds as configured.
#[derive(Default)]
struct Desk {
    sent: Mutex<Vec<(Signal, Json)>>,
    manner: Manner,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Manner {
    #[default]
    Takes,
    Refuses,
    Hangs,
}

#[async_trait]
impl Sending for Desk {
    async fn send(&self, signal: Signal, body: String) -> Result<(), NotSent> {
        self.sent.lock().unwrap().push((signal, serde_json::from_str(&body).unwrap()));
        match self.manner {
            Manner::Takes => Ok(()),
            Manner::Refuses => Err(NotSent("503".into())),
            Manner::Hangs => std::future::pending().await,
        }
    }
}

impl Desk {
    fn that(manner: Manner) -> Arc<Self> {
        Arc::new(Self { manner, ..Self::default() })
    }

    fn spans(&self) -> Vec<Json> {
        let sent = self.sent.lock().unwrap();
        let requests = sent.iter().filter(|(signal, _)| *signal == Signal::Traces);
        let spans =
            requests.flat_map(|(_, body)| body.pointer("/resourceSpans/0/scopeSpans/0/spans").unwrap().as_array());
        spans.flatten().cloned().collect()
    }

    fn span(&self, name: &str) -> Json {
        self.spans().into_iter().find(|span| span["name"] == name).unwrap()
    }

    fn metric(&self, name: &str) -> Json {
        let sent = self.sent.lock().unwrap();
        let (_, newest) = sent.iter().rev().find(|(signal, _)| *signal == Signal::Metrics).unwrap();
        let metrics = newest.pointer("/resourceMetrics/0/scopeMetrics/0/metrics").unwrap().as_array().unwrap();
        metrics.iter().find(|metric| metric["name"] == name).unwrap().clone()
    }
}

fn begin(desk: &Arc<Desk>) -> (telemetry::Collection, DefaultGuard) {
    let resource = Resource { service: "archivist".into(), version: "1", app: Some("func".into()) };
    let ticks = AtomicU64::new(0);
    let (layer, collection): (TraceLayer, _) =
        telemetry::start(resource, move || ticks.fetch_add(1, Ordering::Relaxed), desk.clone());
    let subscriber = tracing_subscriber::registry().with(layer.with_filter(filter_fn(wanted)));
    (collection, subscriber.set_default())
}

fn call() -> tracing::Span {
    info_span!(target: "functions", "call")
}

#[tokio::test(start_paused = true)]
async fn a_span_and_its_child_are_sent_with_only_their_attributes() {
    let desk = Desk::that(Manner::Takes);
    let (collection, _guard) = begin(&desk);
    {
        let call = info_span!(target: "functions", "call", secret = "sig=abc");
        telemetry::continue_from(&call, TraceContext::parse(ELSEWHERE).unwrap());
        telemetry::attribute(&call, names::FAAS_TRIGGER, "pubsub");
        telemetry::kind(&call, telemetry::SpanKind::Consumer);
        let _entered = call.enter();
        let child = info_span!(target: "functions::somewhere", "child");
        telemetry::failed(&child, "not_saved");
        drop(info_span!(target: "azure_core", "get https://account/secret"));
        tracing::info!(target: "functions", "a line with a secret");
    }
    collection.end(Duration::from_secs(1)).await;

    assert_eq!(desk.spans().len(), 2);
    let (call, child) = (desk.span("call"), desk.span("child"));
    assert_eq!(call["traceId"], "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(call["parentSpanId"], "00f067aa0ba902b7");
    assert_eq!(call["kind"], 5);
    assert_eq!(call["attributes"].to_string(), r#"[{"key":"faas.trigger","value":{"stringValue":"pubsub"}}]"#);
    assert_eq!((&child["traceId"], &child["parentSpanId"]), (&call["traceId"], &call["spanId"]));
    assert_eq!(child["status"]["code"], 2);
    assert!(!format!("{:?}", desk.sent.lock().unwrap()).contains("secret"));
}

#[tokio::test(start_paused = true)]
async fn an_unsampled_trace_is_propagated_and_not_sent() {
    let desk = Desk::that(Manner::Takes);
    let (collection, _guard) = begin(&desk);
    let call = call();
    telemetry::continue_from(&call, TraceContext::parse(&ELSEWHERE.replace("-01", "-00")).unwrap());
    let child = call.in_scope(|| info_span!(target: "functions", "child"));
    let passed_on = telemetry::context(&child).unwrap().to_string();
    drop((call, child));
    collection.end(Duration::from_secs(1)).await;

    assert!(passed_on.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && passed_on.ends_with("-00"), "{passed_on}");
    assert!(desk.spans().is_empty());
}

#[tokio::test(start_paused = true)]
async fn spans_are_sent_seconds_after_the_first_and_metrics_every_minute() {
    let desk = Desk::that(Manner::Takes);
    let (_collection, _guard) = begin(&desk);
    let passes =
        async |seconds| drop(tokio::time::timeout(Duration::from_secs(seconds), std::future::pending::<()>()).await);
    drop(call());
    passes(3).await;
    drop(call());
    assert!(desk.spans().is_empty());
    passes(3).await;
    assert_eq!(desk.spans().len(), 2);

    telemetry::count(&names::OUTCOMES, &[(names::OUTCOME, "applied")]);
    tracing::event!(target: "metrics", tracing::Level::TRACE, { "counter.archivist.effects" = 2_u64, effect = "tags" });
    telemetry::record(&names::LAG, 1.5, &[]);
    passes(60).await;
    let outcomes = desk.metric("archivist.outcomes");
    assert_eq!(outcomes.pointer("/sum/dataPoints/0/asInt").unwrap(), "1");
    assert_eq!(desk.metric("archivist.effects").pointer("/sum/dataPoints/0/asInt").unwrap(), "2");
    assert_eq!(desk.metric("archivist.event.lag").pointer("/histogram/dataPoints/0/sum").unwrap(), 1.5);
}

#[tokio::test(start_paused = true)]
async fn a_hanging_collector_delays_no_work_and_drops_are_counted() {
    let desk = Desk::that(Manner::Hangs);
    let (collection, _guard) = begin(&desk);
    let began = Instant::now();
    for _ in 0..10_000 {
        drop(call());
        tokio::task::yield_now().await;
    }
    assert_eq!(Instant::now(), began, "no caller has waited");
    assert_eq!(desk.spans().len(), 512, "one request is under way");

    collection.end(Duration::from_secs(2)).await;
    assert_eq!(began.elapsed().as_secs(), 2, "and the end is bounded");
}

#[tokio::test(start_paused = true)]
async fn a_refused_export_is_counted_as_dropped() {
    let desk = Desk::that(Manner::Refuses);
    let (collection, _guard) = begin(&desk);
    drop((call(), call(), call()));
    collection.end(Duration::from_secs(2)).await;
    assert_eq!(desk.metric("archivist.telemetry.dropped").pointer("/sum/dataPoints/0/asInt").unwrap(), "3");
}

#[test]
fn without_a_collector_telemetry_does_nothing() {
    let call = call();
    telemetry::attribute(&call, names::FAAS_TRIGGER, "pubsub");
    telemetry::count(&names::OUTCOMES, &[]);
    assert_eq!(telemetry::context(&call), None);
    assert_eq!(telemetry::name_of("recording_landed"), None);
    assert!(!telemetry::is_on());
}
