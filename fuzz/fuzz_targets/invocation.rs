//! Reads any bytes as a request body and as a handler's response.

#![no_main]

use host_protocol::host::{HandlerResponse, HostQueueMessage, Sys};
use host_protocol::names::{is_binding_name, is_function_name};
use host_protocol::{CONTENT_TYPE, Invocation, TimerInfo};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = HandlerResponse { status: 200, content_type: Some(CONTENT_TYPE), body: bytes }.reaction(Some("res"));
    let Ok(invocation) = Invocation::open(bytes) else { return };
    let again = Invocation::open(bytes).expect("what was opened once opens again");
    assert_eq!(invocation, again, "opening is deterministic");

    let payload = invocation.payload();
    TimerInfo::read(payload);
    let Ok(text) = std::str::from_utf8(payload) else { return };
    is_function_name(text);
    is_binding_name(text);
    opens_again(text);
});

/// Checks that an opened object or array, sent again by the host, opens to the same bytes.
///
/// Other texts need not: if the limit on layers left a text in quotes, opening it again removes more of them.
fn opens_again(text: &str) {
    if !text.starts_with(['{', '[']) {
        return;
    }
    let at = Timestamp::UNIX_EPOCH;
    let message = HostQueueMessage {
        text,
        id: "id",
        dequeue_count: 1,
        inserted_at: at,
        expires_at: at,
        next_visible_at: at,
        pop_receipt: "receipt",
    };
    let sys = Sys { function: "function", utc_now: at, rand_guid: "guid" };
    let body = message.invocation("message", &sys).expect("any text can be sent");
    let opened = Invocation::open(body.as_bytes()).expect("the host's own body opens");
    assert_eq!(opened.payload(), text.as_bytes(), "wrapping and opening gives the text back");
}
