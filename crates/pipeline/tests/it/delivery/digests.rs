//! Routes and their digests.

use domain::policy::matcher::{Condition, Test};
use domain::policy::route::NotificationRoute;
use domain::record::delivery::Delivery;
use domain::record::notification::{Event, NotificationFact};
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

#[test]
fn a_digest_lists_expiring_recordings_by_class_and_names_only_certain_people() {
    let mut post = Post::with(&["ops", "siem"]);
    let daily = NotificationRoute { digest: every(minutes(60)), ..everything("daily", &["ops"]) };
    post.routing.routes = vec![NotificationRoute { goes_on: true, ..everything("all", &["siem"]) }, daily];
    let expiring = |class: &str, matching: &str, goes_at: &str| {
        [("recording", "rec_1"), ("bastion", "bas-hub-01"), ("class", class), ("then", "delete")]
            .into_iter()
            .chain([("match", matching), ("person", "ann@contoso.example"), ("goes_at", goes_at)])
            .map(|(name, value)| NotificationFact::text(name, value))
            .collect::<Vec<_>>()
    };
    post.tell_with(Event::RecordingExpiring, expiring("pci", "matched", "2026-03-10T09:00:00Z"));
    post.tell_with(Event::RecordingExpiring, expiring("pci", "ambiguous", "2026-03-09T09:00:00Z"));
    post.tell_with(Event::RecordingExpiring, expiring("audit", "matched", "2026-03-11T09:00:00Z"));
    post.tell(Event::RecordingReady);
    post.run_for(minutes(61), minutes(1));
    assert_eq!(post.events("ops"), ["channel.digest"]);
    let facts = &post.bodies("ops")[0]["data"]["facts"];
    let lists: Vec<_> =
        facts["expiring"].as_array().unwrap().iter().map(|list| (&list["class"], &list["total"])).collect();
    assert_eq!(lists, [(&json!("audit"), &json!(1)), (&json!("pci"), &json!(2))]);
    let pci = &facts["expiring"][1]["recordings"];
    assert_eq!(
        (&pci[0]["name"], &pci[0]["person"], &pci[0]["goes_at"]),
        (&json!("recording 2"), &json!(null), &json!("2026-03-09T09:00:00Z"))
    );
    assert_eq!(
        (&pci[1]["name"], &pci[1]["person"], &pci[1]["bastion"]),
        (&json!("recording 1"), &json!("ann@contoso.example"), &json!("bas-hub-01"))
    );
    assert_eq!((facts["lines"].as_array().unwrap().len(), &facts["total"]), (1, &json!(4)));
    // A channel without a digest gets every event with its own body.
    assert_eq!(post.events("siem").iter().filter(|event| **event == "recording.expiring").count(), 3);
    assert_eq!(post.bodies("siem")[0]["data"]["facts"]["goes_at"], "2026-03-10T09:00:00Z");
}
