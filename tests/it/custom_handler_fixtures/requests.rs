//! Checks the requests of the host.

use functions::invocation::{Invocation, TimerInfo};
use serde_json::Value;

use super::{Sample, answers, meaning, samples};

#[test]
fn every_request_fixture_decodes_as_its_expectation() {
    for request in samples().iter().filter(|sample| !answers::is_one(sample)) {
        check(request);
    }
}

fn check(Sample { name, bytes, expected }: &Sample) {
    let Value::Object(expected) = expected else {
        panic!("{name}: the expected meaning is not an object")
    };
    let opened = Invocation::open(bytes);
    if let Some(reason) = expected.get("refused") {
        assert_eq!(&opened.unwrap_err().to_string(), reason, "{name}");
        return;
    }
    let payload = opened.unwrap_or_else(|error| panic!("{name}: {error}")).into_payload();
    for (what, expected) in expected {
        match what.as_str() {
            "ignored" => assert!(expected.is_string(), "{name}: the reason is a text"),
            "events" => assert_eq!(&meaning::meaning(&payload), expected, "{name}"),
            "text" => assert_eq!(&*payload, expected.as_str().unwrap().as_bytes(), "{name}"),
            "timer" => assert_eq!(TimerInfo::read(&payload).is_past_due, expected["is_past_due"], "{name}"),
            "object_with" => assert_eq!(&members(&payload), expected, "{name}"),
            other => panic!("{name}: {other:?} is not something to check"),
        }
    }
    assert!(expected.keys().any(|what| what != "ignored"), "{name}: nothing is expected");
}

fn members(payload: &[u8]) -> Value {
    let object: serde_json::Map<String, Value> = serde_json::from_slice(payload).unwrap();
    let mut members: Vec<_> = object.keys().map(String::as_str).collect();
    members.sort_unstable();
    members.into()
}
