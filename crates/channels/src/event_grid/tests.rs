use std::error::Error;
use std::sync::Mutex;

use domain::cloud::ExtraSuffixes;
use domain::record::notification::{Event, Notification, NotificationFact};
use jiff::{SignedDuration, Timestamp};
use pipeline::body::body;
use pipeline::ports::{BearerToken, Fault};

use super::*;
use crate::client::{ClientSettings, DestinationError};
use crate::testing::{self, Behaviour, FixedLookup, Receiver, certificate_authority, id, sent_at};
use domain::address_guard::{ForbiddenAddress, Loopback};

const ACCEPTED: Behaviour = Behaviour::Answer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
const SOURCE: &str = "/bastion-archivist";

/// Issues the tokens `hunter2-1`, `hunter2-2` and so on, or fails.
#[derive(Default)]
struct Tokens {
    asked: Mutex<u32>,
    are_out: bool,
}

#[async_trait]
impl TokenSource for Tokens {
    async fn token(&self) -> Result<BearerToken, Fault> {
        let mut asked = self.asked.lock().unwrap();
        *asked += 1;
        if self.are_out {
            return Err(Fault::transient("get a token", "the identity service answered hunter2"));
        }
        Ok(BearerToken::new(format!("hunter2-{asked}")))
    }
}

/// Client that trusts the receiver's certificate and resolves its name to this machine.
fn client() -> GuardedClient {
    let settings = ClientSettings { allowed_hosts: vec!["receiver.test".to_owned()], ..ClientSettings::default() };
    GuardedClient::build(settings, FixedLookup::new(&["127.0.0.1"]), &[certificate_authority()]).unwrap()
}

fn settings(endpoint: &str) -> EventGridSettings {
    EventGridSettings { endpoint: endpoint.to_owned(), source: SOURCE.to_owned(), ..EventGridSettings::default() }
}

fn topic_with(tokens: &Arc<Tokens>, receiver: &Receiver, query: &str) -> EventGridChannel {
    let endpoint = format!("https://receiver.test:{}/api/events{query}", receiver.port());
    at_receiver(&settings(&endpoint), tokens.clone())
}

/// Channel whose host belongs to no cloud; skips the host check.
fn at_receiver(settings: &EventGridSettings, tokens: Arc<Tokens>) -> EventGridChannel {
    let destination = settings.destination(&client()).unwrap();
    EventGridChannel { client: client(), destination, source: settings.source().unwrap().to_owned(), tokens }
}

fn topic(receiver: &Receiver) -> EventGridChannel {
    topic_with(&Arc::default(), receiver, "")
}

fn refused(settings: &EventGridSettings, client: GuardedClient) -> EventGridSettingsError {
    EventGridChannel::new(settings, Arc::<Tokens>::default(), client).unwrap_err()
}

async fn send(channel: &EventGridChannel, body: &str, sent_at: Timestamp) -> ChannelAnswer {
    let id = id();
    channel.send(&ChannelMessage { id: &id, event: Event::RecordingReady, body, sent_at, traceparent: None }).await
}

/// Frozen body in which one fact has two values.
fn frozen(subject: &str) -> String {
    let facts = vec![
        NotificationFact::text("recording", "rec_01kjpx4h6mq5hk78pw6n85n875"),
        NotificationFact::text("case", "Zoë – sesión"),
        NotificationFact::text("case", "second"),
        NotificationFact::number("size_bytes", 48_211_234),
    ];
    let at = "2026-03-02T09:12:40Z".parse().unwrap();
    let link = Some("https://portal.azure.com/#resource/subscriptions/1".to_owned());
    body(&Notification {
        id: id(),
        subject: subject.to_owned(),
        facts,
        link,
        ..Notification::new(subject, Event::RecordingReady, "", at)
    })
    .unwrap()
}

#[tokio::test]
async fn the_topic_gets_one_structured_event() {
    let mut receiver = Receiver::with_tls(ACCEPTED).await;
    assert_eq!(send(&topic(&receiver), &frozen("vm-web-01 \"müller\""), sent_at()).await, ChannelAnswer::Accepted);

    let request = receiver.request().await;
    assert!(request.head.starts_with("POST /api/events?api-version=2018-01-01 HTTP/1.1\r\n"), "{}", request.head);
    assert_eq!(request.header("content-type"), Some("application/cloudevents+json; charset=utf-8"));
    assert_eq!(request.header("authorization"), Some("Bearer hunter2-1"));
    insta::assert_snapshot!(request.body);
}

