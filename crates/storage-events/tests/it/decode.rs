//! Tests of the decoding rules, one rule per test.

use serde_json::{Value, json};
use storage_events::{DecodedEvent, Malformation, decode};

use crate::meaning::meaning;

fn event() -> Value {
    json!({
        "topic": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/stbastionrec01",
        "subject": "/blobServices/default/containers/recordings/blobs/vm-user",
        "eventType": "Microsoft.Storage.BlobCreated",
        "eventTime": "2025-11-05T09:21:09.7715530Z",
        "id": "1",
        "data": { "contentLength": 7, "eTag": "\"0x1\"", "blobType": "BlockBlob", "sequencer": "0A" },
    })
}

/// Returns the event with one member changed; the prefix `data/` addresses members of `data`.
fn with(member: &str, value: Value) -> Value {
    let mut event = event();
    match member.strip_prefix("data/") {
        Some(member) => event["data"][member] = value,
        None => event[member] = value,
    }
    event
}

fn means(event: &Value) -> Value {
    let mut meaning = meaning(event.to_string().as_bytes());
    assert_eq!(meaning.as_array().map(Vec::len), Some(1));
    meaning[0].take()
}

#[track_caller]
fn is_malformed(event: &Value, reason: &str) {
    assert_eq!(means(event), json!({ "malformed": reason }));
}

#[test]
fn an_event_without_its_sequencer_is_malformed() {
    for value in [json!(""), Value::Null] {
        is_malformed(&with("data/sequencer", value), "`data.sequencer` is missing or empty");
    }
    is_malformed(&with("data/sequencer", json!(1)), "`data.sequencer` has the wrong JSON type");
}

#[test]
fn a_write_without_its_length_is_malformed() {
    is_malformed(&with("data/contentLength", Value::Null), "`data.contentLength` is missing or empty");
    for value in [json!(-1), json!("7"), json!(7.5), json!(true), json!([7])] {
        is_malformed(&with("data/contentLength", value), "`data.contentLength` has the wrong JSON type");
    }
}

#[test]
fn a_delete_needs_neither_length_nor_etag() {
    let mut event = with("eventType", json!("Microsoft.Storage.BlobDeleted"));
    event["data"] = json!({ "sequencer": "0B" });
    assert_eq!(means(&event)["what"], "deleted");
}

#[test]
fn every_missing_required_member_is_named() {
    for member in ["id", "topic", "subject", "eventTime", "data"] {
        is_malformed(&with(member, Value::Null), &format!("`{member}` is missing or empty"));
    }
    is_malformed(&with("eventType", json!("")), "`eventType` is missing or empty");
    is_malformed(&with("data", json!("text")), "`data` has the wrong JSON type");
}

#[test]
fn an_etag_is_kept_without_its_inner_quotes() {
    for (etag, kept) in [(json!("\"0x8D\""), json!("0x8D")), (json!("0x8D"), json!("0x8D")), (json!(""), Value::Null)] {
        assert_eq!(means(&with("data/eTag", etag))["what"]["written"]["etag"], kept);
    }
}

#[test]
fn a_time_may_have_a_z_an_offset_or_neither() {
    for time in ["2025-11-05T09:21:09.7715530Z", "2025-11-05T10:21:09.771553+01:00", "2025-11-05T09:21:09.7715530"] {
        assert_eq!(means(&with("eventTime", json!(time)))["at"], "2025-11-05T09:21:09.771553Z", "{time}");
    }
    is_malformed(&with("eventTime", json!("yesterday")), "`eventTime` \"yesterday\" is not a time");
}

#[test]
fn the_address_comes_from_topic_and_subject_only() {
    let url = "https://169.254.169.254/metadata/other";
    let meaning = means(&with("data/url", json!(url)));
    assert_eq!((&meaning["account"], &meaning["name"]), (&json!("stbastionrec01"), &json!("vm-user")));
    let mut without_subject = with("data/url", json!(url));
    without_subject["subject"] = Value::Null;
    is_malformed(&without_subject, "`subject` is missing or empty");
}

#[test]
fn a_name_is_kept_as_it_stands() {
    for name in ["blobs/x", "a/../b", "%2e%2e", "50%off+more", "CONTOSO\\jdoe", "jörg müller", "\u{202E}gpj", "a\u{0}b"]
    {
        let subject = format!("/blobServices/default/containers/recordings/blobs/{name}");
        assert_eq!(means(&with("subject", json!(subject)))["name"], name);
    }
}

