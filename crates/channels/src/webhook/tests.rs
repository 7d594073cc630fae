use std::time::Duration;

use domain::record::notification::Event;
use jiff::{SignedDuration, Timestamp};
use standardwebhooks::Webhook;

use super::*;
use crate::client::{ClientSettings, DestinationError};
use crate::testing::{self, Behaviour, Receiver, id, sent_at};
use domain::address_guard::{ForbiddenAddress, Loopback};

const NEW: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const BODY: &str = r#"{"type":"recording.ready","data":{"name":"Zoë – sesión"}}"#;
const NO_CONTENT: Behaviour = Behaviour::Answer("HTTP/1.1 204 No Content\r\n\r\n");

fn settings(url: String, secrets: &[&str]) -> WebhookSettings {
    WebhookSettings { url, secrets: secrets.iter().map(|&secret| secret.to_owned()).collect() }
}

fn webhook(url: String, secrets: &[&str]) -> Result<WebhookChannel, WebhookSettingsError> {
    let local = ClientSettings { loopback: Loopback::Allowed, ..ClientSettings::default() };
    WebhookChannel::new(&settings(url, secrets), testing::client(local))
}

async fn send(channel: &WebhookChannel, sent_at: Timestamp) -> ChannelAnswer {
    let id = id();
    channel
        .send(&ChannelMessage { id: &id, event: Event::RecordingReady, body: BODY, sent_at, traceparent: None })
        .await
}

async fn answer_to(behaviour: Behaviour) -> ChannelAnswer {
    let receiver = Receiver::plain(behaviour).await;
    send(&webhook(receiver.url("/hook"), &[NEW]).unwrap(), sent_at()).await
}

#[tokio::test]
async fn the_receiver_gets_the_frozen_body_signed_by_every_key() {
    let mut receiver = Receiver::plain(NO_CONTENT).await;
    let channel = webhook(receiver.url("/hook"), &[NEW, OLD]).unwrap();
    assert_eq!(send(&channel, sent_at()).await, ChannelAnswer::Accepted);

    let request = receiver.request().await;
    assert_eq!(request.body, BODY);
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("webhook-id"), Some(id().as_str()));
    assert_eq!(request.header("webhook-timestamp"), Some("1772442764"));
    let theirs = |secret| Webhook::new(secret).unwrap().sign(id().as_str(), 1_772_442_764, BODY.as_bytes()).unwrap();
    assert_eq!(request.header("webhook-signature"), Some(format!("{} {}", theirs(NEW), theirs(OLD)).as_str()));
}

#[tokio::test]
async fn only_a_traced_attempt_has_a_traceparent_header() {
    const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let mut receiver = Receiver::plain(NO_CONTENT).await;
    let channel = webhook(receiver.url("/hook"), &[NEW]).unwrap();
    for traceparent in [Some(TRACEPARENT), None] {
        let (id, event, sent_at) = (id(), Event::RecordingReady, sent_at());
        channel.send(&ChannelMessage { id: &id, event, body: BODY, sent_at, traceparent }).await;
        assert_eq!(receiver.request().await.header("traceparent"), traceparent);
    }
}

#[tokio::test]
async fn a_retry_keeps_the_id_with_a_new_time_and_signature() {
    let mut receiver = Receiver::plain(NO_CONTENT).await;
    let channel = webhook(receiver.url("/hook"), &[NEW]).unwrap();
    send(&channel, sent_at()).await;
    send(&channel, sent_at() + SignedDuration::from_mins(5)).await;

    let (first, second) = (receiver.request().await, receiver.request().await);
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(second.header("webhook-timestamp"), Some("1772443064"));
    assert_ne!(first.header("webhook-signature"), second.header("webhook-signature"));
}

#[tokio::test]
async fn without_a_secret_the_request_is_not_signed() {
    let mut receiver = Receiver::plain(NO_CONTENT).await;
    assert_eq!(send(&webhook(receiver.url("/hook"), &[]).unwrap(), sent_at()).await, ChannelAnswer::Accepted);
    let request = receiver.request().await;
    assert_eq!(request.header("webhook-signature"), None);
    assert_eq!(request.header("webhook-id"), Some(id().as_str()));
}

#[tokio::test]
async fn a_busy_receiver_is_paused_as_requested() {
    let throttled =
        "HTTP/1.1 429 Too Many Requests\r\nretry-after: Mon, 02 Mar 2026 09:14:44 GMT\r\ncontent-length: 0\r\n\r\n";
    let expected = ChannelAnswer::TryLater {
        reason: "rateLimited: 429".to_owned(),
        retry_after: Some(SignedDuration::from_mins(2)),
        overloaded: true,
    };
    assert_eq!(answer_to(Behaviour::Answer(throttled)).await, expected);
}

#[tokio::test]
async fn a_failing_receiver_is_retried_later() {
    let later =
        |reason: &str, overloaded| ChannelAnswer::TryLater { reason: reason.to_owned(), retry_after: None, overloaded };
    let failing = Behaviour::Answer("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(answer_to(failing).await, later("serverError: 503", false));
    assert_eq!(answer_to(Behaviour::BreakOff("")).await, later("other: connection broken", false));
}

#[tokio::test]
async fn a_hanging_receiver_counts_as_overloaded() {
    let receiver = Receiver::plain(Behaviour::Stall("")).await;
    let request_timeout = Duration::from_millis(200);
    let impatient = ClientSettings { loopback: Loopback::Allowed, request_timeout, ..ClientSettings::default() };
    let channel = WebhookChannel::new(&settings(receiver.url("/hook"), &[]), testing::client(impatient)).unwrap();
    let reason = "contextDeadlineExceeded: no answer in time".to_owned();
    assert_eq!(
        send(&channel, sent_at()).await,
        ChannelAnswer::TryLater { reason, retry_after: None, overloaded: true }
    );
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_refused() {
    let moved = "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/metadata?key=1\r\ncontent-length: 0\r\n\r\n";
    let refused = ChannelAnswer::Refused { reason: "redirected: 302 to 169.254.169.254".to_owned() };
    assert_eq!(answer_to(Behaviour::Answer(moved)).await, refused);
}

#[test]
fn a_url_outside_the_allowed_hosts_is_refused_at_once() {
    let refused = webhook("https://169.254.169.254/hunter2".to_owned(), &[]).unwrap_err();
    assert!(
        matches!(refused, WebhookSettingsError::Url(DestinationError::Refused(ForbiddenAddress::Blocked(_)))),
        "{refused:?}"
    );
}

#[test]
fn an_invalid_secret_is_rejected_by_its_position() {
    let refused = webhook("https://siem.example/hook".to_owned(), &[NEW, "whsec_hunter2!"]).unwrap_err();
    assert_eq!(refused, WebhookSettingsError::Secret { position: 2, source: SigningKeyError::NotBase64 });
}

#[test]
fn no_debug_text_shows_the_url_or_a_secret() {
    let settings = settings("https://siem.example/hunter2".to_owned(), &[NEW]);
    let channel = WebhookChannel::new(&settings, testing::client(ClientSettings::default())).unwrap();
    let told = format!("{settings:?} {settings:#?} {channel:?} {channel:#?}");
    assert!(!told.contains("hunter2") && !told.contains(&NEW[6..]), "{told}");
    assert!(told.contains("[redacted]"), "{told}");
}
