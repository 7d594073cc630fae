//! An archivist whose requests are counted.

use std::future::Future;

use azurite::{Account, Azurite};
use domain::decide::context::Rules;
use domain::record::estate::Estate;
use jiff::SignedDuration;
use pipeline::ports::{Fault, Queue, QueueName};
use pipeline::testing::sample;
use pipeline::{Archivist, ArchivistSettings, Swept};

use super::requests::Requests;
use crate::promises::run::Run;
use crate::promises::services::LogLines;
use crate::promises::storage::RaisedEvent;
use crate::promises::world::{ACTIVE_AT_MOST, AzureWorld, SETTLE_AFTER, access_logging, logging};

/// More passes than any step needs.
const MANY: usize = 20;
/// Time for which a received message stays hidden.
const HIDDEN: SignedDuration = SignedDuration::from_mins(5);

/// A bastion with an audit log, an enforced policy and one channel.
pub struct Counted {
    pub world: AzureWorld,
    pub archivist: Archivist,
}

impl Counted {
    /// Creates a world in which every timer has fired before.
    pub async fn new() -> Self {
        let account = Azurite::shared().unwrap().account().unwrap();
        Self::on(&account, &LogLines::new(&account)).await
    }

    /// Like [`new`](Self::new), in this account.
    pub async fn on(account: &Account, lines: &LogLines) -> Self {
        Self::run(account, lines, logging()).await
    }

    /// Like [`new`](Self::new), with a log of accesses.
    pub async fn with_accesses() -> Self {
        let account = Azurite::shared().unwrap().account().unwrap();
        Self::run(&account, &LogLines::new(&account), access_logging()).await
    }

    async fn run(account: &Account, lines: &LogLines, estate: Estate) -> Self {
        let world = AzureWorld::new(lines, account, account, &Run::UNDISTURBED, estate.clone()).await;
        world.healthy.ledger.create_container().await.unwrap();
        world.storage.begin_log().await;
        if estate.bastions.iter().any(|bastion| bastion.access_logs.is_some()) {
            world.storage.begin_access_log().await;
        }
        world.disturb();
        let of_world = world.archivist.lock().unwrap().clone();
        let policy = Some(sample::policy());
        let rules = Rules {
            settle_after: SETTLE_AFTER,
            active_at_most: ACTIVE_AT_MOST,
            retention: policy,
            hash_recordings: true,
            ..Rules::default()
        };
        let channels = [("siem".to_owned(), world.receivers[0].clone() as _)].into();
        let settings = ArchivistSettings { rules, estate, channels };
        let archivist = Archivist::new(of_world.ports().clone(), settings);
        let counted = Self { world, archivist };
        for _ in 0..2 {
            counted.all_timers().await;
        }
        counted
    }

    /// Requests of each timer: `join_sweep`, `audit_log_tail`, `reconcile_sweep`, `retention_sweep`.
    pub async fn all_timers(&self) -> [Requests; 4] {
        self.world.pass_time(SignedDuration::from_mins(1));
        let (sweep, _) = self.asks(self.archivist.due_work.sweep(&|| true)).await;
        let (tail, _) = self.asks(self.archivist.tailing.tail(&|| true)).await;
        let reconcile = self.reconcile().await;
        let (retain, _) = self.asks(self.archivist.retention.run_retention(&|| true)).await;
        [sweep, tail, reconcile, retain]
    }

    /// Requests of one run of `reconcile_sweep`, which also counts days.
    pub async fn reconcile(&self) -> Requests {
        let (listed, _) = self.asks(self.archivist.reconciliation.reconcile(&|| true)).await;
        let (counted, _) = self.asks(self.archivist.summary.summarise(&|| true)).await;
        listed + counted
    }

    /// Runs the work; returns its requests and its result.
    pub async fn asks<T>(&self, work: impl Future<Output = Result<T, Fault>>) -> (Requests, T) {
        let before = self.world.mishaps.tries();
        let done = work.await.unwrap();
        (Requests::from_labels(&self.world.mishaps.labels()[before..]), done)
    }

    /// Requests for taking in the event of a write.
    pub async fn written(&self, name: &str, size: u64) -> Requests {
        let RaisedEvent { address, event } = self.world.storage.write_readable(name, size, self.world.now()).await;
        self.asks(self.archivist.recordings.ingest(&address, &event)).await.0
    }

    /// Requests of `join_sweep` passes until nothing is due, beyond those of idle passes.
    pub async fn swept(&self, idle: Requests) -> Requests {
        let mut sum = Requests::default();
        for _ in 0..MANY {
            let (asked, swept) = self.asks(self.archivist.due_work.sweep(&|| true)).await;
            if swept == Swept::default() {
                assert_eq!(asked, idle, "an idle pass costs the same whatever there is");
                return sum;
            }
            sum = sum + (asked - idle);
            self.world.pass_time(SignedDuration::from_mins(1));
        }
        panic!("the sweeps come to no end");
    }

    /// Receives and deletes the messages of a queue, as the host does.
    pub async fn messages(&self, queue: QueueName) -> Vec<String> {
        let queues = &self.world.healthy.queues;
        let mut bodies = Vec::new();
        loop {
            let messages = queues.receive(queue, 32, HIDDEN).await.unwrap();
            for message in &messages {
                queues.delete(queue, &message.receipt).await.unwrap();
            }
            if messages.is_empty() {
                return bodies;
            }
            bodies.extend(messages.into_iter().map(|message| message.body));
        }
    }
}