#[tokio::test]
async fn event_data_is_the_body_byte_for_byte() {
    let data = r#"{ "version":1, "subject" : "a\u0041",  "facts":{"x":1,"x":1.50,"a":1e400, "deep":[ ]} ,"new":null}"#;
    let body = format!(r#"{{"type":"recording.ready","data":{data},"timestamp":"2026-03-02T09:12:40Z"}}"#);
    let mut receiver = Receiver::with_tls(ACCEPTED).await;
    assert_eq!(send(&topic(&receiver), &body, sent_at()).await, ChannelAnswer::Accepted);
    let event = receiver.request().await.body;
    assert!(event.ends_with(&format!(r#","data":{data}}}"#)), "{event}");
    assert!(event.contains(r#""subject":"aA","time":"2026-03-02T09:12:40Z""#), "{event}");
}

#[tokio::test]
async fn an_event_without_an_object_has_no_subject() {
    let mut receiver = Receiver::with_tls(ACCEPTED).await;
    send(&topic(&receiver), &frozen(""), sent_at()).await;
    let event: serde_json::Value = serde_json::from_str(&receiver.request().await.body).unwrap();
    assert_eq!((event.get("subject"), event["data"]["subject"].as_str()), (None, Some("")));
}

#[tokio::test]
async fn a_retry_sends_the_same_event_with_a_new_token() {
    let mut receiver = Receiver::with_tls(ACCEPTED).await;
    let (tokens, body) = (Arc::<Tokens>::default(), frozen("vm"));
    let channel = topic_with(&tokens, &receiver, "");
    send(&channel, &body, sent_at()).await;
    send(&channel, &body, sent_at() + SignedDuration::from_mins(5)).await;

    let (first, second) = (receiver.request().await, receiver.request().await);
    assert!(first.body.contains(&format!(r#""id":"{}""#, id().as_str())), "{}", first.body);
    assert_eq!(first.body, second.body);
    assert_eq!(second.header("authorization"), Some("Bearer hunter2-2"));
    assert_eq!(*tokens.asked.lock().unwrap(), 2);
}

#[tokio::test]
async fn an_endpoint_that_names_a_version_keeps_it() {
    for (query, expected) in [
        ("?api-version=2023-11-01", "?api-version=2023-11-01"),
        ("?API-Version=x", "?API-Version=x"),
        ("?a=%2F", "?a=%2F&api-version=2018-01-01"),
        ("?", "?api-version=2018-01-01"),
    ] {
        let mut receiver = Receiver::with_tls(ACCEPTED).await;
        send(&topic_with(&Arc::default(), &receiver, query), &frozen("vm"), sent_at()).await;
        let head = receiver.request().await.head;
        assert!(head.starts_with(&format!("POST /api/events{expected} HTTP/1.1\r\n")), "{head}");
    }
}

#[tokio::test]
async fn without_a_token_the_event_is_retried_later() {
    let mut receiver = Receiver::with_tls(ACCEPTED).await;
    let tokens = Arc::new(Tokens { are_out: true, ..Tokens::default() });
    let answer = send(&topic_with(&tokens, &receiver, ""), &frozen("vm"), sent_at()).await;
    let reason = "authError: no token".to_owned();
    assert_eq!(answer, ChannelAnswer::TryLater { reason, retry_after: None, overloaded: false });
    assert!(!receiver.was_called());
}

#[tokio::test]
async fn an_event_over_a_megabyte_is_refused_before_sending() {
    let mut receiver = Receiver::with_tls(ACCEPTED).await;
    let tokens = Arc::<Tokens>::default();
    let channel = topic_with(&tokens, &receiver, "");
    let body = frozen("vm");
    // `data` is sent unchanged, so blanks in it give an event of any length.
    let of_length = |length: usize| {
        let padding = " ".repeat(length - encoded(&body).len());
        body.replacen(r#""data":{"#, &format!(r#""data":{{{padding}"#), 1)
    };
    assert_eq!(send(&channel, &of_length(LONGEST_EVENT), sent_at()).await, ChannelAnswer::Accepted);
    assert_eq!(receiver.request().await.body.len(), LONGEST_EVENT);

    let reason = "payloadTooLarge: 1048577 bytes".to_owned();
    assert_eq!(send(&channel, &of_length(LONGEST_EVENT + 1), sent_at()).await, ChannelAnswer::Refused { reason });
    assert!(!receiver.was_called());
    assert_eq!(*tokens.asked.lock().unwrap(), 1, "no token is needed for what is not sent");
}

fn encoded(body: &str) -> String {
    encoded_traced(body, None)
}

fn encoded_traced(body: &str, traceparent: Option<&str>) -> String {
    let (id, event, sent_at) = (id(), Event::RecordingReady, sent_at());
    event::encode(SOURCE, &ChannelMessage { id: &id, event, body, sent_at, traceparent }).unwrap()
}

#[test]
fn a_traced_attempt_has_its_traceparent_in_the_event() {
    const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let event: serde_json::Value = serde_json::from_str(&encoded_traced(&frozen("a"), Some(TRACEPARENT))).unwrap();
    assert_eq!(event["traceparent"], TRACEPARENT);
    assert!(!encoded(&frozen("a")).contains("traceparent"));
}

#[tokio::test]
async fn a_foreign_body_is_refused() {
    let mut receiver = Receiver::with_tls(ACCEPTED).await;
    for body in ["", "[]", r#"{"timestamp":"t"}"#, r#"{"timestamp":"t","data":[]}"#, r#"{"timestamp":"t","data":{}}"#] {
        let reason = "other: not the body of a notification".to_owned();
        assert_eq!(send(&topic(&receiver), body, sent_at()).await, ChannelAnswer::Refused { reason }, "{body}");
    }
    assert!(!receiver.was_called());
}

#[tokio::test]
async fn a_topic_refusing_access_is_not_retried() {
    for (status, reason) in [("401 Unauthorized", "authError: 401"), ("403 Forbidden", "authError: 403")] {
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        let receiver = Receiver::with_tls(Behaviour::Answer(answer.leak())).await;
        let refused = ChannelAnswer::Refused { reason: reason.to_owned() };
        assert_eq!(send(&topic(&receiver), &frozen("vm"), sent_at()).await, refused);
    }
}

#[test]
fn a_token_is_never_sent_without_tls() {
    let local = testing::client(ClientSettings { loopback: Loopback::Allowed, ..ClientSettings::default() });
    for endpoint in ["http://127.0.0.1:9/api/events", "http://localhost/api/events"] {
        let not_https = EventGridSettingsError::Endpoint(DestinationError::Refused(ForbiddenAddress::NotHttps));
        assert_eq!(refused(&settings(endpoint), local.clone()), not_https, "{endpoint}");
    }
}

#[test]
fn a_forbidden_endpoint_is_refused_at_once() {
    let blocked = refused(&settings("https://169.254.169.254/hunter2"), client());
    assert!(
        matches!(blocked, EventGridSettingsError::Endpoint(DestinationError::Refused(ForbiddenAddress::Blocked(_)))),
        "{blocked:?}"
    );
    let malformed = refused(&settings("topic.example/hunter2"), client());
    assert!(matches!(malformed, EventGridSettingsError::Endpoint(DestinationError::Malformed(_))), "{malformed:?}");
    assert!(!format!("{blocked:?} {blocked} {malformed:?} {malformed}").contains("hunter2"));
}

#[test]
fn a_token_is_sent_only_to_topics_of_known_clouds() {
    let known = "https://t01.westeurope-1.eventgrid.azure.net/api/events";
    let new =
        |settings: &EventGridSettings| EventGridChannel::new(settings, Arc::<Tokens>::default(), client()).map(drop);
    assert_eq!(new(&settings(known)), Ok(()));
    for endpoint in [
        "https://t01.westeurope-1.eventgrid.azure.net.evil.example/api/events",
        "https://t01.westeurope-1.eventgrid.azure.net:8443/api/events",
        "https://user@t01.westeurope-1.eventgrid.azure.net/api/events",
        "https://topic.corp.example/api/events",
    ] {
        assert_eq!(new(&settings(endpoint)), Err(EventGridSettingsError::UnknownHost), "{endpoint}");
    }
    let extra = ExtraSuffixes::parse("corp.example").unwrap();
    assert_eq!(new(&EventGridSettings { extra, ..settings("https://topic.corp.example/api/events") }), Ok(()));
}

#[test]
fn a_source_is_a_uri_or_a_path() {
    let of = |source: &str| EventGridSettings {
        source: source.to_owned(),
        ..settings("https://t01.westeurope-1.eventgrid.azure.net/")
    };
    for source in [SOURCE, "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/app", "urn:app:%C3%A4#1"] {
        assert_eq!(of(source).source(), Ok(source));
    }
    for source in ["", "the archivist", "/ä", "/a\n", "{app}"] {
        assert_eq!(refused(&of(source), client()), EventGridSettingsError::Source, "{source}");
    }
}

#[tokio::test]
async fn no_debug_output_shows_the_address_or_a_token() {
    let closing = Receiver::with_tls(Behaviour::BreakOff("")).await;
    let settings = settings(&format!("https://receiver.test:{}/hunter2?key=hunter2", closing.port()));
    let channel = at_receiver(&settings, Arc::default());
    let answer = send(&channel, &frozen("vm"), sent_at()).await;
    let token = Tokens::default().token().await.unwrap();
    let mut told = format!("{settings:?} {settings:#?} {channel:?} {channel:#?} {answer:?} {token:?}");
    // Token unusable as a header value.
    let headers = [("authorization", "Bearer hunter2\n")];
    let error = channel.client.post(&channel.destination, &headers, String::new()).await.unwrap_err();
    let mut next: Option<&dyn Error> = Some(&error);
    while let Some(error) = next {
        told += &format!(" {error:?} {error}");
        next = error.source();
    }
    assert!(!told.contains("hunter2"), "{told}");
    assert!(told.contains("[redacted]"), "{told}");
}
