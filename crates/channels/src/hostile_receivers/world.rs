//! One notification on its way to one webhook, by the archivist's own delivery and a clock that the test drives.

use std::sync::Arc;

use adapters_local::memory::{self, MemoryNotifications, MemoryQueue};
use domain::catalogue::Rules;
use domain::delivery::{Delivery, SCHEDULE};
use domain::estate::Estate;
use domain::notification::Event;
use jiff::{SignedDuration, Timestamp};
use pipeline::message::Attempt;
use pipeline::ports::{Channel, Clock, NotificationRecord, Notifications, Queue, QueueMessage, QueueName};
use pipeline::testing::{Gate, TestClock};
use pipeline::{Archivist, Outcome, Ports, Settings};

use crate::client::ClientSettings;
use crate::testing::{self, id, sent_at};
use crate::webhook::{WebhookChannel, WebhookSettings};
use domain::address_guard::Loopback;

const NAME: &str = "siem";
const BODY: &str = r#"{"type":"recording.ready","timestamp":"2026-03-02T09:12:40Z","data":{}}"#;
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// All attempts that there are.
pub(super) const ALL: u32 = SCHEDULE.len() as u32 + 1;

pub(super) struct World {
    clock: Arc<TestClock>,
    queue: Arc<MemoryQueue>,
    notifications: Arc<MemoryNotifications>,
}

/// How a delivery ended.
#[derive(Debug)]
pub(super) struct Ending {
    /// As it is kept.
    pub(super) delivery: Delivery,
    /// When each attempt was made.
    pub(super) attempts: Vec<Timestamp>,
}

/// A webhook as the function app makes one, which may call this machine.
pub(super) fn webhook(url: String) -> Arc<dyn Channel> {
    let client = testing::client(ClientSettings { loopback: Loopback::Allowed, ..ClientSettings::default() });
    Arc::new(WebhookChannel::new(&WebhookSettings { url, secrets: Vec::new() }, client).unwrap())
}

impl World {
    /// A world whose queue holds the first attempt.
    pub(super) async fn new() -> Self {
        let clock = Arc::new(TestClock::at(sent_at()));
        let queue = Arc::new(MemoryQueue::new(clock.clone()));
        let world = Self { clock, queue, notifications: Arc::default() };
        let (event, now) = (Event::RecordingReady, sent_at());
        let deliveries = [(NAME.to_owned(), Delivery::new(now))].into();
        let record = NotificationRecord { id: id(), event, at: now, body: BODY.to_owned(), deliveries };
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
        let settings = Settings { rules: Rules::default(), estate: Estate::default(), channels };
        Archivist::new(gate.around(&ports), settings)
    }

    /// The next message, at the time at which it becomes visible. `None` when there are no more.
    async fn next(&self) -> Option<(QueueMessage, Attempt)> {
        let at = self.queue.next_visible_at(QueueName::Notifications).await.unwrap()?;
        self.clock.set(at.max(self.clock.now()));
        let taken = self.queue.receive(QueueName::Notifications, 1, MINUTE * 5).await.unwrap().pop()?;
        let attempt = Attempt::decode(taken.body.as_bytes()).unwrap();
        Some((taken, attempt))
    }

    /// Whoever takes the next message dies of this gate, or does not. The message comes back either way.
    pub(super) async fn attempt_behind(&self, gate: &Arc<Gate>, channel: &Arc<dyn Channel>) {
        let (_, attempt) = self.next().await.unwrap();
        // What a dead program returns, nobody hears.
        drop(self.archivist(channel, gate).deliver(&attempt).await);
    }

    /// Makes every attempt that the queue holds, each at its time, until it is empty.
    pub(super) async fn deliver_to_the_end(&self, channel: &Arc<dyn Channel>) -> Ending {
        let archivist = self.archivist(channel, &Arc::new(Gate::open()));
        let mut attempts = Vec::new();
        while let Some((message, attempt)) = self.next().await {
            let at = self.clock.now();
            if archivist.deliver(&attempt).await.unwrap() == Outcome::Applied {
                attempts.push(at);
            }
            self.queue.delete(QueueName::Notifications, &message.receipt).await.unwrap();
        }
        let kept = self.notifications.get(&id()).await.unwrap().unwrap();
        Ending { delivery: kept.record.deliveries[NAME].clone(), attempts }
    }
}

impl Ending {
    /// That every attempt was made, none too early and none too late, and the last failed for this reason.
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
