use std::error::Error;
use std::process::Command;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::testing::{Behaviour, FixedLookup, Receiver, certificate_authority, client, other_authority};
use domain::address_guard::Loopback;

const OK: Behaviour = Behaviour::Answer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");

fn local() -> ClientSettings {
    ClientSettings { loopback: Loopback::Allowed, ..ClientSettings::default() }
}

fn impatient() -> ClientSettings {
    ClientSettings { request_timeout: Duration::from_millis(200), ..local() }
}

/// Settings with a one-hour timeout: a test that ran into it would not end.
fn patient() -> ClientSettings {
    ClientSettings { request_timeout: Duration::from_hours(1), ..local() }
}

async fn post(settings: ClientSettings, url: &str) -> Result<Reply, SendError> {
    let client = client(settings);
    client.post(&client.destination(url).unwrap(), &[], "{}".to_owned()).await
}

fn cause(outcome: Result<Reply, SendError>) -> NoResponse {
    match outcome {
        Err(SendError::NoAnswer { cause, .. }) => cause,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_request_carries_its_body_and_the_products_name() {
    let mut receiver = Receiver::plain(OK).await;
    let reply = post(local(), &receiver.url("/hook?sig=a%2Fb")).await.unwrap();
    assert_eq!((reply.status, reply.body.as_slice()), (200, b"ok".as_slice()));

    let request = receiver.request().await;
    assert!(request.head.starts_with("POST /hook?sig=a%2Fb HTTP/1.1\r\n"), "{}", request.head);
    assert_eq!(request.header("user-agent"), Some(concat!("bastion-archivist/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(request.body, "{}");
}

#[test]
fn a_proxy_named_in_the_environment_is_not_used() {
    let dead_end = "http://127.0.0.1:9";
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "client::tests::a_request_carries_its_body_and_the_products_name"])
        .envs([("http_proxy", dead_end), ("HTTP_PROXY", dead_end), ("ALL_PROXY", dead_end), ("all_proxy", dead_end)])
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && told.contains("1 passed"), "{told}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let mut target = Receiver::plain(OK).await;
    let mut receiver = Receiver::plain(Behaviour::Answer(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: https://new.example/secret\r\ncontent-length: 0\r\n\r\n",
    ))
    .await;
    let reply = post(local(), &receiver.url("/hook")).await.unwrap();
    assert_eq!((reply.status, reply.redirected_to.as_deref()), (307, Some("new.example")));
    assert!(receiver.was_called());
    assert!(!target.was_called());
}

#[tokio::test]
async fn no_more_than_the_beginning_of_an_answer_is_read() {
    let endless =
        Behaviour::Endless("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "10\r\n0123456789abcdef\r\n");
    let receiver = Receiver::plain(endless).await;
    let reply = post(patient(), &receiver.url("/hook")).await.unwrap();
    assert_eq!((reply.status, reply.body.len()), (200, LONGEST_BODY));
}

#[tokio::test]
async fn a_hanging_tls_handshake_ends_before_the_call_timeout() {
    let silent = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let settings = ClientSettings { connect_timeout: Duration::from_millis(200), ..patient() };
    let outcome = post(settings, &format!("https://{}/hook", silent.local_addr().unwrap())).await;
    assert!(matches!(outcome, Err(SendError::TimedOut { .. })), "{outcome:?}");
}

#[tokio::test]
async fn a_receiver_that_never_answers_is_a_timeout() {
    for bytes in ["", "HTTP/1.1 200 OK\r\ncontent-"] {
        let receiver = Receiver::plain(Behaviour::Stall(bytes)).await;
        let outcome = post(impatient(), &receiver.url("/hook")).await;
        assert!(matches!(outcome, Err(SendError::TimedOut { .. })), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_status_counts_despite_a_truncated_body() {
    let breaking_off = Behaviour::BreakOff("HTTP/1.1 202 Accepted\r\ncontent-length: 9\r\n\r\nbegun");
    let receiver = Receiver::plain(breaking_off).await;
    let reply = post(local(), &receiver.url("/hook")).await.unwrap();
    assert_eq!((reply.status, reply.body.as_slice()), (202, b"begun".as_slice()));
}

#[tokio::test]
async fn a_closed_connection_is_distinguished_from_a_refused_one() {
    let closing = Receiver::plain(Behaviour::BreakOff("")).await;
    assert_eq!(cause(post(local(), &closing.url("/hook")).await), NoResponse::ConnectionBroken);

    let talking_nonsense = Receiver::plain(Behaviour::Answer("SSH-2.0-OpenSSH\r\n\r\n")).await;
    assert_eq!(cause(post(local(), &talking_nonsense.url("/hook")).await), NoResponse::ConnectionBroken);

    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(cause(post(local(), &url).await), NoResponse::Network(std::io::ErrorKind::ConnectionRefused));
}

async fn post_by_name(
    settings: ClientSettings,
    addresses: &[&str],
    roots: &[CertificateDer<'static>],
    url: String,
) -> Result<Reply, SendError> {
    let client = GuardedClient::build(settings, FixedLookup::new(addresses), roots).unwrap();
    client.post(&client.destination(&url).unwrap(), &[], "{}".to_owned()).await
}

#[tokio::test]
async fn a_name_without_public_address_is_blocked_before_connecting() {
    let mut receiver = Receiver::with_tls(OK).await;
    let url = format!("https://receiver.test:{}/secret", receiver.port());
    for address in ["127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.1"] {
        let blocked = post_by_name(local(), &[address], &[certificate_authority()], url.clone()).await.unwrap_err();
        assert!(matches!(&blocked, SendError::Blocked { host } if host == "receiver.test"), "{address}: {blocked:?}");
    }
    assert!(!receiver.was_called());
}

#[tokio::test]
async fn an_allowed_name_is_called_at_a_private_address_over_tls() {
    let mut receiver = Receiver::with_tls(OK).await;
    let url = format!("https://receiver.test:{}/hook", receiver.port());
    let settings = ClientSettings { allowed_hosts: vec!["receiver.test".to_owned()], ..ClientSettings::default() };
    let reply = post_by_name(settings, &["127.0.0.1"], &[certificate_authority()], url).await.unwrap();
    assert_eq!(reply.status, 200);
    assert_eq!(receiver.request().await.body, "{}");
}

#[tokio::test]
async fn an_untrusted_or_foreign_certificate_is_refused() {
    let mut receiver = Receiver::with_tls(OK).await;
    for (host, root) in [("receiver.test", other_authority()), ("other.test", certificate_authority())] {
        let url = format!("https://{host}:{}/hook", receiver.port());
        let settings = ClientSettings { allowed_hosts: vec![host.to_owned()], ..ClientSettings::default() };
        let outcome = post_by_name(settings, &["127.0.0.1"], &[root], url).await;
        assert_eq!(cause(outcome), NoResponse::CertificateRefused, "{host}");
    }
    assert!(!receiver.was_called());
}

#[tokio::test]
async fn a_receiver_without_tls_gets_nothing_over_https() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("https://{}/hook", listener.local_addr().unwrap());
    let plain = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        let mut received = Vec::new();
        stream.read_to_end(&mut received).await.unwrap_or_default();
        received
    };
    let (outcome, received) = tokio::join!(post(local(), &url), plain);
    assert_eq!(cause(outcome), NoResponse::TlsFailed);
    assert!(!received.windows(4).any(|bytes| bytes == b"POST"));
}

#[tokio::test]
async fn a_name_without_an_address_is_retried_later() {
    let outcome = post_by_name(local(), &[], &[certificate_authority()], "https://receiver.test/hook".to_owned()).await;
    assert_eq!(cause(outcome), NoResponse::NameNotResolved);
}

#[tokio::test]
async fn only_public_addresses_of_a_name_are_called() {
    let guard = Arc::new(AddressGuard::new(Loopback::Refused, []));
    let resolver = GuardedResolver::new(guard, FixedLookup::new(&["10.0.0.1", "1.1.1.1", "fe80::1", "2606:4700::1"]));
    let left: Vec<_> = resolver.resolve("receiver.test".parse().unwrap()).await.unwrap().collect();
    assert_eq!(left, ["1.1.1.1:0".parse().unwrap(), "[2606:4700::1]:0".parse().unwrap()]);
}

#[tokio::test]
async fn platform_addresses_of_an_allowed_name_are_not_called() {
    let guard = Arc::new(AddressGuard::new(Loopback::Refused, ["receiver.test".to_owned()]));
    let lookup = FixedLookup::new(&["169.254.169.254", "10.0.0.1", "168.63.129.16", "64:ff9b::a9fe:a9fe"]);
    let resolver = GuardedResolver::new(guard, lookup);
    let left: Vec<_> = resolver.resolve("receiver.test".parse().unwrap()).await.unwrap().collect();
    assert_eq!(left, ["10.0.0.1:0".parse().unwrap()]);
}

#[tokio::test]
async fn no_error_shows_more_of_the_url_than_its_host() {
    let hanging = Receiver::plain(Behaviour::Stall("")).await;
    let closing = Receiver::plain(Behaviour::BreakOff("")).await;
    for receiver in [&hanging, &closing] {
        let url = receiver.url("/path-hunter2?sig=hunter2").replace("http://", "http://hunter2:hunter2@");
        let error = post(impatient(), &url).await.unwrap_err();
        let mut told = format!("{error:?} {error}");
        let mut next = error.source();
        while let Some(source) = next {
            told += &format!(" {source:?} {source}");
            next = source.source();
        }
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[tokio::test]
async fn no_debug_output_shows_the_body_of_a_reply() {
    let echoing = Behaviour::Answer("HTTP/1.1 400 Bad Request\r\ncontent-length: 7\r\n\r\nhunter2");
    let receiver = Receiver::plain(echoing).await;
    let reply = post(local(), &receiver.url("/hook")).await.unwrap();
    assert_eq!(reply.body, b"hunter2");
    assert_eq!(format!("{reply:?}"), "Reply { status: 400, body_len: 7, .. }");
}
