//! Verifies sent requests with the JavaScript library of the specification, which shares no code with this crate.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use domain::record::notification::Event;
use serde_json::json;

use super::*;
use crate::client::ClientSettings;
use crate::testing::{self, Behaviour, Receiver, Request, id, sent_at};
use domain::address_guard::Loopback;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/webhook-receiver");
const OLD: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const NEW: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const FOREIGN: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const BODY: &str =
    r#"{"type":"recording.ready","data":{"facts":{"name":"Zoë – sesión 🎬","name":"\u0000 \\","n":1e0}}}"#;
const NO_MATCH: &str = "refused: No matching signature found";

/// Sends a notification signed with these secrets and returns the received request.
async fn sent_with(secrets: &[&str]) -> Request {
    let mut receiver = Receiver::plain(Behaviour::Answer("HTTP/1.1 204 No Content\r\n\r\n")).await;
    let secrets = secrets.iter().map(|&secret| secret.to_owned()).collect();
    let client = testing::client(ClientSettings { loopback: Loopback::Allowed, ..ClientSettings::default() });
    let channel = WebhookChannel::new(&WebhookSettings { url: receiver.url("/hook"), secrets }, client).unwrap();
    let envelope =
        ChannelMessage { id: &id(), event: Event::RecordingReady, body: BODY, sent_at: sent_at(), traceparent: None };
    assert_eq!(channel.send(&envelope).await, ChannelAnswer::Accepted);
    receiver.request().await
}

/// Returns the verdict of a receiver with this secret, `later` seconds after the request was sent.
fn verify(request: &Request, secret: &str, later: i64) -> String {
    let folder = Path::new(FOLDER);
    azurite::installed(folder).unwrap();
    let headers: serde_json::Map<_, _> = ["webhook-id", "webhook-timestamp", "webhook-signature"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), request.header(name)?.into())))
        .collect();
    let now = sent_at().as_second() + later;
    let told = json!({ "secret": secret, "now": now, "headers": headers, "body": request.body });
    let mut node = Command::new("node");
    node.arg(folder.join("verify.mjs")).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = node.spawn().unwrap();
    process.stdin.take().unwrap().write_all(told.to_string().as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

#[tokio::test]
async fn a_receiver_in_another_language_verifies_our_signature() {
    let request = sent_with(&[NEW]).await;
    assert_eq!(verify(&request, NEW, 0), "verified");
    assert_eq!(verify(&request, FOREIGN, 0), NO_MATCH);
}

#[tokio::test]
async fn a_receiver_in_another_language_accepts_either_secret_during_rotation() {
    let request = sent_with(&[NEW, OLD]).await;
    assert_eq!(verify(&request, NEW, 0), "verified");
    assert_eq!(verify(&request, OLD, 0), "verified");
    assert_eq!(verify(&request, FOREIGN, 0), NO_MATCH);
}

#[tokio::test]
async fn a_receiver_in_another_language_refuses_a_tampered_request() {
    let original = sent_with(&[NEW, OLD]).await;
    let with = |from: &str, to: &str, part: fn(&mut Request) -> &mut String| {
        let mut request = Request { head: original.head.clone(), body: original.body.clone() };
        let part = part(&mut request);
        assert!(part.contains(from), "{part}");
        *part = part.replacen(from, to, 1);
        request
    };
    let tampered = [
        with("1e0", "1e1", |request| &mut request.body),
        with("ready\"", "ready\" ", |request| &mut request.body),
        with("webhook-id: ntf_", "webhook-id: ntf-", |request| &mut request.head),
        with("webhook-timestamp: 177244276", "webhook-timestamp: 177244277", |request| &mut request.head),
        with("v1,", "v2,", |request| &mut request.head),
    ];
    for (index, request) in tampered.iter().enumerate() {
        // With two signatures, the untouched one still verifies.
        let expected = if index == 4 { "verified" } else { NO_MATCH };
        assert_eq!(verify(request, OLD, 0), expected, "{}", request.head);
        assert_eq!(verify(request, NEW, 0), NO_MATCH, "{}", request.head);
    }
}

#[tokio::test]
async fn a_receiver_in_another_language_refuses_late_or_unsigned_requests() {
    let request = sent_with(&[NEW]).await;
    assert_eq!(verify(&request, NEW, 300), "verified");
    assert_eq!(verify(&request, NEW, 301), "refused: Message timestamp too old");
    assert_eq!(verify(&request, NEW, -301), "refused: Message timestamp too new");
    assert_eq!(verify(&sent_with(&[]).await, NEW, 0), "refused: Missing required headers");
}
