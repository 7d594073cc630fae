//! Routes and their digests.

use domain::policy::matcher::{Condition, Test};
use domain::policy::route::NotificationRoute;
use domain::record::delivery::Delivery;
use domain::record::notification::Event;
use serde_json::json;

use crate::delivery::post::{Post, at, critical, every, everything, minutes};

#[test]
fn an_event_stops_at_the_first_final_route() {
    let mut post = Post::with(&["ops", "security", "siem"]);
    post.routing.routes =
        vec![critical("trouble", &["security"]), everything("all", &["siem"]), everything("never", &["ops"])];
    post.tell(Event::RecordingReady);
    post.tell(Event::LedgerBroken);
    post.run(&post.healthy());
    assert_eq!(post.events("security"), ["ledger.broken"]);
    assert_eq!(post.events("siem"), ["recording.ready", "ledger.broken"]);
    assert_eq!(post.events("ops"), [""; 0]);
}

#[test]
fn a_muted_route_is_silent_until_its_time() {
    let mut post = Post::with(&["ops"]);
    post.routing.routes =
        vec![NotificationRoute { muted_until: Some(at("2026-03-02T10:00:00Z")), ..everything("all", &["ops"]) }];
    post.tell(Event::RecordingReady);
    post.clock.advance(minutes(60));
    post.tell(Event::RecordingDeleted);
    post.run(&post.healthy());
    assert_eq!(post.events("ops"), ["recording.deleted"]);
}

#[test]
fn a_started_recording_is_notified_only_by_an_explicit_route() {
    let mut post = Post::with(&["ops", "siem"]);
    let named = Condition::Is(Test::Event(vec![Event::RecordingStarted]));
    post.routing.routes =
        vec![everything("all", &["siem"]), NotificationRoute { when: named, ..everything("started", &["ops"]) }];
    post.tell(Event::RecordingStarted);
    post.run(&post.healthy());
    assert_eq!((post.events("ops"), post.events("siem")), (vec!["recording.started"], vec![]));
}

#[test]
fn a_digest_is_one_message_and_urgent_events_bypass_it() {
    let mut post = Post::with(&["ops"]);
    let hourly = NotificationRoute { digest: every(minutes(60)), ..everything("hourly", &["ops"]) };
    post.routing.routes = vec![critical("trouble", &["ops"]), hourly];
    let ids: Vec<_> = (0..37).map(|_| post.tell(Event::RecordingReady)).collect();
    post.tell(Event::LedgerBroken);
    post.run(&post.healthy());
    assert_eq!(post.events("ops"), ["ledger.broken"]);
    post.run_for(minutes(61), minutes(1));
    assert_eq!(post.events("ops"), ["ledger.broken", "channel.digest"]);
    let digest = &post.bodies("ops")[1];
    assert_eq!(digest["timestamp"], "2026-03-02T10:00:00Z");
    assert_eq!(digest["data"]["facts"]["total"], 37);
    assert_eq!(digest["data"]["facts"]["by_event"], json!({ "recording.ready": 37 }));
    assert_eq!(digest["data"]["facts"]["lines"].as_array().unwrap().len(), 20);
    assert!(matches!(post.delivery(&ids[0], "ops"), Delivery::Gathered { .. }));
}

#[test]
fn a_gathered_notification_is_sent_when_its_route_is_removed() {
    let mut post = Post::with(&["ops"]);
    post.routing.routes = vec![NotificationRoute { digest: every(minutes(60)), ..everything("hourly", &["ops"]) }];
    post.tell(Event::RecordingReady);
    post.routing.routes = vec![everything("all", &["ops"])];
    post.run(&post.healthy());
    assert_eq!(post.events("ops"), ["recording.ready"]);
}
