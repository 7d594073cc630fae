//! Tests that the stand-in writes what the host writes.

#![expect(clippy::unwrap_used, reason = "a sample that cannot be read fails its test")]

use std::fs;

use host_protocol::host::{HostQueueMessage, Sys, TimerRun};
use host_protocol::{Invocation, TimerInfo};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::Value;

fn fixture(name: &str) -> Value {
    let path = format!("{}/../../tests/fixtures/custom-handler/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn sys(function: &'static str, utc_now: &str) -> Sys<'static> {
    Sys { function, utc_now: at(utc_now), rand_guid: "24ad4c06-24ad-4e5b-8294-3da9714877e9" }
}

fn message(text: &str, dequeue_count: u64) -> HostQueueMessage<'_> {
    HostQueueMessage {
        text,
        id: "5f0c1e9a-7f0b-4f4d-9c59-8a1f6c1f2a01",
        dequeue_count,
        inserted_at: at("2025-11-05T09:21:12.25Z"),
        expires_at: at("2025-11-12T09:21:12.25Z"),
        next_visible_at: at("2025-11-05T09:31:13.22Z"),
        pop_receipt: "AgAAAAMAAAAAAAAAuF3f1iBN3AE=",
    }
}

fn invocation(text: &str, dequeue_count: u64) -> Value {
    let sys = sys("OnRecordingQueue", "2025-11-05T09:21:13.2205399Z");
    serde_json::from_str(&message(text, dequeue_count).invocation("message", &sys).unwrap()).unwrap()
}

#[test]
fn a_queue_message_is_written_as_the_host_writes_it() {
    for (name, dequeue_count) in [
        ("queue-eventgrid", 1),
        ("queue-last-try", 5),
        ("queue-cloudevent", 1),
        ("queue-array", 1),
        ("queue-not-json", 1),
    ] {
        let fixture = fixture(name);
        let text: String = serde_json::from_str(fixture["Data"]["message"].as_str().unwrap()).unwrap();
        assert_eq!(invocation(&text, dequeue_count), fixture, "{name}");
    }
}

#[test]
fn message_members_override_the_host_metadata() {
    let seen = invocation(r#"{"ID":"mine","dequeueCount":7,"on":true,"list":[1],"none":null,"sys":{"a":1}}"#, 1);
    let metadata = seen["Metadata"].as_object().unwrap();
    assert_eq!(metadata["Id"], "\"mine\"");
    assert_eq!(metadata["DequeueCount"], "\"7\"");
    assert_eq!(metadata["on"], "\"True\"");
    assert_eq!(metadata["sys"], serde_json::json!({ "a": 1 }));
    assert!(!metadata.contains_key("list") && !metadata.contains_key("none"));
}

#[test]
fn a_timer_is_written_as_the_host_writes_it() {
    let next = at("2025-11-05T10:00:00Z");
    let last = Some(at("2025-11-05T09:00:00.0021563Z"));
    let run = TimerRun { last, next, is_past_due: false };
    let written = run.invocation("timer", &sys("Sweep", "2025-11-05T10:00:00.0134221Z")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), fixture("timer"));
}

#[test]
fn a_timer_without_earlier_runs_reports_the_year_1() {
    let run = TimerRun { last: None, next: at("2025-11-05T10:00:00Z"), is_past_due: true };
    let written = run.invocation("timer", &sys("Sweep", "2025-11-05T10:00:00Z")).unwrap();
    let seen: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(
        seen["Data"]["timer"]["ScheduleStatus"]["Last"],
        fixture("timer-first-run")["Data"]["timer"]["ScheduleStatus"]["Last"]
    );
    assert!(TimerInfo::read(Invocation::open(written.as_bytes()).unwrap().payload()).is_past_due);
}

proptest! {
    #[test]
    fn a_json_message_is_opened_to_the_text_that_was_sent(key in ".{0,20}", value in ".{0,60}") {
        let text = serde_json::json!({ key: value }).to_string();
        let sys = sys("OnRecordingQueue", "2025-11-05T09:21:13Z");
        let body = message(&text, 1).invocation("message", &sys).unwrap();
        let opened = Invocation::open(body.as_bytes()).unwrap();
        prop_assert_eq!(opened.payload(), text.as_bytes());
    }
}