#[test]
fn a_subject_or_a_topic_that_names_nothing_is_malformed() {
    is_malformed(
        &with("subject", json!("/blobServices/default/containers/recordings")),
        "`subject` \"/blobServices/default/containers/recordings\" names no blob",
    );
    is_malformed(&with("topic", json!("/subscriptions/s")), "`topic` \"/subscriptions/s\" names no storage account");
    let too_long = format!("/blobServices/default/containers/recordings/blobs/{}", "x".repeat(1025));
    is_malformed(&with("subject", json!(too_long)), "`subject` holds an impossible blob name");
}

#[test]
fn an_address_that_cannot_exist_is_not_ours() {
    let topic = "/subscriptions/s/providers/Microsoft.Storage/storageAccounts/../etc";
    assert_eq!(means(&with("topic", json!(topic))), json!({ "ignored": "impossible_account" }));
    let subject = "/blobServices/default/containers/A_B/blobs/x";
    assert_eq!(means(&with("subject", json!(subject))), json!({ "ignored": "impossible_container" }));
}

#[test]
fn an_event_of_another_type_is_ignored_despite_its_data() {
    for data in [json!(null), json!("text"), json!([1]), json!({ "sequencer": 1, "contentLength": "x" })] {
        let mut event = with("eventType", json!("Contoso.Something"));
        event["data"] = data;
        event["topic"] = json!(null);
        assert_eq!(means(&event), json!({ "ignored": "unhandled_type" }));
    }
}

#[test]
fn the_schema_is_known_by_its_members() {
    is_malformed(
        &json!({ "type": "Microsoft.Storage.BlobCreated" }),
        "neither an Event Grid event nor a CloudEvents event",
    );
    is_malformed(&json!({ "specversion": "0.3", "type": "x" }), "CloudEvents version \"0.3\" is not 1.0");
    is_malformed(&json!({ "specversion": "1.0" }), "`type` is missing or empty");
}

#[test]
fn one_bad_event_does_not_fail_its_batch() {
    let good = event().to_string();
    let bad = r#"{"eventType": "Microsoft.Storage.BlobCreated" , "topic":7}"#;
    let payload = format!("[{good}, {bad} ,42,{good}]");
    let decoded: Vec<_> = decode(payload.as_bytes()).collect();
    assert_eq!(decoded.len(), 4);
    assert!(matches!((&decoded[0], &decoded[3]), (DecodedEvent::Blob(_), DecodedEvent::Blob(_))));
    let DecodedEvent::Malformed { raw, .. } = &decoded[1] else {
        panic!("{:?}", decoded[1])
    };
    assert_eq!(*raw, bad.as_bytes(), "the raw bytes are those of this event alone");
    let DecodedEvent::Malformed { raw, reason } = &decoded[2] else {
        panic!("{:?}", decoded[2])
    };
    assert_eq!((*raw, reason.to_string().as_str()), (b"42".as_slice(), "not a JSON object"));
}

#[test]
fn a_payload_outside_json_is_one_malformed_element() {
    for payload in
        [&b"hello recordings"[..], b"", b" ", b"[{},", b"{\"id\":", b"\xff\xfe", b"{} {}", b"[{\"a\":\"\xff\"}]"]
    {
        let decoded: Vec<_> = decode(payload).collect();
        let [DecodedEvent::Malformed { raw, reason }] = decoded.as_slice() else {
            panic!("{payload:?}: {decoded:?}")
        };
        assert_eq!(*raw, payload);
        assert!(matches!(reason, Malformation::Json(_)), "{payload:?}: {reason}");
    }
}

#[test]
fn a_scalar_is_malformed_and_an_empty_array_ignored() {
    assert_eq!(meaning(b"42"), json!([{ "malformed": "not a JSON object" }]));
    assert_eq!(meaning(b" [ ] "), json!([{ "ignored": "empty_batch" }]));
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let payload = format!("\u{FEFF}{}", event());
    assert_eq!(meaning(payload.as_bytes())[0]["name"], "vm-user");
    assert_eq!(meaning(format!("\u{FEFF}[{}]", event()).as_bytes())[0]["name"], "vm-user");
}

#[test]
fn a_repeated_member_is_malformed_because_two_readers_could_disagree() {
    let payload = event().to_string().replacen("\"id\"", "\"subject\":\"/x\",\"id\"", 1);
    let Some(DecodedEvent::Malformed { reason: Malformation::Json(cause), .. }) = decode(payload.as_bytes()).next()
    else {
        panic!("{payload} must be malformed")
    };
    assert!(cause.to_string().starts_with("duplicate field `subject`"), "{cause}");
}
