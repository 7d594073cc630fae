//! Tests with receivers that break off, hang, lie or never stop writing, from delivery down to the socket: every
//! notification ends accepted, or given up after the schedule with its reason.

mod crashes;
mod world;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::record::delivery::Delivery;
use pipeline::ports::Channel;

use self::world::{ALL, DeliveryResult, ReceiverWorld, webhook};
use crate::testing::{Behaviour, Receiver, id};

const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const A_GIGABYTE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n";
const CHUNK: &str = "10\r\n0123456789abcdef\r\n";
const ACCEPTED: Behaviour = Behaviour::Answer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");

/// Maximum number of bytes the client may read of an endless response before it hangs up; allows for network buffers.
const MOST_TAKEN: usize = 32 * 1024 * 1024;

async fn deliver(channel: &Arc<dyn Channel>) -> DeliveryResult {
    ReceiverWorld::new().await.deliver_to_the_end(channel).await
}

async fn deliver_to(receiver: &Receiver) -> DeliveryResult {
    deliver(&webhook(receiver.url("/hook"))).await
}

/// Counts the requests and asserts that all have the same id.
fn requests(receiver: &mut Receiver) -> u32 {
    let requests = receiver.all_requests();
    let ids: BTreeSet<_> = requests.iter().filter_map(|request| request.header("webhook-id")).collect();
    assert_eq!(ids, BTreeSet::from([id().as_str()]));
    requests.len() as u32
}

fn answer(head: &str) -> Behaviour {
    Behaviour::Answer(format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n").leak())
}

#[tokio::test]
async fn a_malformed_response_is_retried_by_the_schedule() {
    let cases = [
        (Behaviour::BreakOff(""), "other: connection broken"),
        (Behaviour::BreakOff("HTTP/1.1 200 OK\r\ncontent-le"), "other: connection broken"),
        (Behaviour::Reset(""), "other: connection reset"),
        (Behaviour::Reset("HTTP/1.1 200 OK\r\ncontent-le"), "other: connection reset"),
        (Behaviour::BreakOff("220 smtp.example ESMTP\r\n"), "other: connection broken"),
        (Behaviour::Endless("HTTP/1.1 200 OK\r\n", "x: 0123456789abcdef\r\n"), "other: connection broken"),
        (Behaviour::Endless("HTTP/1.1 200 ", "0123456789abcdef"), "other: connection broken"),
        (Behaviour::Endless("HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n", CHUNK), "serverError: 500"),
    ];
    for (behaviour, reason) in cases {
        let mut receiver = Receiver::plain(behaviour).await;
        deliver_to(&receiver).await.assert_given_up_by_the_schedule(reason, false);
        assert_eq!(requests(&mut receiver), ALL, "{behaviour:?}");
    }
}

#[tokio::test]
async fn a_closed_port_is_retried_by_the_schedule_and_given_up() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let channel = webhook(format!("http://{}/hook", listener.local_addr().unwrap()));
    drop(listener);
    deliver(&channel).await.assert_given_up_by_the_schedule("other: connection refused", false);
}

