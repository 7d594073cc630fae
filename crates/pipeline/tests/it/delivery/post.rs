//! An archivist with channels, routes and a clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use adapters_local::memory::{self, MemoryCheckpoints, MemoryNotifications, MemoryQueue};
use domain::decide::context::Rules;
use domain::policy::matcher::{Condition, Test};
use domain::policy::route::{Digest, NotificationRoute, Quota, Routing};
use domain::record::delivery::Delivery;
use domain::record::estate::Estate;
use domain::record::notification::{Event, Notification, NotificationFact, NotificationId, Severity};
use jiff::{SignedDuration, Timestamp};
use pipeline::message::Attempt;
use pipeline::ports::{Channel, Clock, Notifications, Queue, QueueName};
use pipeline::testing::schedule::now;
use pipeline::testing::{Gate, LoopbackReceiver, TestClock};
use pipeline::{Archivist, ArchivistSettings, Ports};

pub struct Post {
    pub clock: Arc<TestClock>,
    pub routing: Routing,
    pub receivers: BTreeMap<&'static str, Arc<LoopbackReceiver>>,
    /// Channels of other kinds.
    pub others: BTreeMap<String, Arc<dyn Channel>>,
    checkpoints: Arc<MemoryCheckpoints>,
    queue: Arc<MemoryQueue>,
    notifications: Arc<MemoryNotifications>,
    told: u32,
}

impl Post {
    /// Creates channels with these names, without routes and quotas.
    pub fn with(channels: &[&'static str]) -> Self {
        let clock = Arc::new(TestClock::at(at("2026-03-02T09:00:00Z")));
        Self {
            routing: Routing::default(),
            receivers: channels.iter().map(|name| (*name, Arc::default())).collect(),
            others: BTreeMap::new(),
            checkpoints: Arc::default(),
            queue: Arc::new(MemoryQueue::new(clock.clone())),
            notifications: Arc::default(),
            told: 0,
            clock,
        }
    }

    pub fn archivist(&self, gate: &Arc<Gate>) -> Archivist {
        let ports = Ports {
            checkpoints: self.checkpoints.clone(),
            queue: self.queue.clone(),
            notifications: self.notifications.clone(),
            ..memory::ports(self.clock.clone())
        };
        let around = |to: &Arc<LoopbackReceiver>| gate.around_channel(&(to.clone() as Arc<dyn Channel>));
        let receivers = self.receivers.iter().map(|(name, to)| ((*name).to_owned(), around(to)));
        let channels = receivers.chain(self.others.clone()).collect();
        let rules = Rules { routing: Arc::new(self.routing.clone()), ..Rules::default() };
        Archivist::new(gate.around(&ports), ArchivistSettings { rules, estate: Estate::default(), channels })
    }

    pub fn healthy(&self) -> Archivist {
        self.archivist(&Arc::new(Gate::open()))
    }

    /// Hands over a notification of this event.
    pub fn tell(&mut self, event: Event) -> NotificationId {
        self.tell_with(event, Vec::new())
    }

    /// Hands over a notification of this event with these facts.
    pub fn tell_with(&mut self, event: Event, facts: Vec<NotificationFact>) -> NotificationId {
        self.told += 1;
        let subject = format!("recording {}", self.told);
        let id = NotificationId::derive(&subject, event, "");
        let at = self.clock.now();
        let notification = Notification { id: id.clone(), at, facts, ..Notification::new(&subject, event, "", at) };
        now(self.healthy().outbox.hand_over(&notification)).unwrap();
        id
    }

    /// Receives every visible message.
    pub fn take(&self) -> Vec<Attempt> {
        let messages = now(self.queue.receive(QueueName::Notifications, 1_000, SignedDuration::from_mins(5))).unwrap();
        messages.iter().map(|message| Attempt::decode(message.body.as_bytes()).unwrap()).collect()
    }

    /// Delivers every visible message; failed ones come again, as on the host.
    pub fn run(&self, archivist: &Archivist) {
        loop {
            let hidden = SignedDuration::from_mins(5);
            let messages = now(self.queue.receive(QueueName::Notifications, 32, hidden)).unwrap();
            if messages.is_empty() {
                return;
            }
            for message in messages {
                let attempt = Attempt::decode(message.body.as_bytes()).unwrap();
                if now(archivist.delivery.deliver(&attempt)).is_ok() {
                    now(self.queue.delete(QueueName::Notifications, &message.receipt)).unwrap();
                }
            }
        }
    }

    /// Lets time pass in steps, with deliveries and a sweep at each step.
    pub fn run_for(&self, time: SignedDuration, step: SignedDuration) {
        let end = self.clock.now().checked_add(time).unwrap();
        while self.clock.now() < end {
            self.run(&self.healthy());
            now(self.healthy().due_work.sweep(&|| true)).unwrap();
            self.clock.advance(step);
        }
        self.run(&self.healthy());
    }

    /// Event names of the notifications a channel accepted.
    pub fn events(&self, channel: &str) -> Vec<&'static str> {
        self.receivers[channel].accepted().iter().map(|received| received.event.name()).collect()
    }

    /// Bodies of the notifications a channel accepted.
    pub fn bodies(&self, channel: &str) -> Vec<serde_json::Value> {
        let accepted = self.receivers[channel].accepted();
        accepted.iter().map(|received| serde_json::from_str(&received.body).unwrap()).collect()
    }

    pub fn delivery(&self, id: &NotificationId, channel: &str) -> Delivery {
        now(self.notifications.get(id)).unwrap().unwrap().record.deliveries[channel].clone()
    }
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

/// Routes everything to these channels.
pub fn everything(name: &str, channels: &[&str]) -> NotificationRoute {
    NotificationRoute {
        name: name.to_owned(),
        when: Condition::All(Vec::new()),
        channels: channels.iter().map(|name| (*name).to_owned()).collect(),
        goes_on: false,
        muted_until: None,
        digest: None,
    }
}

/// Routes critical notifications to these channels.
pub fn critical(name: &str, channels: &[&str]) -> NotificationRoute {
    NotificationRoute {
        when: Condition::Is(Test::Severity(vec![Severity::Critical])),
        goes_on: true,
        ..everything(name, channels)
    }
}

pub fn every(period: SignedDuration) -> Option<Digest> {
    Some(Digest::Every(period))
}

pub fn quota(messages: u32, per: SignedDuration) -> Quota {
    Quota { messages, per }
}
