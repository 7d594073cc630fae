//! Poison messages: when the host gives up, and how the messages are drained.

use functions::registry::{FUNCTIONS, HOST_JSON};
use host_stand_in::HostSettings;
use jiff::SignedDuration;
use pipeline::ports::{FaultKind, QueueName};
use serde_json::Value;

use crate::support::TestApp;

/// Duration of an outage that must not poison any message.
const OUTAGE: SignedDuration = SignedDuration::from_mins(30);

#[test]
fn an_outage_of_half_an_hour_causes_no_poison() {
    let rules = HostSettings::parse(HOST_JSON).unwrap().queues;
    // The first try is immediate; each later one follows after a wait.
    let tried_for = rules.visibility_timeout * i32::try_from(rules.max_dequeue_count - 1).unwrap();
    assert!(tried_for >= OUTAGE, "a message is given up after {tried_for}");
}

#[test]
fn the_reason_names_as_many_tries_as_the_host_makes() {
    assert_eq!(HostSettings::parse(HOST_JSON).unwrap().queues.max_dequeue_count, pipeline::TRIES);
}

#[test]
fn every_queue_names_the_function_that_takes_from_it() {
    let mut bound: Vec<(String, &str)> = Vec::new();
    for function in FUNCTIONS {
        let definition: Value = serde_json::from_str(function.function_json).unwrap();
        let queue = definition["bindings"][0]["queueName"].as_str();
        bound.extend(queue.map(|queue| (queue.to_owned(), function.name)));
    }
    let mut named: Vec<(String, &str)> = Vec::new();
    for queue in QueueName::ALL {
        if let Some(poison) = queue.poison() {
            assert_eq!(poison.as_str(), format!("{}-poison", queue.as_str()), "as the host names it");
            assert_eq!(poison.function(), queue.function());
            named.push((queue.as_str().to_owned(), queue.function()));
        }
    }
    assert_eq!(named, bound);
}

#[tokio::test]
async fn a_poisoned_event_is_quarantined_and_reported() {
    let app = TestApp::new();
    let event = app.storage.upload("vm-web-01-azureadmin", 4_096);
    app.gate.fail("catalogue", FaultKind::Transient { retry_after: None });
    assert_eq!(app.storage_event(&event).await, 503);
    app.host_gives_up(QueueName::RecordingEvents, &event).await;
    assert_eq!(app.host_fires("join_sweep").await, 503, "the outage is not over");
    app.gate.mend();

    let quarantined = app.quarantined().await;
    let [input] = quarantined.as_slice() else { panic!("{quarantined:?}") };
    assert_eq!((input.raw.as_slice(), input.origin.as_str()), (event.as_bytes(), "recording_landed"));
    assert_eq!(input.reason, "the host gave it up after at most 12 tries, in queue recording-events-poison");
    assert_eq!(app.deliver_all().await, [200]);
    assert_eq!(app.audience.heard(), ["input.quarantined"]);

    // A replay works, because the event is kept completely.
    let raw = String::from_utf8(input.raw.clone()).unwrap();
    assert_eq!(app.storage_event(&raw).await, 200);
    assert_eq!(app.only_recording().await.life.size(), Some(4_096));
}

#[tokio::test]
async fn input_quarantined_by_function_and_host_is_one_item() {
    for queue in [QueueName::RecordingEvents, QueueName::Notifications] {
        let app = TestApp::new();
        let message = r#"{"neither":"an event","nor":"an attempt"}"#;
        assert_eq!(app.host_hands(queue.function(), message).await, 200);
        app.host_gives_up(queue, message).await;
        assert_eq!(app.host_fires("join_sweep").await, 200);
        assert_eq!(app.quarantined().await.len(), 1, "{}", queue.as_str());
        assert_eq!(app.deliver_all().await, [200], "told once");
    }
}
