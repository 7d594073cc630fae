//! Traces and metrics of events, messages and deliveries that a collector receives.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::Request;
use channels::client::{ClientSettings, GuardedClient};
use channels::webhook::{WebhookChannel, WebhookSettings};
use domain::address_guard::Loopback;
use functions::registry::FUNCTIONS;
use functions::serve::collect;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use telemetry::{Collection, NotSent, Resource, Sending, Signal, TraceLayer, wanted};
use tokio::time::Instant;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;
use wiring::settings::AppSettingNames;

use crate::support::{Collector, Receiver, SPAN, Span, TRACE, TestApp, envelope, traced_event};

const NAME: &str = "vm-web-01-azureadmin.3";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const AT_THE_END: Duration = Duration::from_secs(10);

fn watch(collector: &Collector) -> (Collection, DefaultGuard) {
    let settings = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=let%20me%20in".to_owned()),
        ("WEBSITE_SITE_NAME", "func-archivist".to_owned()),
    ];
    let (settings, problems) =
        AppSettingNames::read(settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    assert_eq!(problems, Vec::<String>::new());
    let (layer, collection) = collect(settings.collector.as_ref().unwrap()).unwrap();
    (collection, heard_by(layer))
}

fn heard_by(layer: TraceLayer) -> DefaultGuard {
    tracing_subscriber::registry().with(layer.with_filter(filter_fn(wanted))).set_default()
}

fn webhook(receiver: &Receiver) -> TestApp {
    let client = ClientSettings { loopback: Loopback::Allowed, ..ClientSettings::default() };
    let settings = WebhookSettings { url: receiver.url(), secrets: vec![SECRET.to_owned()] };
    let channel = WebhookChannel::new(&settings, GuardedClient::new(client).unwrap()).unwrap();
    TestApp::with_channel(Arc::new(channel))
}

#[tokio::test]
async fn an_event_and_its_webhook_call_share_one_trace() {
    let (collector, receiver) = (Collector::start().await, Receiver::start(&[500]).await);
    let (collection, _guard) = watch(&collector);
    let app = webhook(&receiver);
    assert_eq!(app.storage_event(&app.storage.upload(NAME, 4_096)).await, 200);
    app.advance(SignedDuration::from_mins(10));
    let deleted = traced_event(&app.storage.remove(NAME), SPAN);
    app.advance(SignedDuration::from_secs(7));
    assert_eq!(app.storage_event(&deleted.to_string()).await, 200);
    assert_eq!(app.deliver_all().await, [200]);
    app.advance(app.next_delivery_in().await);
    assert_eq!(app.deliver_all().await, [200]);
    collection.end(AT_THE_END).await;

    let spans: Vec<_> = collector.spans().into_iter().filter(|span| span.trace_id == TRACE).collect();
    let path = |mut at: String| {
        let mut names = Vec::new();
        while let Some(span) = spans.iter().find(|span| span.span_id == at) {
            names.push(span.name.as_str());
            at.clone_from(&span.parent_span_id);
        }
        (names, at)
    };
    // The first delivery failed; the next one continues its trace.
    let first = ["deliver", "notification_delivery", "send", "process", "recording_landed"];
    let second = [&["deliver", "notification_delivery", "send", "notification_delivery"], &first[2..]].concat();
    for (attempt, expected) in receiver.received().iter().zip([first.to_vec(), second]) {
        let traceparent = attempt.traceparent.as_deref().unwrap();
        let [_, trace, span, _] = traceparent.split('-').collect::<Vec<_>>()[..] else {
            panic!("{traceparent}")
        };
        assert_eq!(trace, TRACE);
        assert_eq!(path(span.to_owned()), (expected, SPAN.to_owned()), "{spans:#?}");
    }
    let process = spans.iter().find(|span| span.name == "process").unwrap();
    assert_eq!(process.links.iter().map(|link| link.span_id.as_str()).collect::<Vec<_>>(), [SPAN]);
    assert_eq!(process.attribute("messaging.system").as_deref(), Some("eventgrid"));
    assert_eq!(process.attribute("cloudevents.event_type").as_deref(), Some("Microsoft.Storage.BlobDeleted"));
    let call = spans.iter().find(|span| span.name == "recording_landed").unwrap();
    assert_eq!(call.kind, 5);
    assert_eq!(call.attribute("faas.name").as_deref(), Some("func-archivist/recording_landed"));
    assert_eq!(call.attribute("faas.trigger").as_deref(), Some("pubsub"));
    assert_eq!(call.attribute("faas.invocation_id").as_deref(), Some(envelope::INVOCATION_ID));
    assert_eq!(call.attribute("faas.coldstart").as_deref(), Some("false"), "the upload was the first");
    assert!(spans.iter().all(|span| span.start_time_unix_nano <= span.end_time_unix_nano));
}

