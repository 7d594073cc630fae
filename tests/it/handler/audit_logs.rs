//! The audit log, from storage's event to the person on a recording.

use jiff::SignedDuration;
use pipeline::ports::QueueName;
use serde_json::json;

use crate::support::TestApp;

const NAME: &str = "vm-web-01-azureadmin";
const LOG: &str = "resourceId=/SUBSCRIPTIONS/S/BASTIONHOSTS/BAS-HUB-01/y=2025/m=11/d=05/h=09/m=00/PT1H.json";
const PERSON: &str = "ana.rossi@contoso.com";

/// Returns a start or end record of the only session.
fn record(time: &str, message: &str, more: &serde_json::Value) -> String {
    let mut properties = json!({
        "message": message, "tunnelId": "t-1", "userName": "azureadmin", "userEmail": PERSON,
        "targetResourceId": "/SUBSCRIPTIONS/S/VIRTUALMACHINES/VM-WEB-01", "sessionStartTime": "2025-11-05T09:00:00Z",
    });
    properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    format!("{}\n", json!({ "time": time, "category": "BastionAuditLogs", "properties": properties }))
}

fn started() -> String {
    record("2025-11-05T09:00:02Z", "Successfully Connected.", &json!({}))
}

fn ended() -> String {
    record("2025-11-05T09:30:03Z", "Session ended.", &json!({ "sessionEndTime": "2025-11-05T09:30:01Z" }))
}

/// Uploads the recording of the session and delivers its events.
async fn recorded(app: &TestApp) {
    app.at("2025-11-05T09:00:00Z");
    let begins = app.storage.upload(NAME, 0);
    assert_eq!(app.storage_event(&begins).await, 200);
    app.at("2025-11-05T09:30:00Z");
    let ends = app.storage.upload(NAME, 9_000_000);
    assert_eq!(app.storage_event(&ends).await, 200);
}

async fn log_begins(app: &TestApp, content: &str) {
    let event = app.storage.write_log(LOG, content);
    assert_eq!(app.host_hands("audit_log_landed", &event).await, 200);
}

/// Advances the clock minute by minute and fires the timers.
async fn minutes_pass(app: &TestApp, minutes: usize) {
    for _ in 0..minutes {
        app.advance(SignedDuration::from_mins(1));
        for timer in ["join_sweep", "audit_log_tail"] {
            assert_eq!(app.host_fires(timer).await, 200);
        }
    }
    app.deliver_all().await;
}

async fn person(app: &TestApp) -> Option<String> {
    app.only_recording().await.match_state.verdict.person().map(str::to_owned)
}

#[tokio::test]
async fn a_recording_and_its_session_find_each_other_in_either_order() {
    for log_is_first in [true, false] {
        let app = TestApp::with_audit_log();
        if log_is_first {
            log_begins(&app, &(started() + &ended())).await;
        }
        recorded(&app).await;
        minutes_pass(&app, 7).await;
        if !log_is_first {
            assert_eq!(person(&app).await, None, "no person is named before the log is read");
            log_begins(&app, &(started() + &ended())).await;
            minutes_pass(&app, 2).await;
        }
        assert_eq!(person(&app).await.as_deref(), Some(PERSON), "log first: {log_is_first}");
        assert!(app.tags(NAME).await.contains(&"bsr-state=matched".to_owned()));
        let told = app.audience.bodies().into_iter().filter(|body| body["type"] == "recording.catalogued");
        let told: Vec<_> = told.collect();
        assert_eq!(told.len(), 1, "log first: {log_is_first}");
        assert_eq!(told[0]["data"]["facts"]["person"], PERSON);
    }
}

#[tokio::test]
async fn a_growing_log_is_read_further_by_the_timer() {
    let app = TestApp::with_audit_log();
    log_begins(&app, &started()).await;
    recorded(&app).await;
    minutes_pass(&app, 10).await;
    assert_eq!(person(&app).await, None, "no record has the end");
    app.storage.write_log(LOG, &(started() + &ended()));
    minutes_pass(&app, 3).await;
    assert_eq!(person(&app).await.as_deref(), Some(PERSON));
}

