//! A minimal host that fires the functions and keeps the queues.

use jiff::{SignedDuration, Timestamp};
use pipeline::Archivist;
use pipeline::message::Attempt;
use pipeline::ports::{Catalogue, Fault, Notifications, Queue, QueueName};

use crate::promises::outcome::stored_sessions;
use crate::promises::run::Recovery;
use crate::promises::storage::RaisedEvent;
use crate::promises::world::AzureWorld;

/// Work the host hands to the archivist.
#[derive(Debug, Clone)]
pub enum HostWork {
    Event(RaisedEvent),
    /// Timer of `join_sweep`.
    Sweep,
    /// Timer of `audit_log_tail`.
    Tail,
    /// Message of the queue `notifications`.
    Delivery(Attempt),
}

/// Most deliveries of the same work; only one call fails.
const TRIES: usize = 3;
/// Period of the sweep timer.
const TIMER: SignedDuration = SignedDuration::from_mins(1);
/// Time for which a received message stays hidden.
const HIDDEN: SignedDuration = SignedDuration::from_mins(5);
/// More sweeps than any scenario needs.
const MANY: usize = 60;

async fn perform(archivist: &Archivist, work: &HostWork) -> Result<(), Fault> {
    match work {
        HostWork::Event(raised) => archivist.recordings.ingest(&raised.address, &raised.event).await.map(drop),
        HostWork::Sweep => archivist.due_work.sweep(&|| true).await.map(drop),
        HostWork::Tail => archivist.tailing.tail(&|| true).await.map(drop),
        HostWork::Delivery(attempt) => archivist.delivery.deliver(attempt).await.map(drop),
    }
}

impl AzureWorld {
    /// Hands the work over until it succeeds.
    pub async fn does(&self, work: HostWork) {
        for _ in 0..TRIES {
            let was_dead = self.mishaps.is_dead();
            let archivist = self.archivist.lock().unwrap().clone();
            let taken = perform(&archivist, &work).await;
            if self.mishaps.is_dead() && !was_dead {
                // A result of a dead process is lost.
                self.start_again();
                if self.recovery == Recovery::SweepsAlone && self.has_left_a_trace(&work).await {
                    return;
                }
            } else if taken.is_ok() {
                return;
            }
        }
        panic!("no function takes {work:?}");
    }

    /// True if the work was stored before the process died, so timers can finish it. Messages and timers were stored
    /// before.
    async fn has_left_a_trace(&self, work: &HostWork) -> bool {
        let HostWork::Event(RaisedEvent { address, event }) = work else { return true };
        let lives = self.healthy.catalogue.lives(address).await.unwrap().lives;
        lives.entries.iter().any(|entry| entry.life.blob_events.contains(event))
    }

    /// Fires the sweep timer.
    pub async fn sweep(&self) {
        self.takings.show_again(&self.healthy.queues).await;
        self.does(HostWork::Sweep).await;
    }

    /// Delivers every visible message.
    pub async fn deliver_all(&self) {
        let queues = &self.healthy.queues;
        loop {
            let messages = queues.receive(QueueName::Notifications, 32, HIDDEN).await.unwrap();
            for message in &messages {
                self.does(HostWork::Delivery(Attempt::decode(message.body.as_bytes()).unwrap())).await;
                queues.delete(QueueName::Notifications, &message.receipt).await.unwrap();
            }
            if messages.is_empty() {
                return;
            }
        }
    }

    /// Makes the attempts that are due: their messages are hidden by the machine's clock.
    pub async fn deliver_what_waited(&self) {
        let unfinished = self.healthy.notifications.forgotten(Timestamp::MAX, MANY).await.unwrap();
        for record in unfinished.into_iter().map(|stored| stored.record) {
            for (channel, delivery) in &record.deliveries {
                if let Some((attempt, _)) = delivery.next_attempt().filter(|(_, at)| *at <= self.now()) {
                    let (notification, channel) = (record.id.clone(), channel.clone());
                    self.does(HostWork::Delivery(Attempt { notification, channel, attempt })).await;
                }
            }
        }
    }

    /// Without further failures, reads logs to their end, then sweeps and delivers at every due time until nothing is
    /// due.
    pub async fn settle(&self) {
        self.start_again();
        if self.has_log() {
            self.does(HostWork::Tail).await;
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
        // Other tests cover sessions that only wait for time to pass.
        let undone = stored_sessions(self).await.into_iter().filter(|entry| !entry.pending.is_empty());
        let session = undone.filter_map(|entry| entry.due_at()).min();
        [entry, session, forgotten].into_iter().flatten().min()
    }
}
