use domain::record::notification::Event;
use jiff::SignedDuration;

use super::*;
use crate::card::PageError;
use crate::client::{ClientSettings, DestinationError};
use crate::testing::{self, Behaviour, Receiver, id, sent_at};
use domain::address_guard::{ForbiddenAddress, Loopback};

const BODY: &str = r#"{"type":"recording.ready","timestamp":"2026-03-02T09:12:44Z","data":{"version":1,"id":"ntf_1",
    "severity":"info","subject":"a.mp4","facts":{"recording":"rec_1","machine":"vm-01"},"link":null}}"#;
const OK: Behaviour = Behaviour::Answer("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nok");

fn slack(url: String, page: Option<&str>) -> Result<SlackChannel, SlackSettingsError> {
    let local = ClientSettings { loopback: Loopback::Allowed, ..ClientSettings::default() };
    SlackChannel::new(
        &SlackSettings { url, page: page.map(str::to_owned), zone: TimeZone::UTC },
        testing::client(local),
    )
}

async fn send(channel: &SlackChannel, body: &str) -> ChannelAnswer {
    let id = id();
    channel
        .send(&ChannelMessage { id: &id, event: Event::RecordingReady, body, sent_at: sent_at(), traceparent: None })
        .await
}

async fn answer_to(answer: &'static str) -> ChannelAnswer {
    let receiver = Receiver::plain(Behaviour::Answer(answer)).await;
    send(&slack(receiver.url("/services/T1/B1/x"), None).unwrap(), BODY).await
}

#[tokio::test]
async fn the_webhook_gets_the_previewed_message() {
    let mut receiver = Receiver::plain(OK).await;
    let page = "https://page.example";
    assert_eq!(
        send(&slack(receiver.url("/services/T1/B1/x"), Some(page)).unwrap(), BODY).await,
        ChannelAnswer::Accepted
    );

    let request = receiver.request().await;
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.body, preview(BODY, Some(page)).unwrap());
    assert!(request.body.contains("\"url\":\"https://page.example/recordings/rec_1\""), "{}", request.body);
}

#[tokio::test]
async fn a_success_without_ok_is_a_failure() {
    let answer = answer_to("HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n<html>x</html>").await;
    assert_eq!(answer, ChannelAnswer::Refused { reason: "other: success without ok".to_owned() });
}

#[tokio::test]
async fn a_removed_webhook_is_gone() {
    let answer = answer_to("HTTP/1.1 404 Not Found\r\ncontent-length: 10\r\n\r\nno_service").await;
    assert_eq!(answer, ChannelAnswer::Gone { reason: "clientError: no_service".to_owned() });
}

#[tokio::test]
async fn a_busy_slack_is_paused_as_requested() {
    let answer = answer_to("HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n").await;
    let retry_after = Some(SignedDuration::from_secs(7));
    assert_eq!(
        answer,
        ChannelAnswer::TryLater { reason: "rateLimited: 429".to_owned(), retry_after, overloaded: true }
    );
}

#[tokio::test]
async fn an_invalid_body_is_refused_without_sending() {
    let mut receiver = Receiver::plain(OK).await;
    let refused = send(&slack(receiver.url("/x"), None).unwrap(), "{}").await;
    assert_eq!(refused, ChannelAnswer::Refused { reason: "other: the body is not understood".to_owned() });
    assert!(!receiver.was_called());
}

#[test]
fn a_forbidden_url_is_rejected_at_once() {
    let blocked = slack("https://169.254.169.254/hunter2".to_owned(), None).unwrap_err();
    assert!(
        matches!(blocked, SlackSettingsError::Url(DestinationError::Refused(ForbiddenAddress::Blocked(_)))),
        "{blocked:?}"
    );
    let page = slack("https://hooks.slack.com/services/1".to_owned(), Some("https://a.example/?b")).unwrap_err();
    assert_eq!(page, SlackSettingsError::Page(PageError::NotBase));
}

#[test]
fn no_debug_text_shows_the_url() {
    let settings =
        SlackSettings { url: "https://hooks.slack.com/services/hunter2".to_owned(), page: None, zone: TimeZone::UTC };
    let channel = SlackChannel::new(&settings, testing::client(ClientSettings::default())).unwrap();
    let told = format!("{settings:?} {settings:#?} {channel:?} {channel:#?}");
    assert!(!told.contains("hunter2") && told.contains("[redacted]"), "{told}");
}

#[test]
fn times_are_those_of_the_readers() {
    let written = |zone: &str| {
        let settings = SlackSettings {
            url: "https://hooks.slack.com/services/a".to_owned(),
            page: None,
            zone: TimeZone::posix(zone).unwrap(),
        };
        let channel = SlackChannel::new(&settings, testing::client(ClientSettings::default())).unwrap();
        let id = id();
        let envelope =
            ChannelMessage { id: &id, event: Event::RecordingReady, body: BODY, sent_at: sent_at(), traceparent: None };
        channel.preview(&envelope)
    };
    assert!(written("CET-1").contains("2026-03-02 10:12 CET"));
    assert!(written("UTC0").contains("2026-03-02 09:12 UTC"));
}
