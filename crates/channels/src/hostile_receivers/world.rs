//! One notification to one webhook, with the archivist's own delivery and a test clock.

use std::sync::Arc;

use adapters_local::memory::{self, MemoryNotifications, MemoryQueue};
use domain::decide::context::Rules;
use domain::record::delivery::{Delivery, SCHEDULE};
use domain::record::estate::Estate;
use domain::record::notification::Event;
use jiff::{SignedDuration, Timestamp};
use pipeline::message::Attempt;
use pipeline::ports::{Channel, Clock, NotificationRecord, Notifications, Queue, QueueMessage, QueueName};
use pipeline::testing::{Gate, TestClock};
use pipeline::{Archivist, ArchivistSettings, Outcome, Ports};

use crate::client::ClientSettings;
use crate::testing::{self, id, sent_at};
use crate::webhook::{WebhookChannel, WebhookSettings};
use domain::address_guard::Loopback;

const NAME: &str = "siem";
const BODY: &str = r#"{"type":"recording.ready","timestamp":"2026-03-02T09:12:40Z","data":{}}"#;
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Number of attempts until a delivery is given up.
pub(super) const ALL: u32 = SCHEDULE.len() as u32 + 1;

pub(super) struct ReceiverWorld {
    clock: Arc<TestClock>,
    queue: Arc<MemoryQueue>,
    notifications: Arc<MemoryNotifications>,
}

/// Result of a delivery.
#[derive(Debug)]
pub(super) struct DeliveryResult {
    /// Stored delivery.
    pub(super) delivery: Delivery,
    /// Time of each attempt.
    pub(super) attempts: Vec<Timestamp>,
}

/// Webhook as created by the function app, but with loopback allowed.
pub(super) fn webhook(url: String) -> Arc<dyn Channel> {
    let client = testing::client(ClientSettings { loopback: Loopback::Allowed, ..ClientSettings::default() });
    Arc::new(WebhookChannel::new(&WebhookSettings { url, secrets: Vec::new() }, client).unwrap())
}

impl ReceiverWorld {
    /// Creates a world whose queue holds the first attempt.
    pub(super) async fn new() -> Self {
        let clock = Arc::new(TestClock::at(sent_at()));
        let queue = Arc::new(MemoryQueue::new(clock.clone()));
        let world = Self { clock, queue, notifications: Arc::default() };
        let (event, now) = (Event::RecordingReady, sent_at());
        let deliveries = [(NAME.to_owned(), Delivery::new(now))].into();
        let record = NotificationRecord { id: id(), event, at: now, body: BODY.to_owned(), after: None, deliveries };
        world.notifications.add(&record).await.unwrap();
        let first = Attempt { notification: id(), channel: NAME.to_owned(), attempt: 1 };
        world.queue.send(QueueName::Notifications, &first.encode(), SignedDuration::ZERO).await.unwrap();
        world
    }

    fn archivist(&self, channel: &Arc<dyn Channel>, gate: &Arc<Gate>) -> Archivist {
        let ports = Ports {
            queue: self.queue.clone(),
            notifications: self.notifications.clone(),
            ..memory::ports(self.clock.clone())
        };
        let channels = [(NAME.to_owned(), gate.around_channel(channel))].into();
        let settings = ArchivistSettings { rules: Rules::default(), estate: Estate::default(), channels };
        Archivist::new(gate.around(&ports), settings)
    }

    /// Advances the clock to the next visible message and receives it. Returns `None` if the queue is empty.
    async fn next(&self) -> Option<(QueueMessage, Attempt)> {
        let at = self.queue.next_visible_at(QueueName::Notifications).await.unwrap()?;
        self.clock.set(at.max(self.clock.now()));
        let taken = self.queue.receive(QueueName::Notifications, 1, MINUTE * 5).await.unwrap().pop()?;
        let attempt = Attempt::decode(taken.body.as_bytes()).unwrap();
        Some((taken, attempt))
    }

    /// Makes the next attempt behind a possibly deadly gate. The message becomes visible again in either case.
    pub(super) async fn attempt_behind(&self, gate: &Arc<Gate>, channel: &Arc<dyn Channel>) {
        let (_, attempt) = self.next().await.unwrap();
        // The result of a killed run is lost.
        drop(self.archivist(channel, gate).delivery.deliver(&attempt).await);
    }

    /// Makes every queued attempt at its time until the queue is empty.
    pub(super) async fn deliver_to_the_end(&self, channel: &Arc<dyn Channel>) -> DeliveryResult {
        let archivist = self.archivist(channel, &Arc::new(Gate::open()));
        let mut attempts = Vec::new();
        while let Some((message, attempt)) = self.next().await {
            let at = self.clock.now();
            if archivist.delivery.deliver(&attempt).await.unwrap() == Outcome::Applied {
                attempts.push(at);
            }
            self.queue.delete(QueueName::Notifications, &message.receipt).await.unwrap();
        }
        let kept = self.notifications.get(&id()).await.unwrap().unwrap();
        DeliveryResult { delivery: kept.record.deliveries[NAME].clone(), attempts }
    }
}

impl DeliveryResult {
    /// Asserts that all attempts were made within the tolerance of the schedule and the last failed for `expected`.
    pub(super) fn assert_given_up_by_the_schedule(&self, expected: &str, overloaded: bool) {
        assert!(
            matches!(&self.delivery, Delivery::GivenUp { attempts: ALL, reason, .. } if reason == expected),
            "{expected}: {self:?}"
        );
        assert_eq!(self.attempts.len(), ALL as usize, "{expected}");
        for (pair, base) in self.attempts.windows(2).zip(SCHEDULE) {
            let waited = pair[1].duration_since(pair[0]);
            let least = if overloaded { base.max(MINUTE) } else { base * 80 / 100 };
            let most = if overloaded { base.max(MINUTE) * 2 } else { base } * 120 / 100;
            assert!((least..=most).contains(&waited), "{expected}: {waited:?} after {base:?}");
        }
    }
}
