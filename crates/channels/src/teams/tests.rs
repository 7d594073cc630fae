use domain::record::notification::Event;
use jiff::SignedDuration;
use serde_json::Value;

use super::*;
use crate::card::PageError;
use crate::client::{ClientSettings, DestinationError};
use crate::testing::{self, Behaviour, Receiver, id, sent_at};
use domain::address_guard::{ForbiddenAddress, Loopback};

const BODY: &str = r#"{"type":"recording.ready","timestamp":"2026-03-02T09:12:44Z","data":{"version":1,"id":"ntf_1",
    "severity":"info","subject":"a.mp4","facts":{"recording":"rec_1","machine":"vm-01"},"link":null}}"#;
const TRIGGER: &str =
    "/workflows/1/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sig=a-_%3D";
const ACCEPTED: Behaviour = Behaviour::Answer("HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n");

fn teams(url: String, page: Option<&str>) -> Result<TeamsChannel, TeamsSettingsError> {
    let local = ClientSettings { loopback: Loopback::Allowed, ..ClientSettings::default() };
    TeamsChannel::new(
        &TeamsSettings { url, page: page.map(str::to_owned), zone: TimeZone::UTC },
        testing::client(local),
    )
}

async fn send(channel: &TeamsChannel, body: &str) -> ChannelAnswer {
    let id = id();
    channel
        .send(&ChannelMessage { id: &id, event: Event::RecordingReady, body, sent_at: sent_at(), traceparent: None })
        .await
}

async fn answer_to(answer: &'static str) -> ChannelAnswer {
    let receiver = Receiver::plain(Behaviour::Answer(answer)).await;
    send(&teams(receiver.url(TRIGGER), None).unwrap(), BODY).await
}

#[tokio::test]
async fn the_workflow_gets_the_previewed_card_at_the_signed_url() {
    let mut receiver = Receiver::plain(ACCEPTED).await;
    let page = "https://page.example";
    assert_eq!(send(&teams(receiver.url(TRIGGER), Some(page)).unwrap(), BODY).await, ChannelAnswer::Accepted);

    let request = receiver.request().await;
    assert!(request.head.starts_with(&format!("POST {TRIGGER} HTTP/1.1\r\n")), "{}", request.head);
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.body, preview(BODY, Some(page)).unwrap());
    let message: Value = serde_json::from_str(&request.body).unwrap();
    let attachment = &message["attachments"][0];
    assert!(attachment.as_object().unwrap().contains_key("contentUrl") && attachment["contentUrl"].is_null());
    assert_eq!(attachment["content"]["actions"][0]["url"], "https://page.example/recordings/rec_1");
}

#[tokio::test]
async fn a_connector_reporting_429_in_a_success_is_busy() {
    let throttled = "HTTP/1.1 200 OK\r\ncontent-length: 102\r\n\r\nWebhook message delivery failed with error: Microsoft \
                     Teams endpoint returned HTTP error 429 with Cont";
    let reason = "rateLimited: 429".to_owned();
    assert_eq!(answer_to(throttled).await, ChannelAnswer::TryLater { reason, retry_after: None, overloaded: true });
}

#[test]
fn only_a_success_may_report_another_status() {
    let told = |status, body: &str| {
        read(&Reply { status, retry_after: None, redirected_to: None, body: body.as_bytes().to_vec() }, sent_at())
    };
    assert_eq!(told(200, "1"), ChannelAnswer::Accepted);
    assert_eq!(told(202, ""), ChannelAnswer::Accepted);
    for body in ["HTTP error ", "HTTP error x29", "HTTP error 20", "HTTP error 200", "HTTP error é"] {
        assert_eq!(told(200, body), ChannelAnswer::Accepted, "{body}");
    }
    let refused = |reason: &str| ChannelAnswer::Refused { reason: reason.to_owned() };
    assert_eq!(told(202, "returned HTTP error 413 with"), refused("payloadTooLarge: 413"));
    assert_eq!(told(200, "returned HTTP error 403"), refused("authError: 403"));
    assert_eq!(told(200, "returned HTTP error 410"), ChannelAnswer::Gone { reason: "clientError: 410".to_owned() });
    assert_eq!(told(400, "returned HTTP error 429"), refused("clientError: 400"));
}

#[tokio::test]
async fn a_throttled_workflow_is_paused_as_requested() {
    let throttled = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 30\r\ncontent-length: 0\r\n\r\n";
    let retry_after = Some(SignedDuration::from_secs(30));
    let reason = "rateLimited: 429".to_owned();
    assert_eq!(answer_to(throttled).await, ChannelAnswer::TryLater { reason, retry_after, overloaded: true });
}

#[tokio::test]
async fn an_invalid_body_is_refused_without_sending() {
    let mut receiver = Receiver::plain(ACCEPTED).await;
    let refused = send(&teams(receiver.url("/x"), None).unwrap(), "{}").await;
    assert_eq!(refused, ChannelAnswer::Refused { reason: "other: the body is not understood".to_owned() });
    assert!(!receiver.was_called());
}

#[test]
fn a_forbidden_url_is_rejected_at_once() {
    let blocked = teams("https://169.254.169.254/hunter2".to_owned(), None).unwrap_err();
    assert!(
        matches!(blocked, TeamsSettingsError::Url(DestinationError::Refused(ForbiddenAddress::Blocked(_)))),
        "{blocked:?}"
    );
    let page = teams("https://a.example".to_owned(), Some("http://page.example")).unwrap_err();
    assert_eq!(page, TeamsSettingsError::Page(PageError::NotSafe));
}

#[test]
fn a_retired_connector_is_known() {
    let is_retired = |url: &str| teams(url.to_owned(), None).unwrap().retired().is_some();
    assert!(is_retired("https://contoso.webhook.office.com/webhookb2/1"));
    assert!(is_retired("https://CONTOSO.webhook.office.com./webhookb2/1"));
    assert!(is_retired("https://outlook.office.com/webhook/1"));
    assert!(is_retired("https://outlook.office365.com/webhook/1"));
    assert!(!is_retired("https://outlook.office.com/api/webhook"));
    assert!(!is_retired("https://prod-1.westeurope.logic.azure.com/workflows/1"));
    assert!(!is_retired("https://webhook.office.com.example/1"));
}

#[test]
fn no_debug_text_shows_the_url() {
    let settings = TeamsSettings { url: "https://a.example/hunter2".to_owned(), page: None, zone: TimeZone::UTC };
    let channel = TeamsChannel::new(&settings, testing::client(ClientSettings::default())).unwrap();
    let told = format!("{settings:?} {settings:#?} {channel:?} {channel:#?}");
    assert!(!told.contains("hunter2") && told.contains("[redacted]"), "{told}");
}
