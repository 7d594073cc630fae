//! One recording from its first write to its end.

use jiff::SignedDuration;

use crate::support::TestApp;

const NAME: &str = "vm-web-01-azureadmin.3";

#[tokio::test]
async fn a_recording_is_catalogued_tagged_settled_and_announced_once() {
    let app = TestApp::new();
    let started = app.storage.upload(NAME, 0);
    assert_eq!(app.storage_event(&started).await, 200);
    assert_eq!(app.tags(NAME).await, ["bsr-hold=none", "bsr-start=2025-11-05T09:00:00Z", "bsr-state=active"]);

    app.at("2025-11-05T12:00:00Z");
    let ended = app.storage.upload(NAME, 9_000_000);
    assert_eq!(app.storage_event(&ended).await, 200);
    assert_eq!(app.only_recording().await.state.name(), "active");

    app.at("2025-11-05T12:05:00Z");
    assert_eq!(app.host_fires("join_sweep").await, 200);
    assert_eq!(app.only_recording().await.state.name(), "settled");
    assert!(app.deliver_all().await.is_empty(), "no notification is sent before it is final");

    app.at("2025-11-05T21:00:00Z");
    assert_eq!(app.host_fires("join_sweep").await, 200);
    assert_eq!(app.host_fires("join_sweep").await, 200);
    assert_eq!(app.deliver_all().await, [200]);
    assert_eq!(app.audience.heard(), ["recording.ready"]);
    insta::assert_json_snapshot!(app.audience.only_body(), @r#"
    {
      "data": {
        "facts": {
          "account": "stbastionrec01",
          "bastion": "bas-hub-01",
          "container": "bastion-recordings",
          "created_at": "2025-11-05T09:00:00Z",
          "duration_from": "recording",
          "duration_ms": 10800000,
          "last_modified": "2025-11-05T12:00:00Z",
          "match": "pending",
          "recording": "rec_01k99kx3m06hhwkk9acyh8q029",
          "size_bytes": 9000000,
          "state": "settled"
        },
        "id": "ntf_44635srqg8xbrrevs28xg7x4y6",
        "key": "key_0prpeq8vfwnfexq9t4m5tjem29",
        "link": null,
        "severity": "info",
        "subject": "vm-web-01-azureadmin.3",
        "version": 1
      },
      "timestamp": "2025-11-05T21:00:00Z",
      "type": "recording.ready"
    }
    "#);
}

#[tokio::test]
async fn an_unexpectedly_deleted_recording_is_a_tombstone_and_notified() {
    let app = TestApp::new();
    let written = app.storage.upload(NAME, 4_096);
    assert_eq!(app.storage_event(&written).await, 200);
    app.advance(SignedDuration::from_mins(10));
    let deleted = app.storage.remove(NAME);
    assert_eq!(app.storage_event(&deleted).await, 200);
    // The event may be delivered twice.
    assert_eq!(app.storage_event(&deleted).await, 200);

    assert_eq!(app.only_recording().await.state.name(), "deleted");
    assert_eq!(app.deliver_all().await, [200]);
    assert_eq!(app.audience.heard(), ["recording.deleted_unexpectedly"]);
}

#[tokio::test]
async fn a_timer_that_finds_nothing_to_do_succeeds() {
    let app = TestApp::new();
    assert_eq!(app.host_fires("join_sweep").await, 200);
    assert_eq!(app.counted("join_sweep"), ["applied: 1"]);
}

#[tokio::test]
async fn unqueued_work_is_recalled_by_a_sweep() {
    let app = TestApp::new();
    app.gate.fail("queue.send", pipeline::ports::FaultKind::Transient { retry_after: None });
    assert_eq!(app.storage_event("not an event").await, 200);
    assert!(app.deliver_all().await.is_empty(), "the message was lost");

    app.gate.mend();
    app.advance(SignedDuration::from_mins(16));
    assert_eq!(app.host_fires("join_sweep").await, 200);
    assert_eq!(app.deliver_all().await, [200]);
    assert_eq!(app.audience.heard(), ["input.quarantined"]);
}
