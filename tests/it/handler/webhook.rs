//! Deliveries to a webhook receiver on this machine.

use std::sync::Arc;

use channels::client::{ClientSettings, GuardedClient};
use channels::webhook::{WebhookChannel, WebhookSettings};
use domain::address_guard::Loopback;
use jiff::SignedDuration;
use standardwebhooks::Webhook;

use crate::support::{Received, Receiver, TestApp};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn app(receiver: &Receiver) -> TestApp {
    let client = ClientSettings { loopback: Loopback::Allowed, ..ClientSettings::default() };
    let settings = WebhookSettings { url: receiver.url(), secrets: vec![SECRET.to_owned()] };
    let channel = WebhookChannel::new(&settings, GuardedClient::new(client).unwrap()).unwrap();
    TestApp::with_channel(Arc::new(channel))
}

#[tokio::test]
async fn a_receiver_failing_twice_accepts_exactly_the_third_attempt() {
    let receiver = Receiver::start(&[500, 500]).await;
    let app = app(&receiver);
    assert_eq!(app.storage_event("not an event").await, 200);

    assert_eq!(app.deliver_all().await, [200], "a failed delivery is a success to the host");
    for (base, attempts) in [(SignedDuration::from_secs(5), 2), (SignedDuration::from_mins(5), 3)] {
        let delay = app.next_delivery_in().await;
        assert!((base * 4 / 5..=base * 6 / 5).contains(&delay), "{delay:?} is {base:?}, give or take a fifth");
        app.advance(delay - SignedDuration::from_millis(1));
        assert!(app.deliver_all().await.is_empty(), "its time has not come");
        app.advance(SignedDuration::from_millis(1));
        assert_eq!(app.deliver_all().await, [200]);
        assert_eq!(receiver.received().len(), attempts);
    }

    // No notification is left to send, now or later.
    for _ in 0..30 {
        app.advance(SignedDuration::from_hours(1));
        assert_eq!(app.host_fires("join_sweep").await, 200);
        assert!(app.deliver_all().await.is_empty());
    }
    check_attempts(&receiver.received());
}

fn check_attempts(attempts: &[Received]) {
    let [first, second, third] = attempts else {
        panic!("{} attempts", attempts.len())
    };
    for attempt in attempts {
        assert_eq!((&attempt.id, &attempt.body), (&first.id, &first.body), "the same notification");
        let expected = Webhook::new(SECRET).unwrap().sign(&attempt.id, attempt.timestamp, &attempt.body).unwrap();
        assert_eq!(attempt.signature, expected);
    }
    assert!(first.timestamp < second.timestamp && second.timestamp < third.timestamp, "each attempt has its own time");
}

#[tokio::test]
async fn a_quarantine_announcement_is_repeated_until_accepted() {
    let receiver = Receiver::start(&[500, 500, 500, 500, 500, 500, 500, 500, 500, 200]).await;
    let app = app(&receiver);
    assert_eq!(app.storage_event("not an event").await, 200);
    let mut waited = SignedDuration::ZERO;
    for _ in 1..8 {
        assert_eq!(app.deliver_all().await, [200]);
        let delay = app.next_delivery_in().await;
        waited += delay;
        app.advance(delay);
    }
    assert_eq!(app.deliver_all().await, [200]);
    assert_eq!(receiver.received().len(), 8);
    assert!((22..=34).contains(&waited.as_hours()), "{waited:?}");

    for attempts in [9, 10] {
        let delay = app.next_delivery_in().await;
        assert!((8..=12).contains(&delay.as_hours()), "{delay:?}");
        app.advance(delay);
        assert_eq!(app.deliver_all().await, [200]);
        assert_eq!(receiver.received().len(), attempts);
    }
    app.advance(SignedDuration::from_hours(48));
    assert_eq!(app.host_fires("join_sweep").await, 200);
    assert!(app.deliver_all().await.is_empty(), "accepted");
}

#[tokio::test]
async fn a_receiver_that_refuses_for_good_is_not_asked_again() {
    let receiver = Receiver::start(&[410]).await;
    let app = app(&receiver);
    assert_eq!(app.storage_event("not an event").await, 200);
    assert_eq!(app.deliver_all().await, [200]);
    app.advance(SignedDuration::from_hours(48));
    assert_eq!(app.host_fires("join_sweep").await, 200);
    assert!(app.deliver_all().await.is_empty());
    assert_eq!(receiver.received().len(), 1);
}