#[tokio::test]
async fn metrics_cover_outcomes_lag_waiting_effects_and_channels() {
    let (collector, receiver) = (Collector::start().await, Receiver::start(&[]).await);
    let (collection, _guard) = watch(&collector);
    let app = webhook(&receiver);
    assert_eq!(app.storage_event(&app.storage.upload(NAME, 4_096)).await, 200);
    assert_eq!(app.storage_event("not an event").await, 200);
    assert_eq!(app.deliver_all().await, [200]);
    assert_eq!(app.host_fires("reconcile_sweep").await, 200);
    collection.end(AT_THE_END).await;

    assert_eq!(
        collector.metric("archivist.outcomes"),
        [
            "faas.name=notification_delivery archivist.outcome=applied archivist.reason=: 1",
            "faas.name=reconcile_sweep archivist.outcome=applied archivist.reason=: 1",
            "faas.name=recording_landed archivist.outcome=applied archivist.reason=: 1",
            "faas.name=recording_landed archivist.outcome=quarantined archivist.reason=malformed: 1",
        ]
    );
    assert_eq!(collector.metric("archivist.event.lag"), ["faas.name=recording_landed archivist.event.what=written: 1"]);
    assert_eq!(
        collector.metric("archivist.queue.age"),
        ["faas.name=notification_delivery: 1", "faas.name=recording_landed: 1"]
    );
    assert_eq!(collector.metric("archivist.channel.answers"), ["archivist.channel=only archivist.answer=accepted: 1"]);
    assert_eq!(
        collector.metric("archivist.effects"),
        ["archivist.effect=write_tags archivist.notification.type= archivist.outcome=done: 1"]
    );
    assert_eq!(collector.metric("archivist.recordings"), ["archivist.match=pending: 1"]);
    assert_eq!(collector.metric("archivist.gaps"), [": 0"]);
    assert_eq!(collector.metric("faas.coldstarts"), ["faas.name=recording_landed faas.trigger=pubsub: 1"]);
    assert_eq!(collector.metric("archivist.telemetry.dropped"), [": 0"]);
}

#[tokio::test]
async fn each_event_of_a_batch_is_linked_without_parenting_the_call() {
    let collector = Collector::start().await;
    let (collection, _guard) = watch(&collector);
    let app = TestApp::new();
    let spans = ["00f067aa0ba902b7", "00f067aa0ba902b8"];
    let events: Vec<_> = spans.iter().map(|span| traced_event(&app.storage.upload(span, 4_096), span)).collect();
    assert_eq!(app.storage_event(&json!(events).to_string()).await, 200);
    collection.end(AT_THE_END).await;

    let call = collector.span("recording_landed");
    assert!(call.parent_span_id.is_empty() && call.trace_id != TRACE, "{call:?}");
    let processed: Vec<_> = collector.spans().into_iter().filter(|span| span.name == "process").collect();
    assert_eq!(processed.len(), 2);
    for (process, span) in processed.iter().zip(spans) {
        assert_eq!((&process.trace_id, &process.parent_span_id), (&call.trace_id, &call.span_id));
        let [link] = process.links.as_slice() else { panic!("{process:?}") };
        assert_eq!((link.trace_id.as_str(), link.span_id.as_str()), (TRACE, span));
    }
}

#[tokio::test]
async fn the_trace_of_the_host_overrides_that_of_the_event() {
    const HOSTS: &str = "0af7651916cd43dd8448eb211c80319c";
    let collector = Collector::start().await;
    let (collection, _guard) = watch(&collector);
    let app = TestApp::new();
    let event = traced_event(&app.storage.upload(NAME, 4_096), SPAN).to_string();
    let now = "2025-11-05T09:00:00Z".parse().unwrap();
    let request = Request::post("/recording_landed")
        .header("traceparent", format!("00-{HOSTS}-b7ad6b7169203331-01"))
        .body(envelope::queue("recording_landed", &event, 1, now).into());
    assert_eq!(app.request(request.unwrap()).await.0, 200);
    collection.end(AT_THE_END).await;

    let call = collector.span("recording_landed");
    assert_eq!((call.trace_id.as_str(), call.parent_span_id.as_str()), (HOSTS, "b7ad6b7169203331"));
    for span in [&call, &collector.span("process")] {
        assert_eq!(span.links.iter().map(|link| link.trace_id.as_str()).collect::<Vec<_>>(), [TRACE]);
    }
}

