//! A handler that is killed, as the host kills it.

use serde_json::{Value, json};

use crate::support::process::http::SentCall;
use crate::support::process::{Handler, ProcessEstate, body};

const RECORDINGS: u64 = 12;

/// Removes ids and revisions and sorts by name, as product.md compares catalogues.
fn comparable(mut recordings: Vec<Value>) -> Vec<Value> {
    for recording in &mut recordings {
        let fields = recording.as_object_mut().unwrap();
        assert!(fields.remove("id").is_some() && fields.remove("revision").is_some());
    }
    recordings.sort_by_key(|recording| recording["name"].as_str().map(str::to_owned));
    recordings
}

/// Long periods, so that only kills can make a difference, however slow the machine is.
const PATIENT: &str = "matching: { settle_after: PT24H, active_at_most: PT168H }\n";

/// Returns the fields that differ, by recording name, with the expected and the found value.
fn differences(expected: &[Value], found: &[Value]) -> Vec<String> {
    let mut differences = Vec::new();
    for (one, other) in expected.iter().zip(found) {
        let fields = one.as_object().unwrap().iter().filter(|(field, value)| other[*field] != **value);
        let name = &one["name"];
        differences.extend(fields.map(|(field, value)| format!("{name} {field}: {value}, now {}", other[field])));
    }
    if expected.len() != found.len() {
        differences.push(format!("{} recordings, now {}", expected.len(), found.len()));
    }
    differences
}

fn deliver(handler: &Handler, events: &[String]) {
    for event in events {
        assert_eq!(handler.recording_landed(event).unwrap(), 200);
    }
}

#[test]
fn a_kill_and_redelivery_give_the_same_catalogue() {
    let estate = ProcessEstate::new();
    estate.write("archivist.yaml", &(estate.configuration() + PATIENT));
    let events: Vec<_> =
        (0..RECORDINGS).map(|n| estate.record(&format!("vm-{n:02}-admin"), 1_000 + n, n + 1)).collect();
    let undisturbed = estate.serve();
    deliver(&undisturbed, &events);
    drop(undisturbed);
    let expected = comparable(estate.recordings());
    assert_eq!(expected.len() as u64, RECORDINGS);

    for answered in [0, 1, 5, 11] {
        let catalogue = format!("sqlite:killed-after-{answered}.sqlite");
        let command = |arguments: &[&str]| {
            let mut command = estate.command(arguments);
            command.env("ARCHIVIST_CATALOGUE", &catalogue);
            command
        };
        let killed = Handler::start(command(&["serve"]));
        deliver(&killed, &events[..answered]);
        // The next call is in flight when the process dies; its progress is unknown.
        let text = body(&events[answered]);
        let length = format!("Content-Length: {}\r\n", text.len());
        let mut call = SentCall::begin(killed.port, "/recording_landed", &length).unwrap();
        call.send(text.as_bytes()).unwrap();
        assert_eq!(killed.running.kill().code, None);

        // The platform got no answer to this event and the following ones, and may deliver any other event again.
        let again = Handler::start(command(&["serve"]));
        deliver(&again, &events[answered.saturating_sub(1)..]);
        drop(again);
        let mut found = comparable(estate.recordings_in(&catalogue));
        // After a kill during tagging, another process writes the tags only when the lease has expired.
        if found[answered]["tags"] == json!({}) {
            found[answered]["tags"] = expected[answered]["tags"].clone();
        }
        assert_eq!(differences(&expected, &found), Vec::<String>::new(), "killed after {answered} answers");
    }
}
