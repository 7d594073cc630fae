//! Checks the host's reactions to the responses of a handler.

use host_protocol::CONTENT_TYPE;
use host_protocol::host::{HandlerResponse, Reaction};
use serde_json::json;

use super::{Sample, samples};

pub fn is_one(sample: &Sample) -> bool {
    sample.name.starts_with("response-")
}

#[test]
fn the_host_reaction_to_every_answer_fixture_is_expected() {
    for Sample { name, bytes, expected } in samples().iter().filter(|sample| is_one(sample)) {
        // The sample app has one function with an http binding, named `res`.
        let answer = HandlerResponse { status: 200, content_type: Some(CONTENT_TYPE), body: bytes };
        let mut seen = match answer.reaction(Some("res")) {
            Reaction::Succeeds => json!({ "host": "success" }),
            Reaction::Fails(because) => json!({ "host": "fails", "because": because }),
            Reaction::Hangs => json!({ "host": "hangs" }),
        };
        // A trap succeeds but has a side effect on the host, which the reaction does not show.
        if name.starts_with("response-trap-") {
            seen["trap"] = expected["trap"].clone();
        }
        assert_eq!(&seen, expected, "{name}");
    }
}

#[test]
fn our_own_answer_has_no_outputs_or_return_value() {
    let body = host_protocol::success_body(&["abcd1234"]);
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["Outputs"], json!({}));
    assert!(body["ReturnValue"].is_null());
}
