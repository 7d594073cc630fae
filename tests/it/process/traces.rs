//! `archivist serve` with a collector.

use serde_json::{Value, json};

use crate::support::process::{Handler, ProcessEstate};
use crate::support::{Collector, SPAN, TRACE, traced_event};

#[tokio::test(flavor = "multi_thread")]
async fn a_terminating_process_sends_its_pending_telemetry() {
    let collector = Collector::start().await;
    let estate = ProcessEstate::new();
    let mut command = estate.command(&["serve"]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()).env("OTEL_SERVICE_NAME", "the archive");
    let handler = Handler::start(command);
    let event = estate.record("vm-web-01-azureadmin", 4_096, 1);
    assert_eq!(handler.recording_landed(&event).unwrap(), 200);
    handler.running.terminate();
    let ended = handler.running.end();

    assert_eq!(ended.code, Some(200), "{}", ended.stderr);
    assert_eq!(collector.span("recording_landed").attribute("archivist.outcome").as_deref(), Some("applied"));
    assert!(collector.seen().contains("the archive"));
    assert_eq!(
        collector.metric("archivist.outcomes"),
        ["faas.name=recording_landed archivist.outcome=applied archivist.reason=: 1"]
    );
    let applied = ended.stdout.lines().find(|line| line.contains("event applied")).unwrap();
    let applied: Value = serde_json::from_str(applied).unwrap();
    assert_eq!(applied["span"]["name"], "recording_landed", "lines are of the call, whatever is traced within");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_a_call_leads_to_its_trace() {
    let collector = Collector::start().await;
    let estate = ProcessEstate::new();
    let mut command = estate.command(&["serve"]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url());
    let handler = Handler::start(command);
    let event = traced_event(&estate.record("vm-web-01-azureadmin", 4_096, 1), SPAN).to_string();
    assert_eq!(handler.recording_landed(&event).unwrap(), 200);
    handler.running.terminate();
    let ended = handler.running.end();

    let lines: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (of_calls, others): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line["span"].is_object());
    let call = collector.span("recording_landed");
    assert_eq!(call.trace_id, TRACE);
    assert!(!of_calls.is_empty() && !others.is_empty(), "{}", ended.stdout);
    for line in of_calls {
        assert_eq!((&line["trace_id"], &line["span_id"]), (&json!(TRACE), &json!(call.span_id)), "{line}");
    }
    for line in others {
        assert!(line["trace_id"].is_null(), "a line outside of calls is of no trace: {line}");
    }
}

#[test]
fn without_a_collector_no_line_names_a_trace() {
    let estate = ProcessEstate::new();
    let handler = Handler::start(estate.command(&["serve"]));
    let event = traced_event(&estate.record("vm-web-01-azureadmin", 4_096, 1), SPAN).to_string();
    assert_eq!(handler.recording_landed(&event).unwrap(), 200);
    handler.running.terminate();
    let ended = handler.running.end();
    assert!(ended.stdout.contains("event applied"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("trace_id") && !ended.stdout.contains("span_id"), "{}", ended.stdout);
}

#[test]
fn an_invalid_collector_setting_is_a_problem_at_the_start() {
    let estate = ProcessEstate::new();
    for (name, value, problem) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example:4318", "not an https URL"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a secret", "header 1 is not written as name=value"),
    ] {
        let mut command = estate.command(&["serve"]);
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example").env(name, value);
        command.env("FUNCTIONS_CUSTOMHANDLER_PORT", "7071");
        let ended = crate::support::process::Running::start(&mut command).end();
        assert_ne!(ended.code, Some(200));
        assert!(ended.stderr.contains(name) && ended.stderr.contains(problem), "{}", ended.stderr);
        assert!(!ended.stderr.contains("secret"));
    }
}
