//! Requests other than well-formed calls.

use axum::body::Body;
use axum::http::Request;

use crate::support::TestApp;

#[tokio::test]
async fn the_probe_of_the_host_is_answered_without_asking_any_port() {
    let app = TestApp::new();
    let (status, _, body) = app.request(Request::get("/").body(Body::empty()).unwrap()).await;
    assert_eq!((status, body.as_slice()), (200, b"".as_slice()));
    assert!(app.gate.calls().is_empty());
}

#[tokio::test]
async fn an_unknown_function_route_is_not_found() {
    let app = TestApp::new();
    for path in ["/recording_landed/", "/Recording_Landed", "/admin/functions/join_sweep", "/..%2frecording_landed"] {
        let request = Request::post(path).body(Body::from("{}")).unwrap();
        assert_eq!(app.request(request).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn a_function_is_called_by_post_only() {
    let app = TestApp::new();
    let request = Request::get("/recording_landed").body(Body::empty()).unwrap();
    assert_eq!(app.request(request).await.0, 405);
}

#[tokio::test]
async fn a_body_over_16_mib_stays_with_the_platform() {
    let app = TestApp::new();
    assert_eq!(app.call("recording_landed", vec![b' '; 17 * 1024 * 1024]).await, 503);
    assert_eq!(app.counted("recording_landed"), ["transient body_not_read: 1"]);

    let event = app.storage.upload("vm-web-01-azureadmin", 4_096);
    assert_eq!(app.storage_event(&event).await, 200);
}

#[tokio::test]
async fn the_largest_batch_of_the_platform_is_read() {
    let app = TestApp::new();
    let event = app.storage.upload("vm-web-01-azureadmin", 4_096);
    let padding = " ".repeat(1024 * 1024);
    assert_eq!(app.storage_event(&format!("[{padding}{event}]")).await, 200);
    assert_eq!(app.recordings().await.len(), 1);
}

#[tokio::test]
async fn invocation_metadata_changes_no_result() {
    let app = TestApp::new();
    let event = app.storage.upload("vm-web-01-azureadmin", 4_096);
    // The host merges the members of a JSON object message into the metadata, under any name.
    let with_members = event.replacen('{', r#"{"dequeueCount":99,"sys":{"MethodName":"join_sweep"},"#, 1);
    assert_eq!(app.storage_event(&with_members).await, 200);
    assert_eq!(app.counted("recording_landed"), ["applied: 1"]);
}

#[tokio::test]
async fn an_attempt_for_an_unknown_notification_is_quarantined() {
    let app = TestApp::new();
    assert_eq!(app.storage_event("not an event").await, 200);
    assert_eq!(app.deliver_all().await, [200]);

    let id = "ntf_00000000000000000000000000";
    let attempt = format!(r#"{{"version":1,"notification":"{id}","channel":"only","attempt":1}}"#);
    let body = format!(r#"{{"Data":{{"attempt":{}}},"Metadata":{{}}}}"#, serde_json::Value::from(attempt));
    assert_eq!(app.call("notification_delivery", body).await, 200);
    assert_eq!(app.quarantined().await.len(), 2);
    assert_eq!(app.deliver_all().await, [200]);
}