/// Paused time advances only while no socket is active; in this test only the timeout is left to wait for.
#[tokio::test(start_paused = true)]
async fn a_hanging_receiver_is_given_up_by_the_overload_schedule() {
    let trickles = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    for behaviour in [
        Behaviour::Stall(""),
        Behaviour::Stall("HTTP/1.1 200 OK\r\ncontent-"),
        Behaviour::Trickle("", trickles),
        Behaviour::Trickle("HTTP/1.1 ", "0123456789abcdefghijklmn"),
    ] {
        let receiver = Receiver::plain(behaviour).await;
        let reason = "contextDeadlineExceeded: no answer in time";
        deliver_to(&receiver).await.assert_given_up_by_the_schedule(reason, true);
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_counts_despite_a_hanging_body() {
    for behaviour in [
        Behaviour::Stall("HTTP/1.1 202 Accepted\r\ncontent-length: 9\r\n\r\n"),
        Behaviour::Trickle("HTTP/1.1 202 Accepted\r\ncontent-length: 24\r\n\r\n", "0123456789abcdefghijklmn"),
    ] {
        let mut receiver = Receiver::plain(behaviour).await;
        let ending = deliver_to(&receiver).await;
        assert!(matches!(ending.delivery, Delivery::Delivered { attempts: 1, .. }), "{behaviour:?}: {ending:?}");
        assert_eq!(requests(&mut receiver), 1, "{behaviour:?}");
    }
}

#[tokio::test]
async fn no_retry_after_is_too_long_or_too_short() {
    let nines = "9".repeat(8000);
    for wish in [
        "0",
        "-1",
        "-99999999999999999999",
        "99999999999",
        "99999999999999999999999999",
        nines.as_str(),
        "1e999",
        "NaN",
        "inf",
        "",
        "soon",
        "\u{1f980}",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Fri, 31 Dec 99999 23:59:59 GMT",
        "Mon, 02 Mar 2026 25:61:61 GMT",
        "5\r\nretry-after: 99999999",
    ] {
        let mut receiver = Receiver::plain(answer(&format!("429 Too Many\r\nretry-after: {wish}"))).await;
        deliver_to(&receiver).await.assert_given_up_by_the_schedule("rateLimited: 429", true);
        assert_eq!(requests(&mut receiver), ALL, "{wish}");
    }
}

#[tokio::test]
async fn a_redirecting_receiver_is_given_up_without_following() {
    let mut elsewhere = Receiver::plain(ACCEPTED).await;
    let locations = [
        (elsewhere.url("/secret"), " to 127.0.0.1"),
        ("http://169.254.169.254/metadata".to_owned(), " to 169.254.169.254"),
        ("https://[::ffff:10.0.0.1]/".to_owned(), " to [::ffff:a00:1]"),
        ("//localhost/".to_owned(), " to localhost"),
        ("file:///etc/passwd".to_owned(), ""),
        ("https://[".to_owned(), ""),
    ];
    for status in [301, 302, 303, 307, 308] {
        for (location, told) in &locations {
            let mut receiver = Receiver::plain(answer(&format!("{status} Moved\r\nlocation: {location}"))).await;
            let ending = deliver_to(&receiver).await;
            let expected = format!("redirected: {status}{told}");
            assert!(
                matches!(&ending.delivery, Delivery::GivenUp { attempts: 1, reason, .. } if *reason == expected),
                "{location}: {ending:?}"
            );
            assert_eq!(requests(&mut receiver), 1);
        }
    }
    assert!(!elsewhere.was_called());
}

#[tokio::test]
async fn a_status_of_200_is_accepted_despite_its_body() {
    let said_no = "HTTP/1.1 200 OK\r\ncontent-length: 33\r\n\r\n{\"ok\":false,\"error\":\"not today!!\"}";
    for behaviour in [
        Behaviour::Answer(said_no),
        Behaviour::Reset("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nbeg"),
        Behaviour::BreakOff("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nbeg"),
        Behaviour::BreakOff("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffffff\r\n"),
        Behaviour::BreakOff("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nretry-after: 99999\r\n\r\n"),
    ] {
        let mut receiver = Receiver::plain(behaviour).await;
        let ending = deliver_to(&receiver).await;
        assert!(matches!(ending.delivery, Delivery::Delivered { attempts: 1, .. }), "{behaviour:?}: {ending:?}");
        assert_eq!(requests(&mut receiver), 1, "{behaviour:?}");
    }
}

#[tokio::test]
async fn an_endless_response_is_read_only_to_a_limit() {
    for behaviour in [
        Behaviour::Endless(CHUNKED, CHUNK),
        Behaviour::Endless(A_GIGABYTE, CHUNK),
        Behaviour::Endless("HTTP/1.1 200 OK\r\n\r\n", CHUNK),
        Behaviour::Endless("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3fffffff\r\n", CHUNK),
    ] {
        let mut receiver = Receiver::plain(behaviour).await;
        let ending = deliver_to(&receiver).await;
        assert!(matches!(ending.delivery, Delivery::Delivered { attempts: 1, .. }), "{behaviour:?}: {ending:?}");
        assert!(receiver.taken().await < MOST_TAKEN, "{behaviour:?}");
        assert_eq!(requests(&mut receiver), 1, "{behaviour:?}");
    }
}

#[tokio::test]
async fn a_recovering_receiver_gets_every_attempt_under_one_id() {
    let mut receiver = Receiver::plain_in_turn(&[
        Behaviour::Reset(""),
        Behaviour::BreakOff("HTTP/1.1 20"),
        answer("429 Too Many\r\nretry-after: 99999999999"),
        Behaviour::Endless("HTTP/1.1 200 OK\r\n", "x: 0123456789abcdef\r\n"),
        answer("503 Service Unavailable\r\nretry-after: -1"),
        Behaviour::Endless("HTTP/1.1 500 No\r\n\r\n", CHUNK),
        Behaviour::BreakOff(""),
        ACCEPTED,
    ])
    .await;
    let ending = deliver_to(&receiver).await;
    assert!(matches!(ending.delivery, Delivery::Delivered { attempts: ALL, .. }), "{ending:?}");
    assert_eq!(requests(&mut receiver), ALL);
}
