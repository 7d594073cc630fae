//! Golden files of notification bodies: receivers rely on version 1, so these files never change.

use domain::record::notification::{Event, Notification, NotificationFact};
use pipeline::body::body;

fn notification() -> Notification {
    Notification {
        subject: "vm-web-01-jörg \"müller\"".to_owned(),
        facts: vec![
            NotificationFact::text("recording", "rec_01kjpx4h6mq5hk78pw6n85n875"),
            NotificationFact::text("bastion", "bas-hub-01"),
            NotificationFact::number("size_bytes", 48_211_234),
        ],
        link: Some("https://portal.azure.com/#resource/subscriptions/1".to_owned()),
        ..Notification::new(
            "rec_01kjpx4h6mq5hk78pw6n85n875",
            Event::RecordingReady,
            "",
            "2026-03-02T21:12:44Z".parse().unwrap(),
        )
    }
}

#[test]
fn a_body_of_version_1_is_unchanged() {
    let golden = include_str!("../golden/notification-v1/recording-ready.json");
    assert_eq!(body(&notification()).unwrap(), golden.trim_end());
}

#[test]
fn a_body_without_link_and_facts_has_the_same_keys() {
    let bare = Notification { facts: Vec::new(), link: None, ..notification() };
    let golden = include_str!("../golden/notification-v1/bare.json");
    assert_eq!(body(&bare).unwrap(), golden.trim_end());
}

#[test]
fn repeated_facts_share_one_name() {
    let facts = ["one", "two, three", "four"].map(|rule| NotificationFact::text("rule", rule));
    let facts = [facts.to_vec(), vec![NotificationFact::text("then", "keep")]].concat();
    let body = body(&Notification { facts, ..notification() }).unwrap();
    assert_eq!(body.matches("\"rule\"").count(), 1, "{body}");
    assert!(body.contains(r#""facts":{"rule":"one, two, three, four","then":"keep"}"#), "{body}");
}
