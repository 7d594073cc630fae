//! A tiny host: it fires the functions and keeps the queue.

use jiff::{SignedDuration, Timestamp};
use pipeline::Archivist;
use pipeline::message::Attempt;
use pipeline::ports::{Catalogue, Fault, Notifications, Queue, QueueName};

use crate::outcome::stored_sessions;
use crate::run::Recovery;
use crate::storage::Raised;
use crate::world::World;

/// Something that the host hands to the archivist.
#[derive(Debug, Clone)]
pub enum Work {
    /// A storage event.
    Event(Raised),
    /// The timer of what is due.
    Sweep,
    /// The timer of the audit logs.
    Tail,
    /// A message of the queue `notifications`.
    Delivery(Attempt),
}

/// How often the host hands the same work over. Only one call fails.
const TRIES: usize = 3;
/// How soon the timer comes back for what the last sweep left due.
const TIMER: SignedDuration = SignedDuration::from_mins(1);
/// How long a message that was taken stays hidden.
const HIDDEN: SignedDuration = SignedDuration::from_mins(5);
/// More sweeps than any scenario needs.
const MANY: usize = 60;

async fn perform(archivist: &Archivist, work: &Work) -> Result<(), Fault> {
    match work {
        Work::Event(raised) => archivist.ingest(&raised.address, &raised.event).await.map(drop),
        Work::Sweep => archivist.sweep(&|| true).await.map(drop),
        Work::Tail => archivist.tail(&|| true).await.map(drop),
        Work::Delivery(attempt) => archivist.deliver(attempt).await.map(drop),
    }
}

impl World {
    /// Hands work over until it is taken.
    pub async fn does(&self, work: Work) {
        for _ in 0..TRIES {
            let was_dead = self.mishaps.is_dead();
            let archivist = self.archivist.lock().unwrap().clone();
            let taken = perform(&archivist, &work).await;
            if self.mishaps.is_dead() && !was_dead {
                // What a dead program returns, nobody hears.
                self.start_again();
                if self.recovery == Recovery::SweepsAlone && self.has_left_a_trace(&work).await {
                    return;
                }
            } else if taken.is_ok() {
                return;
            }
        }
        panic!("nobody takes {work:?}");
    }

    /// Whether the work was stored before its hearer died, so that timers can make up for the rest. A message or a
    /// timer was there before.
    async fn has_left_a_trace(&self, work: &Work) -> bool {
        let Work::Event(Raised { address, event }) = work else { return true };
        let lives = self.healthy.catalogue.lives(address).await.unwrap().lives;
        lives.entries.iter().any(|entry| entry.life.marks.contains(event))
    }

    /// Lets the timer fire.
    pub async fn sweep(&self) {
        self.takings.show_again(&self.healthy.queues).await;
        self.does(Work::Sweep).await;
    }

    /// Delivers every message that is visible.
    pub async fn deliver_all(&self) {
        let queues = &self.healthy.queues;
        loop {
            let messages = queues.receive(QueueName::Notifications, 32, HIDDEN).await.unwrap();
            for message in &messages {
                self.does(Work::Delivery(Attempt::decode(message.body.as_bytes()).unwrap())).await;
                queues.delete(QueueName::Notifications, &message.receipt).await.unwrap();
            }
            if messages.is_empty() {
                return;
            }
        }
    }

    /// Makes the attempts whose time has come: their messages are hidden by the machine's clock.
    pub async fn deliver_what_waited(&self) {
        let unfinished = self.healthy.notifications.forgotten(Timestamp::MAX, MANY).await.unwrap();
        for record in unfinished.into_iter().map(|stored| stored.record) {
            for (channel, delivery) in &record.deliveries {
                if let Some((attempt, _)) = delivery.next_attempt().filter(|(_, at)| *at <= self.now()) {
                    let (notification, channel) = (record.id.clone(), channel.clone());
                    self.does(Work::Delivery(Attempt { notification, channel, attempt })).await;
                }
            }
        }
    }

    /// Nothing goes wrong any more: logs are read on, then come sweeps and deliveries at every time at which anything is due, until nothing is.
    pub async fn settle(&self) {
        self.start_again();
        if self.has_log() {
            self.does(Work::Tail).await;
        }
        for _ in 0..MANY {
            self.sweep().await;
            self.deliver_all().await;
            match self.next_due().await {
                Some(due) => self.clock.set(due.max(self.now() + TIMER)),
                None => return,
            }
        }
        panic!("the sweeps come to no end");
    }

    async fn next_due(&self) -> Option<Timestamp> {
        let entry = self.healthy.catalogue.due(Timestamp::MAX, None, 1).await.unwrap().first().map(|due| due.at);
        let forgotten = self.healthy.notifications.forgotten(Timestamp::MAX, 1).await.unwrap();
        let forgotten = forgotten.first().and_then(|stored| stored.record.forgotten_at());
        // What time alone may say of a session is for others to test.
        let undone = stored_sessions(self).await.into_iter().filter(|entry| !entry.pending.is_empty());
        let session = undone.filter_map(|entry| entry.due_at()).min();
        [entry, session, forgotten].into_iter().flatten().min()
    }
}