#[tokio::test]
async fn a_log_whose_event_was_lost_is_found_by_the_timer() {
    let app = TestApp::with_audit_log();
    app.storage.write_log(LOG, &(started() + &ended()));
    recorded(&app).await;
    minutes_pass(&app, 8).await;
    assert_eq!(person(&app).await.as_deref(), Some(PERSON));
}

#[tokio::test]
async fn a_malformed_log_piece_is_quarantined_once_beside_its_records() {
    let app = TestApp::with_audit_log();
    let log = format!("{}{{\"broken\": }}\n{}", started(), ended());
    let event = app.storage.write_log(LOG, &log);
    for _ in 0..2 {
        assert_eq!(app.host_hands("audit_log_landed", &event).await, 200);
        assert_eq!(app.host_fires("audit_log_tail").await, 200);
    }
    let quarantined = app.quarantined().await;
    let [input] = quarantined.as_slice() else { panic!("{quarantined:?}") };
    assert_eq!(String::from_utf8_lossy(&input.raw).trim(), "{\"broken\": }");
    assert_eq!(input.origin, "audit_log_tail");
    recorded(&app).await;
    minutes_pass(&app, 8).await;
    assert_eq!(person(&app).await.as_deref(), Some(PERSON));
}

#[tokio::test]
async fn a_log_event_without_a_new_log_is_counted_and_ignored() {
    let app = TestApp::with_audit_log();
    let created = app.storage.write_log(LOG, "");
    let deleted = created.replace("BlobCreated", "BlobDeleted");
    let foreign = created.replace("insights-logs-bastionauditlogs", "insights-logs-other");
    for event in [deleted.as_str(), &foreign, "[]"] {
        assert_eq!(app.host_hands("audit_log_landed", event).await, 200);
    }
    let counted = ["ignored empty_batch: 1", "ignored foreign_container: 1", "ignored not_a_new_log: 1"];
    assert_eq!(app.counted("audit_log_landed"), counted);
}

#[tokio::test]
async fn a_poisoned_log_event_is_quarantined_without_loss() {
    let app = TestApp::with_audit_log();
    let event = app.storage.write_log(LOG, &(started() + &ended()));
    app.host_gives_up(QueueName::AuditLogEvents, &event).await;
    assert_eq!(app.host_fires("join_sweep").await, 200);
    let quarantined = app.quarantined().await;
    let [input] = quarantined.as_slice() else { panic!("{quarantined:?}") };
    assert_eq!((input.raw.as_slice(), input.origin.as_str()), (event.as_bytes(), "audit_log_landed"));
    assert_eq!(app.deliver_all().await, [200]);
    assert_eq!(app.audience.heard(), ["input.quarantined"]);
}

#[tokio::test]
async fn unsaved_checkpoints_leave_the_event_to_the_platform() {
    let app = TestApp::with_audit_log();
    let event = app.storage.write_log(LOG, &started());
    app.gate.fail("checkpoints", pipeline::ports::FaultKind::Transient { retry_after: None });
    assert_eq!(app.host_hands("audit_log_landed", &event).await, 503);
    assert_eq!(app.host_fires("audit_log_tail").await, 503);
    app.gate.mend();
    assert_eq!(app.host_hands("audit_log_landed", &event).await, 200);
    assert_eq!(app.counted("audit_log_landed"), ["applied: 1", "transient not_saved: 1"]);
}

#[tokio::test]
async fn an_unannounced_recording_is_found_by_listing() {
    let app = TestApp::with_audit_log();
    app.storage.upload(NAME, 9_000_000);
    assert_eq!(app.host_fires("reconcile_sweep").await, 200);
    assert_eq!(app.only_recording().await.address.name.as_str(), NAME);
    app.deliver_all().await;
}
