//! A handler that is killed, as the host kills it.

use serde_json::{Value, json};

use crate::support::process::http::Call;
use crate::support::process::{Estate, Handler, body};

const RECORDINGS: u64 = 12;

/// The catalogue as product.md compares it: without ids and revisions.
fn comparable(mut recordings: Vec<Value>) -> Vec<Value> {
    for recording in &mut recordings {
        let fields = recording.as_object_mut().unwrap();
        assert!(fields.remove("id").is_some() && fields.remove("revision").is_some());
    }
    recordings.sort_by_key(|recording| recording["name"].as_str().map(str::to_owned));
    recordings
}

/// What time alone changes stays as it is for a day, however slow the machine: only kills may make a difference.
const PATIENT: &str = "matching: { settle_after: PT24H, active_at_most: PT168H }\n";

/// The fields in which recordings differ, by name, each with what was expected and what was found.
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
fn a_kill_in_the_middle_and_redelivery_end_in_the_same_catalogue() {
    let estate = Estate::new();
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
        // The next one is on its way when the process dies; nobody knows how far it came.
        let text = body(&events[answered]);
        let length = format!("Content-Length: {}\r\n", text.len());
        let mut call = Call::begin(killed.port, "/recording_landed", &length).unwrap();
        call.send(text.as_bytes()).unwrap();
        assert_eq!(killed.running.kill().code, None);

        // The platform has had no answer to this one and to those that followed, and may repeat any other.
        let again = Handler::start(command(&["serve"]));
        deliver(&again, &events[answered.saturating_sub(1)..]);
        drop(again);
        let mut found = comparable(estate.recordings_in(&catalogue));
        // Tags that the killed one was about to write are another's to write once its lease is over.
        if found[answered]["tags"] == json!({}) {
            found[answered]["tags"] = expected[answered]["tags"].clone();
        }
        assert_eq!(differences(&expected, &found), Vec::<String>::new(), "killed after {answered} answers");
    }
}
