//! One archive with its archivist, its truth and its clock.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};

use adapters_local::memory::{
    self, MemoryBlobs, MemoryCatalogue, MemoryCheckpoints, MemoryLedger, MemoryNotifications,
};
use domain::address::{AccountName, BlobAddress, BlobName, ContainerAddress};
use domain::decide::context::Rules;
use domain::policy::retention::Policy;
use domain::record::accessor::KnownIdentities;
use domain::record::blob::{BlobEvent, Happening};
use domain::record::catalogue::{Entry, JudgedTimes};
use domain::record::estate::{AccessLogs, Bastion, BastionName, Estate};
use domain::record::hold::{Actor, Hold, HoldScope};
use domain::record::sequencer::Sequencer;
use jiff::SignedDuration;
use pipeline::ports::{Catalogue, Clock, ListRequest};
use pipeline::testing::schedule::now;
use pipeline::testing::{Gate, TestClock, sample};
use pipeline::{Archivist, ArchivistSettings, Ports};

use crate::retention::policy::Said;
use crate::retention::storage::{TrueBlobs, TrueCheckpoints, Without};
use crate::retention::truth::{Held, Recording, Truth};

pub struct RetentionWorld {
    pub without: Option<Without>,
    /// Present name of the bastion in the configuration.
    pub bastion: &'static str,
    pub clock: Arc<TestClock>,
    pub blobs: Arc<MemoryBlobs>,
    pub catalogue: Arc<MemoryCatalogue>,
    checkpoints: Arc<MemoryCheckpoints>,
    notifications: Arc<MemoryNotifications>,
    pub ledger: Arc<MemoryLedger>,
    truth: Arc<Mutex<Truth>>,
    events: u64,
}

impl RetentionWorld {
    /// Creates an empty archive under this policy, with one guard removed or none.
    pub fn new(said: Said, without: Option<Without>) -> Self {
        let blobs = Arc::<MemoryBlobs>::default();
        blobs.create_container(&container());
        Self {
            without,
            bastion: "bas",
            clock: Arc::new(TestClock::at("2026-01-01T09:00:00Z".parse().unwrap())),
            blobs,
            catalogue: Arc::default(),
            checkpoints: Arc::default(),
            notifications: Arc::default(),
            ledger: Arc::default(),
            truth: Arc::new(Mutex::new(Truth::new(said))),
            events: 0,
        }
    }

