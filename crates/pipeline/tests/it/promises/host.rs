//! A minimal host: it fires the functions, keeps the queues, and lets time pass.

use domain::address::BlobAddress;
use domain::decide::catalogue::ReviewSubmission;
use domain::record::hold::Actor;
use domain::record::recording_id::RecordingId;
use domain::record::review::ReviewOutcome;
use domain::record::session::TunnelId;
use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};
use pipeline::Archivist;
use pipeline::confirm::PersonAnswer;
use pipeline::message::Attempt;
use pipeline::ports::{Catalogue, Fault, Notifications, Queue, QueueMessage, QueueName, Sessions};

use crate::promises::storage::Raised;
use crate::promises::world::World;
use pipeline::testing::schedule::now;

/// Work the host hands to the archivist.
#[derive(Debug, Clone)]
pub enum Work {
    Event(Raised),
    /// Event of an audit log.
    Log(BlobAddress),
    /// Timer of `join_sweep`.
    Sweep,
    /// Timer of `audit_log_tail`.
    Tail,
    /// Timer of `reconcile_sweep`.
    Reconcile,
    /// Message of the queue `notifications`.
    Delivery(QueueMessage),
    /// A person confirms the session of a recording, or that it has none.
    Confirm(RecordingId, Option<String>),
    /// A person reviews a recording.
    Review(RecordingId, ReviewOutcome),
    /// Malformed input.
    Malformed(&'static [u8]),
}

/// A person who gives commands.
pub fn person() -> Actor {
    Actor { name: "eve@contoso.example".to_owned(), is_verified: true }
}

/// Runs one piece of work.
pub async fn perform(archivist: &Archivist, work: &Work) -> Result<(), Fault> {
    match work {
        Work::Event(raised) => archivist.recordings.ingest(&raised.address, &raised.event).await.map(|_| ()),
        Work::Log(log) => archivist.audit_log.log_landed(log, &|| true).await.map(|_| ()),
        Work::Tail => archivist.tailing.tail(&|| true).await.map(|_| ()),
        Work::Reconcile => archivist.reconciliation.reconcile(&|| true).await.map(|_| ()),
        Work::Sweep => archivist.due_work.sweep(&|| true).await.map(|_| ()),
        Work::Delivery(message) => {
            archivist.delivery.deliver(&Attempt::decode(message.body.as_bytes()).unwrap()).await.map(|_| ())
        }
        Work::Confirm(id, tunnel) => {
            let said =
                tunnel.as_deref().and_then(TunnelId::parse).map_or(PersonAnswer::NoneOfThem, PersonAnswer::Session);
            archivist.confirmation.confirm(*id, &said, "asked her", &person()).await.map(|said| drop(said.unwrap()))
        }
        Work::Review(id, outcome) => {
            let submitted = ReviewSubmission { outcome: *outcome, by: person(), ticket: None, note: None };
            archivist.reviews.mark(*id, &submitted).await.map(|marked| drop(marked.unwrap()))
        }
        Work::Malformed(raw) => archivist.quarantined.quarantine(raw, "not JSON", "recording_landed").await.map(|_| ()),
    }
}

/// Time for which a received message stays hidden.
const HIDDEN: SignedDuration = SignedDuration::from_mins(5);
/// Period of the sweep timer.
const TIMER: SignedDuration = SignedDuration::from_mins(1);
/// Period of reading audit logs and listing containers, if there is a log.
const ROUND: SignedDuration = SignedDuration::from_hours(6);
/// More sweeps than any story needs.
const MANY: usize = 5_000;

impl World {
    /// Runs one piece of work on a healthy archivist, which must succeed.
    pub fn does(&self, work: &Work) {
        now(perform(&self.archivist(), work)).unwrap();
    }

    /// Receives the visible messages.
    pub fn take_messages(&self) -> Vec<QueueMessage> {
        now(self.queue.receive(QueueName::Notifications, 32, HIDDEN)).unwrap()
    }

    /// Makes a message visible again, as the host does after a failure.
    pub fn give_back(&self, message: &QueueMessage) {
        now(self.queue.release(QueueName::Notifications, &message.receipt, SignedDuration::ZERO)).unwrap();
    }

    /// Deletes a message, as the host does after a success.
    pub fn forget(&self, message: &QueueMessage) {
        now(self.queue.delete(QueueName::Notifications, &message.receipt)).unwrap();
    }

    /// Puts a message into the poison queue, as the host does after too many failures.
    pub fn give_up(&self, queue: QueueName, body: &str) {
        now(self.queue.send(queue.poison().unwrap(), body, SignedDuration::ZERO)).unwrap();
    }

    /// Delivers every visible message.
    pub fn deliver_all(&self) {
        loop {
            let messages = self.take_messages();
            if messages.is_empty() {
                return;
            }
            for message in messages {
                self.does(&Work::Delivery(message.clone()));
                self.forget(&message);
            }
        }
    }

    /// Sweeps and delivers at every due time until `end`. If there is an audit log, it is read at once and
    /// periodically, and the container is listed as often.
    pub fn run_until(&self, end: Timestamp) {
        let mut round = Some(self.now()).filter(|_| self.has_log());
        for _ in 0..MANY {
            if round.is_some_and(|at| at <= self.now()) {
                self.does(&Work::Tail);
                self.does(&Work::Reconcile);
                round = Some(self.now() + ROUND);
            }
            self.does(&Work::Sweep);
            self.deliver_all();
            let overdue = self.now() + TIMER;
            let next = self.next_due().map(|due| if due <= self.now() { overdue } else { due });
            match next.into_iter().chain(round).min().filter(|due| *due <= end) {
                Some(due) => self.clock.set(shown_from(due)),
                None => return self.clock.set(end.max(self.now())),
            }
        }
        panic!("the sweeps do not end");
    }

    /// Lets three days pass.
    pub fn run_to_the_end(&self) {
        self.run_until(self.now() + SignedDuration::from_hours(72));
    }

    fn has_log(&self) -> bool {
        self.estate.bastions.iter().any(|bastion| bastion.audit_logs.is_some())
    }

    fn next_due(&self) -> Option<Timestamp> {
        let entry = now(self.catalogue.due(Timestamp::MAX, None, 1)).unwrap().first().map(|due| due.at);
        let session = now(self.sessions.due(Timestamp::MAX, None, 1)).unwrap().first().map(|due| due.at);
        let queues = [QueueName::Notifications, QueueName::RecordingEventsPoison, QueueName::NotificationsPoison];
        let message = queues.into_iter().filter_map(|queue| now(self.queue.next_visible_at(queue)).unwrap()).min();
        let forgotten = now(self.notifications.forgotten(Timestamp::MAX, 1)).unwrap();
        let forgotten = forgotten.first().and_then(|stored| stored.record.forgotten_at());
        [entry, session, message, forgotten].into_iter().flatten().min()
    }
}

/// Rounds a time up to whole microseconds, which the clock can show.
fn shown_from(at: Timestamp) -> Timestamp {
    at.round(TimestampRound::new().smallest(Unit::Microsecond).mode(RoundMode::Ceil)).unwrap()
}
