//! `archivist serve` over real HTTP.

use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::process::http::{SentCall, post};
use crate::support::process::{ProcessEstate, body, eventually};

#[test]
fn a_posted_event_is_in_the_catalogue_of_every_command() {
    let estate = ProcessEstate::new();
    let handler = estate.serve();
    let event = estate.record("vm-web-01-azureadmin.3", 4_096, 1);
    let answer = post(handler.port, "/recording_landed", &body(&event)).unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#);

    let recordings = estate.recordings();
    let [recording] = recordings.as_slice() else { panic!("{recordings:?}") };
    assert_eq!(recording["name"], "vm-web-01-azureadmin.3");
    assert_eq!(recording["size_bytes"], 4_096);
    assert_eq!(recording["tags"]["bsr-state"], "active");
}

#[test]
fn a_body_in_chunks_is_read() {
    let estate = ProcessEstate::new();
    let handler = estate.serve();
    let body = body(&estate.record("vm-web-01-azureadmin", 4_096, 1));
    let (first, second) = body.split_at(body.len() / 2);
    let mut call = SentCall::begin(handler.port, "/recording_landed", "Transfer-Encoding: chunked\r\n").unwrap();
    for chunk in [first, second, ""] {
        call.send(format!("{:x}\r\n{chunk}\r\n", chunk.len()).as_bytes()).unwrap();
    }
    assert_eq!(call.answer().unwrap().status, 200);
    assert_eq!(estate.recordings().len(), 1);
}

#[test]
fn a_caller_aborting_its_body_affects_no_other_call() {
    let estate = ProcessEstate::new();
    let handler = estate.serve();
    let mut call = SentCall::begin(handler.port, "/recording_landed", "Content-Length: 1000\r\n").unwrap();
    call.send(b"{\"Data\"").unwrap();
    drop(call);
    assert_eq!(handler.recording_landed(&estate.record("vm-web-01-azureadmin", 4_096, 1)).unwrap(), 200);
}

#[test]
fn sigterm_lets_the_call_in_flight_end_and_exits_with_200() {
    let estate = ProcessEstate::new();
    let handler = estate.serve();
    let body = body(&estate.record("vm-web-01-azureadmin", 4_096, 1));
    let headers = format!("Content-Length: {}\r\nExpect: 100-continue\r\n", body.len());
    let mut call = SentCall::begin(handler.port, "/recording_landed", &headers).unwrap();
    call.wait_until_body_is_read().unwrap();

    handler.running.terminate();
    eventually("no new connection is taken", || TcpStream::connect(("127.0.0.1", handler.port)).is_err());
    call.send(body.as_bytes()).unwrap();
    assert_eq!(call.answer().unwrap().status, 200);

    let ended = handler.running.end();
    assert_eq!(ended.code, Some(200), "{}", ended.stderr);
    assert_eq!(estate.recordings().len(), 1);
}

#[test]
fn an_idle_handler_exits_with_200_on_sigterm() {
    let handler = ProcessEstate::new().serve();
    handler.running.terminate();
    assert_eq!(handler.running.end().code, Some(200));
}

#[test]
fn logs_are_json_lines_with_function_and_invocation() {
    let estate = ProcessEstate::new();
    let handler = estate.serve();
    assert_eq!(handler.recording_landed(&estate.record("vm-web-01-azureadmin", 4_096, 1)).unwrap(), 200);
    assert_eq!(handler.recording_landed("not an event").unwrap(), 200);
    handler.running.terminate();

    let ended = handler.running.end();
    assert_eq!(ended.stderr, "", "the host takes every line there for an error");
    let lines: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (message, what) in [("event applied", json!("written")), ("input put into quarantine", Value::Null)] {
        let line = lines.iter().find(|line| line["message"] == message);
        let line = line.unwrap_or_else(|| panic!("{message:?} was not logged: {}", ended.stdout));
        assert_eq!(line["what"], what, "an alert rule counts arrivals by it");
        assert_eq!(line["span"]["name"], "recording_landed");
        assert_eq!(line["span"]["invocation"], "5e0f9c1a-7d2b-4a36-9f58-0c1d2e3f4a5b");
    }
}

#[test]
fn a_name_cannot_inject_control_characters_into_the_log() {
    let estate = ProcessEstate::new();
    let handler = estate.serve();
    let event = estate.record("a\u{1b}[2J\u{202e}b", 4_096, 1);
    assert_eq!(handler.recording_landed(&event).unwrap(), 200);
    handler.running.terminate();
    let ended = handler.running.end();
    assert!(ended.stdout.contains("event applied"));
    assert!(!ended.stdout.contains(['\u{1b}', '\u{202e}']), "{:?}", ended.stdout);
}
