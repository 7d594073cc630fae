//! Tests of the requests to the handler.

use std::fs;

use serde_json::Value;

use crate::support::{CannedAnswer, NOW, QUEUE_FUNCTION, Stage, TIMER_FUNCTION, minutes};

fn fixture(name: &str) -> Value {
    let path = format!("{}/../../tests/fixtures/custom-handler/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Masks values specific to a run (times, ids, receipts); no handler may rely on them.
fn without_the_run(mut body: Value) -> Value {
    for name in ["ExpirationTime", "InsertionTime", "NextVisibleTime", "PopReceipt"] {
        assert!(body["Metadata"][name].is_string(), "{name}: {body}");
        body["Metadata"][name] = "…".into();
    }
    for name in ["MethodName", "UtcNow", "RandGuid"] {
        assert!(body["Metadata"]["sys"][name].is_string(), "{name}: {body}");
        body["Metadata"]["sys"][name] = "…".into();
    }
    body
}

#[tokio::test]
async fn a_queue_message_arrives_as_the_real_host_sends_it() {
    let expected = fixture("queue-eventgrid");
    let message: String = serde_json::from_str(expected["Data"]["message"].as_str().unwrap()).unwrap();
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    stage.send(&message).await;
    stage.host.step().await.unwrap();
    let seen = stage.handler.seen().remove(0);
    assert_eq!(without_the_run(seen.body), without_the_run(expected));
}

#[tokio::test]
async fn an_invocation_is_a_chunked_post_with_the_hosts_headers() {
    let mut stage = Stage::new(&[QUEUE_FUNCTION], |_| CannedAnswer::DONE).await;
    stage.send("1").await;
    stage.send("2").await;
    stage.host.step().await.unwrap();
    let seen = stage.handler.seen();
    assert_eq!((seen[0].method.as_str(), seen[0].path.as_str()), ("POST", "/recording_landed"));
    assert!(seen[0].is_chunked);
    let header = |at: usize, name: &str| seen[at].headers[name].to_str().unwrap();
    assert_eq!(header(0, "content-type"), "application/json; charset=utf-8");
    assert!(header(0, "user-agent").starts_with("Azure-Functions-Host/4."));
    assert!(header(0, "x-azure-functions-hostversion").starts_with("4."));
    assert_ne!(header(0, "x-azure-functions-invocationid"), header(1, "x-azure-functions-invocationid"));
}

#[tokio::test]
async fn a_timer_arrives_as_the_real_host_sends_it() {
    let mut stage = Stage::new(&[TIMER_FUNCTION], |_| CannedAnswer::DONE).await;
    stage.run_until(NOW + minutes(1)).await;
    let seen = stage.handler.seen().remove(0).body;
    let mut expected = fixture("timer-first-run");
    expected["Data"]["timer"]["ScheduleStatus"]["Next"] = "2026-03-02T06:02:00+00:00".into();
    assert_eq!(seen["Data"], expected["Data"]);
    assert_eq!(seen["Metadata"]["sys"]["MethodName"], "join_sweep");
}

#[tokio::test]
async fn any_answer_on_the_root_means_ready() {
    let stage = Stage::new(&[], |_| CannedAnswer::json(500, "")).await;
    stage.host.handler_ready().await.unwrap();
    let seen = stage.handler.seen();
    assert_eq!((seen[0].method.as_str(), seen[0].path.as_str()), ("GET", "/"));
}