#[tokio::test]
async fn a_timer_span_has_its_schedule_and_call_time() {
    let collector = Collector::start().await;
    let (collection, _guard) = watch(&collector);
    let app = TestApp::new();
    assert_eq!(app.storage_event(&app.storage.upload(NAME, 4_096)).await, 200);
    let mut timers = 0;
    for function in FUNCTIONS {
        let document: Value = serde_json::from_str(function.function_json).unwrap();
        if document["bindings"][0]["type"] == "timerTrigger" {
            assert_eq!(app.host_fires(function.name).await, 200, "{}", function.name);
            timers += 1;
        }
    }
    collection.end(AT_THE_END).await;

    let spans = collector.spans();
    let calls: Vec<_> =
        spans.iter().filter(|span| span.attribute("faas.trigger").as_deref() == Some("timer")).collect();
    assert_eq!(calls.len(), timers);
    for call in calls {
        let function = FUNCTIONS.iter().find(|function| function.name == call.name).unwrap();
        let document: Value = serde_json::from_str(function.function_json).unwrap();
        assert_eq!(call.attribute("faas.cron").as_deref(), document["bindings"][0]["schedule"].as_str());
        let at: Timestamp = call.attribute("faas.time").unwrap().parse().unwrap();
        assert_eq!(at.as_second().unsigned_abs(), call.start_time_unix_nano / 1_000_000_000);
    }
    let landed = collector.span("recording_landed");
    assert_eq!((landed.attribute("faas.cron"), landed.attribute("faas.time")), (None, None));
}

#[tokio::test]
async fn a_failed_call_has_an_error_type_of_ours() {
    let collector = Collector::start().await;
    let (collection, _guard) = watch(&collector);
    let app = TestApp::new();
    app.gate.fail("catalogue", pipeline::ports::FaultKind::Transient { retry_after: None });
    assert_eq!(app.storage_event(&app.storage.upload(NAME, 4_096)).await, 503);
    collection.end(AT_THE_END).await;

    let call = collector.span("recording_landed");
    assert_eq!((call.status.code, call.attribute("error.type").as_deref()), (2, Some("not_saved")));
    assert_eq!(collector.metric("faas.errors"), ["faas.name=recording_landed faas.trigger=pubsub: 1"]);
}

#[tokio::test]
async fn telemetry_contains_no_people_addresses_or_secrets() {
    let (collector, receiver) = (Collector::start().await, Receiver::start(&[]).await);
    let (collection, _guard) = watch(&collector);
    let app = webhook(&receiver);
    let name = "vm-web-01-jane.doe@contoso.example";
    assert_eq!(app.storage_event(&traced_event(&app.storage.upload(name, 4_096), SPAN).to_string()).await, 200);
    app.advance(SignedDuration::from_mins(10));
    assert_eq!(app.storage_event(&traced_event(&app.storage.remove(name), SPAN).to_string()).await, 200);
    assert_eq!(app.deliver_all().await, [200]);
    for asked in ["/ui/recordings?person=jane.doe&code=function-key", "/api/v1/recordings?person=jane.doe"] {
        app.request(Request::get(asked).body(axum::body::Body::empty()).unwrap()).await;
    }
    collection.end(AT_THE_END).await;

    let seen = collector.seen();
    assert!(
        seen.contains("catalogue_page") && seen.contains("catalogue_query") && seen.contains("\"let me in\""),
        "{seen}"
    );
    for kept in ["jane", "contoso", "vm-web", "function-key", "whsec", "/hook", "recordings?"] {
        assert!(!seen.contains(kept), "{kept}: {seen}");
    }
}

#[tokio::test]
async fn an_api_query_span_has_its_route_and_status() {
    let collector = Collector::start().await;
    let (collection, _guard) = watch(&collector);
    let app = TestApp::new();
    for asked in ["/api/v1/recordings", "/api/v1/nothing"] {
        app.request(Request::get(asked).body(axum::body::Body::empty()).unwrap()).await;
    }
    collection.end(AT_THE_END).await;

    let told = |span: &Span| {
        ["http.route", "http.request.method", "http.response.status_code"].map(|name| span.attribute(name).unwrap())
    };
    let told: Vec<_> = collector.spans().iter().filter(|span| span.name == "catalogue_query").map(told).collect();
    assert_eq!(told, [["/api/v1/{*path}", "GET", "200"], ["/api/v1/{*path}", "GET", "404"]]);
    let calls = "faas.name=catalogue_query faas.trigger=http: 2";
    assert_eq!(collector.metric("faas.invocations"), [calls]);
    assert_eq!(collector.metric("faas.errors"), Vec::<String>::new());
}

struct NeverAnswers;

#[async_trait]
impl Sending for NeverAnswers {
    async fn send(&self, _: Signal, _: String) -> Result<(), NotSent> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn calls_do_not_wait_for_a_collector_that_hangs() {
    let resource = Resource { service: "archivist".into(), version: "1", app: None };
    let (layer, collection) = telemetry::start(resource, || 1, Arc::new(NeverAnswers));
    let _guard = heard_by(layer);
    let app = TestApp::new();
    let began = Instant::now();
    // Exceeds the buffer, with two spans per event.
    for number in 0..2_000 {
        let event = app.storage.upload(&format!("vm-{number}"), 4_096);
        assert_eq!(app.storage_event(&event).await, 200);
    }
    assert_eq!(Instant::now(), began, "no call has waited");
    collection.end(Duration::from_secs(2)).await;
    assert_eq!(began.elapsed(), Duration::from_secs(2), "nor does the end of the process for long");
}
