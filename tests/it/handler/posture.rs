//! The change alarm and the daily posture check, called like the host.

use serde_json::json;

use crate::support::TestApp;

const HUB: &str = "/subscriptions/s1/resourceGroups/r/providers/Microsoft.Network/bastionHosts/bas-hub-01";

fn event(resource: &str, time: &str) -> serde_json::Value {
    json!({
        "id": "e1", "subject": resource, "eventType": "Microsoft.Resources.ResourceWriteSuccess", "eventTime": time,
        "data": { "resourceUri": resource, "operationName": "Microsoft.Network/bastionHosts/write" },
        "dataVersion": "2", "metadataVersion": "1", "topic": "/subscriptions/s1",
    })
}

#[tokio::test]
async fn an_unreadable_resource_event_is_quarantined() {
    let app = TestApp::new();
    let (good, bad) = (event(HUB, "2025-11-05T09:00:00Z"), event(HUB, "soon"));
    let batch = json!([good, bad]).to_string();
    assert_eq!(app.host_hands("resource_changed", &batch).await, 200);
    // No bastion with this resource id is configured, so the valid event is ignored.
    assert_eq!(app.counted("resource_changed"), ["ignored foreign_resource: 1", "quarantined malformed: 1"]);
    let kept = app.quarantined().await;
    assert_eq!((kept.len(), kept[0].origin.as_str()), (1, "resource_changed"));
    assert_eq!(kept[0].raw, bad.to_string().into_bytes());
    app.deliver_all().await;
}

#[tokio::test]
async fn a_posture_check_succeeds_without_a_way_to_inspect_azure() {
    let app = TestApp::new();
    assert_eq!(app.host_fires("posture_check").await, 200);
    assert_eq!(app.counted("posture_check"), ["applied: 1"]);
}
