//! The read API over its route.

use axum::body::Body;
use axum::http::Request;
use pipeline::ports::FaultKind;
use serde_json::Value;

use crate::support::TestApp;

async fn asked(app: &TestApp, method: &str, target: &str) -> (u16, Option<String>, Value) {
    let request = Request::builder().method(method).uri(target).body(Body::empty()).unwrap();
    let (status, content_type, body) = app.request(request).await;
    (status, content_type, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn a_recording_that_landed_is_listed_and_shown() {
    let app = TestApp::new();
    let event = app.storage.upload("vm-web-01-azureadmin", 4_096);
    app.storage_event(&event).await;
    let (status, content_type, page) = asked(&app, "GET", "/api/v1/recordings?q=VM-web").await;
    assert_eq!((status, content_type.as_deref()), (200, Some("application/json")));
    assert_eq!(page["items"][0]["name"], "vm-web-01-azureadmin");
    let id = page["items"][0]["id"].as_str().unwrap();
    assert_eq!(asked(&app, "GET", &format!("/api/v1/recordings/{id}")).await.0, 200);
    assert_eq!(app.counted("catalogue_query"), ["applied: 2"]);
}

#[tokio::test]
async fn numbers_are_those_of_the_last_hourly_sweep() {
    let app = TestApp::new();
    let event = app.storage.upload("vm-web-01-azureadmin", 4_096);
    app.storage_event(&event).await;
    app.host_fires("reconcile_sweep").await;
    let (_, _, summary) = asked(&app, "GET", "/api/v1/summary").await;
    assert_eq!((&summary["complete"], &summary["totals"]["recordings"]), (&true.into(), &1.into()));
    assert_eq!(summary["days"].as_array().unwrap().last().unwrap()["bytes"], 4_096);
}

#[tokio::test]
async fn a_rejected_query_is_a_problem_document() {
    let app = TestApp::new();
    for (method, target, expected) in [
        ("GET", "/api/v1/recordings?limit=0", 400),
        ("GET", "/api/v1/recordings/x", 404),
        ("GET", "/api/v1/x", 404),
        ("GET", "/api/v1", 404),
        ("DELETE", "/api/v1/recordings", 405),
    ] {
        let (status, content_type, problem) = asked(&app, method, target).await;
        assert_eq!((status, content_type.as_deref()), (expected, Some("application/problem+json")), "{target}");
        assert_eq!(problem["status"], expected);
    }
    assert_eq!(app.counted("catalogue_query"), ["ignored refused: 5"]);
}

#[tokio::test]
async fn an_unreachable_catalogue_is_reported_without_its_cause() {
    for (kind, expected) in [(FaultKind::Transient { retry_after: None }, 503), (FaultKind::Permanent, 500)] {
        let app = TestApp::new();
        app.gate.fail("catalogue", kind);
        for target in ["/api/v1/recordings", "/api/v1/health"] {
            let (status, content_type, problem) = asked(&app, "GET", target).await;
            assert_eq!((status, content_type.as_deref()), (expected, Some("application/problem+json")), "{target}");
            assert!(!problem.to_string().contains("on purpose"), "{problem}");
        }
        assert_eq!(app.counted("catalogue_query"), ["transient not_answered: 2"]);
    }
}
