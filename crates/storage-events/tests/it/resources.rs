//! Tests of resource events, published and forged ones.

use domain::decide::posture::{ResourceChange, ResourceOperation};
use serde_json::{Value, json};
use storage_events::{DecodedResource, decode_resources};

const HUB: &str = "/subscriptions/s1/resourceGroups/rg-hub/providers/Microsoft.Network/bastionHosts/bas-hub-01";

/// Members as documented in "Azure resource groups as an Event Grid source".
fn data() -> Value {
    json!({
        "authorization": { "scope": HUB, "action": "Microsoft.Network/bastionHosts/write", "evidence": { "principalId": "p-1" } },
        "claims": {
            "aud": "https://management.core.windows.net/",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn": "ada@contoso.example",
            "appid": "04b07795",
        },
        "correlationId": "71a0c2f5-701e-0041-0f9b-b2c7a1000000",
        "httpRequest": { "clientRequestId": "27003b25", "clientIpAddress": "203.0.113.7", "method": "PUT", "url": HUB },
        "resourceProvider": "Microsoft.Network",
        "resourceUri": HUB,
        "operationName": "Microsoft.Network/bastionHosts/write",
        "status": "Succeeded",
        "subscriptionId": "s1",
        "tenantId": "t1",
    })
}

fn of_event_grid(kind: &str, data: &Value) -> Value {
    json!({
        "subject": HUB, "eventType": format!("Microsoft.Resources.{kind}"), "eventTime": "2026-03-02T09:12:44.5Z", "id": "e1",
        "data": data, "dataVersion": "2", "metadataVersion": "1", "topic": "/subscriptions/s1",
    })
}

fn of_cloud_events(kind: &str, data: &Value) -> Value {
    json!({
        "specversion": "1.0", "source": "/subscriptions/s1", "subject": HUB, "type": format!("Microsoft.Resources.{kind}"),
        "time": "2026-03-02T09:12:44.5Z", "id": "e1", "data": data,
    })
}

fn changed(event: &Value) -> ResourceChange {
    let text = event.to_string();
    let decoded: Vec<_> = decode_resources(text.as_bytes()).collect();
    let [DecodedResource::Changed(change)] = decoded.as_slice() else {
        panic!("{decoded:?}")
    };
    (**change).clone()
}

#[test]
fn both_schemas_contain_action_author_and_address() {
    for event in [of_event_grid("ResourceWriteSuccess", &data()), of_cloud_events("ResourceWriteSuccess", &data())] {
        let change = changed(&event);
        assert_eq!((change.id.as_str(), change.resource.as_str(), change.act), ("e1", HUB, ResourceOperation::Write));
        assert_eq!(change.operation, "Microsoft.Network/bastionHosts/write");
        assert_eq!(change.by.as_deref(), Some("ada@contoso.example"));
        assert_eq!(change.from.as_deref(), Some("203.0.113.7"));
        assert_eq!(change.correlation.as_deref(), Some("71a0c2f5-701e-0041-0f9b-b2c7a1000000"));
        assert_eq!(change.at, "2026-03-02T09:12:44.5Z".parse().unwrap());
    }
}

#[test]
fn deletes_and_actions_are_distinguished() {
    for (kind, act) in
        [("ResourceDeleteSuccess", ResourceOperation::Delete), ("ResourceActionSuccess", ResourceOperation::Action)]
    {
        assert_eq!(changed(&of_event_grid(kind, &data())).act, act);
    }
}

#[test]
fn the_author_of_a_change_is_the_best_available_claim() {
    let by = |claims: Value| {
        let mut data = data();
        data["claims"] = claims;
        changed(&of_event_grid("ResourceWriteSuccess", &data)).by
    };
    assert_eq!(by(json!({ "appid": "a", "name": "x" })).as_deref(), Some("a"));
    assert_eq!(by(json!(r#"{"unique_name":"live.com#ada"}"#)).as_deref(), Some("live.com#ada"));
    assert_eq!(by(json!({})).as_deref(), Some("p-1"));
    assert_eq!(by(json!("no object")).as_deref(), Some("p-1"));
}

#[test]
fn without_its_own_uri_a_resource_is_that_of_the_subject() {
    let change = changed(&of_event_grid("ResourceDeleteSuccess", &json!({})));
    assert_eq!((change.resource.as_str(), change.by, change.operation.as_str()), (HUB, None, ""));
}

#[test]
fn an_irrelevant_resource_event_is_ignored() {
    for kind in ["ResourceWriteFailure", "ResourceActionCancel", "Somewhat"] {
        let text = of_event_grid(kind, &data()).to_string();
        assert!(matches!(decode_resources(text.as_bytes()).next(), Some(DecodedResource::NotOurs(_))), "{kind}");
    }
    assert!(matches!(decode_resources(b"[]").next(), Some(DecodedResource::NotOurs(_))));
}

#[test]
fn an_unreadable_resource_event_does_not_affect_others() {
    let mut nowhere = of_event_grid("ResourceWriteSuccess", &json!({}));
    nowhere["subject"] = json!("elsewhere");
    let mut timeless = of_event_grid("ResourceWriteSuccess", &data());
    timeless["eventTime"] = json!("soon");
    let batch = json!([7, nowhere, of_event_grid("ResourceWriteSuccess", &data()), timeless, {}]).to_string();
    let told: Vec<&str> = decode_resources(batch.as_bytes())
        .map(|decoded| match decoded {
            DecodedResource::Changed(_) => "changed",
            DecodedResource::NotOurs(_) => "not ours",
            DecodedResource::Malformed { .. } => "malformed",
        })
        .collect();
    assert_eq!(told, ["malformed", "malformed", "changed", "malformed", "malformed"]);
    for payload in [&b""[..], b"\xff", b"[{}", b"null", br#"{"eventType":1}"#] {
        let raw = match decode_resources(payload).next() {
            Some(DecodedResource::Malformed { raw, .. }) => raw,
            other => panic!("{other:?}"),
        };
        assert_eq!(raw, payload);
    }
}
