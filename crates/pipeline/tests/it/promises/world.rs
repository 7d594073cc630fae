//! One storage account, one archivist, two receivers and the clock; optionally an audit log.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use adapters_local::memory::{
    MemoryBlobs, MemoryCatalogue, MemoryCheckpoints, MemoryLedger, MemoryNotifications, MemoryQuarantine, MemoryQueue,
    MemorySessions,
};
use domain::address::ContainerAddress;
use domain::decide::context::Rules;
use domain::record::estate::{Bastion, BastionName, Estate};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Channel, Clock, Queue};
use pipeline::testing::{Gate, LoopbackReceiver, TestClock, WatchedSessions};
use pipeline::{Archivist, ArchivistSettings, Ports};

use crate::promises::short_pages::ShortPages;

pub const ACTIVE_AT_MOST: SignedDuration = SignedDuration::from_hours(12);
pub const SETTLE_AFTER: SignedDuration = SignedDuration::from_mins(5);
pub const BASTION: &str = "bas";
pub const RESOURCE_ID: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bas";

pub struct World {
    pub rules: Rules,
    pub estate: Estate,
    /// Most blobs on a page of a listing.
    pub listed_at_once: usize,
    pub clock: Arc<TestClock>,
    pub blobs: Arc<MemoryBlobs>,
    pub catalogue: Arc<MemoryCatalogue>,
    pub sessions: Arc<WatchedSessions>,
    pub checkpoints: Arc<MemoryCheckpoints>,
    pub queue: Arc<MemoryQueue>,
    pub notifications: Arc<MemoryNotifications>,
    pub quarantine: Arc<MemoryQuarantine>,
    pub ledger: Arc<MemoryLedger>,
    pub receiver: Arc<LoopbackReceiver>,
    /// A second receiver behind its own channel.
    pub neighbour: Arc<LoopbackReceiver>,
    pub(crate) last_sequencer: AtomicU64,
}

impl World {
    /// Creates a world at 2026-03-02T09:00:00.104Z, with an empty container.
    pub fn new() -> Self {
        Self::with_audit_logs(None)
    }

    /// Like [`new`](Self::new), with a bastion that writes an audit log.
    pub fn with_log() -> Self {
        Self::with_audit_logs(Some(&logs()))
    }

    fn with_audit_logs(audit_logs: Option<&ContainerAddress>) -> Self {
        let clock = Arc::new(TestClock::at(Timestamp::from_millisecond(1_772_442_000_104).unwrap()));
        let bastion = Bastion {
            name: BastionName::new(BASTION),
            resource_id: audit_logs.is_some().then(|| RESOURCE_ID.to_owned()),
            recordings: vec![container()],
            audit_logs: audit_logs.cloned(),
            access_expires: None,
            access_logs: None,
        };
        let rules = Rules {
            settle_after: SETTLE_AFTER,
            active_at_most: ACTIVE_AT_MOST,
            announce_started: true,
            ..Rules::default()
        };
        let world = Self {
            rules,
            estate: Estate { bastions: vec![bastion] },
            listed_at_once: usize::MAX,
            blobs: Arc::default(),
            catalogue: Arc::default(),
            sessions: Arc::new(WatchedSessions { sessions: Arc::<MemorySessions>::default(), saves: Arc::default() }),
            checkpoints: Arc::default(),
            queue: Arc::new(MemoryQueue::new(Arc::clone(&clock) as Arc<dyn Clock>)),
            notifications: Arc::default(),
            quarantine: Arc::default(),
            ledger: Arc::default(),
            receiver: Arc::default(),
            neighbour: Arc::default(),
            last_sequencer: AtomicU64::new(0),
            clock,
        };
        world.blobs.create_container(&container());
        audit_logs.iter().for_each(|logs| world.blobs.create_container(logs));
        world
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn pass_time(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// A healthy archivist.
    pub fn archivist(&self) -> Archivist {
        self.archivist_behind(&Arc::new(Gate::open()))
    }

    /// An archivist with every port behind this gate.
    pub fn archivist_behind(&self, gate: &Arc<Gate>) -> Archivist {
        self.archivist_on(self.queue.clone(), gate)
    }

    /// Like [`archivist_behind`](Self::archivist_behind), with other queues.
    pub fn archivist_on(&self, queue: Arc<dyn Queue>, gate: &Arc<Gate>) -> Archivist {
        let ports = Ports {
            ledger: self.ledger.clone(),
            catalogue: self.catalogue.clone(),
            sessions: self.sessions.clone(),
            checkpoints: self.checkpoints.clone(),
            blobs: Arc::new(ShortPages { blobs: self.blobs.clone(), limit: self.listed_at_once }),
            queue,
            notifications: self.notifications.clone(),
            quarantine: self.quarantine.clone(),
            clock: self.clock.clone(),
        };
        let receivers: [(_, Arc<dyn Channel>); 2] =
            [("siem", self.receiver.clone()), ("topic", self.neighbour.clone())];
        let settings = ArchivistSettings {
            rules: self.rules.clone(),
            estate: self.estate.clone(),
            channels: receivers.iter().map(|(name, to)| ((*name).to_owned(), gate.around_channel(to))).collect(),
        };
        Archivist::new(gate.around(&ports), settings)
    }
}

pub fn container() -> ContainerAddress {
    ContainerAddress::parse("stbastionrec01", "recordings").unwrap()
}

pub fn logs() -> ContainerAddress {
    ContainerAddress::parse("stbastionrec01", "insights-logs-bastionauditlogs").unwrap()
}