    pub fn truth(&self) -> MutexGuard<'_, Truth> {
        self.truth.lock().unwrap()
    }

    /// An archivist behind a gate, under the policy of the truth without the removed guard.
    pub fn archivist(&self, gate: &Arc<Gate>) -> Archivist {
        self.archivist_on(gate, &self.ports())
    }

    fn ports(&self) -> Ports {
        let clock: Arc<dyn Clock> = self.clock.clone();
        Ports {
            ledger: self.ledger.clone(),
            catalogue: self.catalogue.clone(),
            checkpoints: Arc::new(TrueCheckpoints { checkpoints: self.checkpoints.clone(), without: self.without }),
            blobs: self.true_blobs(),
            notifications: self.notifications.clone(),
            ..memory::ports(clock)
        }
    }

    /// A healthy archivist under another policy, or none.
    pub fn archivist_under(&self, policy: Option<Policy>) -> Archivist {
        self.archivist_behind(&Arc::new(Gate::open()), policy)
    }

    /// An archivist behind a gate, under another policy, or none.
    pub fn archivist_behind(&self, gate: &Arc<Gate>, policy: Option<Policy>) -> Archivist {
        Archivist::new(gate.around(&self.ports()), settings(policy, self.bastion))
    }

    /// Storage that reports every deletion to the truth.
    pub fn true_blobs(&self) -> Arc<TrueBlobs> {
        Arc::new(TrueBlobs {
            blobs: self.blobs.clone(),
            truth: self.truth.clone(),
            clock: self.clock.clone(),
            without: self.without,
        })
    }

    /// An archivist on other ports.
    pub fn archivist_on(&self, gate: &Arc<Gate>, ports: &Ports) -> Archivist {
        let policy = self.truth().said.policy_without(self.without);
        Archivist::new(gate.around(ports), settings(Some(policy), self.bastion))
    }

    pub fn healthy(&self) -> Archivist {
        self.archivist(&Arc::new(Gate::open()))
    }

    /// Creates a recording, which is final a day later. If `person` is given, its session is known.
    pub fn record(&mut self, name: &str, person: Option<&'static str>) {
        let at = self.clock.now();
        let etag = self.blobs.put(&address(name), 1_000, at);
        self.hear(name, Happening::Written { etag: Some(etag.clone()), size: 1_000 });
        if let Some(person) = person {
            let loaded = now(self.catalogue.lives(&address(name))).unwrap();
            let mut entry = loaded.lives.entries.last().unwrap().clone();
            let mut facts = sample::facts("t", at);
            facts.user_email = Some(person.into());
            entry.match_state.verdict = sample::matched(facts);
            entry.match_state.judged = Some(JudgedTimes { created_at: at, last_modified: at });
            entry.revision += 1;
            now(self.catalogue.save(&loaded, &[entry])).unwrap().unwrap();
        }
        let recording = Recording {
            created_at: at,
            written_at: at,
            person,
            etag: etag.as_str().to_owned(),
            is_there: true,
            promised: None,
            perhaps: None,
            undecided: BTreeSet::new(),
            perhaps_undecided: BTreeSet::new(),
            warned_at: None,
            approved_until: None,
        };
        self.truth().recordings.insert(name.to_owned(), recording);
    }

    pub fn next_event(&mut self) -> u64 {
        self.events += 1;
        self.events
    }

    /// Ingests a storage event.
    pub fn hear(&mut self, name: &str, what: Happening) {
        let number = self.next_event();
        let sequencer = Sequencer::parse(&format!("{number:032x}")).unwrap();
        let event = BlobEvent { sequencer, at: self.clock.now(), what };
        now(self.healthy().recordings.ingest(&address(name), &event)).unwrap();
    }

    pub fn entries(&self) -> Vec<Entry> {
        let all = ListRequest { under: None, below: None, from: None, limit: usize::MAX };
        now(self.catalogue.list(&all)).unwrap()
    }

    /// Updates the truth with the visible state after a run.
    pub fn observe(&self, is_whole: bool) {
        let now = self.clock.now();
        let mut truth = self.truth();
        self.catalogue.look(|entries| entries.values().for_each(|entry| truth.observe(entry, now, is_whole)));
    }

    /// Places the hold of a case. The truth counts it once placing has succeeded.
    pub async fn hold(&self, archivist: &Archivist, case: &str, held: Held) {
        let scope = self.scope(&held);
        let hold = Hold::new(case, "a letter of the court", scope, actor(), self.clock.now());
        if archivist.hold_placing.place_hold(&hold).await.is_ok() {
            self.truth().holds.insert(case.to_owned(), held);
        }
    }

    fn scope(&self, held: &Held) -> HoldScope {
        let entry = |name: &str| self.entries().into_iter().find(|entry| entry.address.name.as_str() == name);
        match held {
            Held::Name(name) => HoldScope { recording: entry(name).map(|entry| entry.id), ..HoldScope::default() },
            Held::Person(person) => HoldScope { person: Some((*person).to_owned()), ..HoldScope::default() },
            Held::Since(from) => HoldScope { from: Some(*from), ..HoldScope::default() },
        }
    }
}

fn settings(policy: Option<Policy>, bastion: &str) -> ArchivistSettings {
    let bastion = Bastion {
        name: BastionName::new(bastion),
        resource_id: None,
        recordings: vec![container()],
        audit_logs: None,
        access_expires: None,
        access_logs: Some(AccessLogs {
            account: AccountName::parse("staudit01").unwrap(),
            known: KnownIdentities::default(),
        }),
    };
    let rules = Rules { retention: policy.map(Arc::new), ..Rules::default() };
    ArchivistSettings { rules, estate: Estate { bastions: vec![bastion] }, channels: Default::default() }
}

pub fn actor() -> Actor {
    Actor { name: "counsel".to_owned(), is_verified: true }
}

pub fn container() -> ContainerAddress {
    ContainerAddress::parse("stbastionrec01", "recordings").unwrap()
}

pub fn address(name: &str) -> BlobAddress {
    container().blob(BlobName::parse(name).unwrap())
}

pub fn days(count: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(count))
}
