//! One archive with its archivist, its truth and its clock.

use std::sync::{Arc, Mutex, MutexGuard};

use adapters_local::memory::{self, MemoryBlobs, MemoryCatalogue};
use domain::address::{BlobAddress, BlobName, ContainerAddress};
use domain::decide::context::Rules;
use domain::record::blob::{BlobEvent, Happening};
use domain::record::catalogue::Entry;
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::sequencer::Sequencer;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Catalogue, Clock, ListRequest};
use pipeline::testing::TestClock;
use pipeline::testing::schedule::now;
use pipeline::{Archivist, ArchivistSettings, Ports};

use crate::hostile::policy::HostilePolicy;
use crate::hostile::storage::{HostileBlobs, MissingPart, WrongClock};
use crate::hostile::truth::{HostileTruth, TrueRecording};
use crate::hostile::visit::{HostileVisit, Lie, ToldVisit, VisitSession, WrittenVisit};

pub const BASTION: &str = "bas";
pub const RESOURCE_ID: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/bas";

pub struct HostileWorld {
    pub without: Option<MissingPart>,
    pub clock: Arc<TestClock>,
    pub blobs: Arc<MemoryBlobs>,
    catalogue: Arc<MemoryCatalogue>,
    ports: Ports,
    settings: ArchivistSettings,
    truth: Arc<Mutex<HostileTruth>>,
    events: u64,
}

impl HostileWorld {
    /// Creates an empty archive under this policy, with one guard removed or none.
    pub fn new(said: &HostilePolicy, without: Option<MissingPart>) -> Self {
        let blobs = store("right");
        let clock = Arc::new(TestClock::at("2026-01-05T09:00:00Z".parse().unwrap()));
        if said.tells_time && without != Some(MissingPart::StorageTime) {
            blobs.set_clock(clock.clone());
        }
        let catalogue = Arc::<MemoryCatalogue>::default();
        let truth = Arc::new(Mutex::new(HostileTruth::new(said.clone())));
        let truly = HostileBlobs { blobs: blobs.clone(), truth: truth.clone(), clock: clock.clone(), without };
        let ports = Ports { catalogue: catalogue.clone(), blobs: Arc::new(truly), ..memory::ports(clock.clone()) };
        let bastion = Bastion {
            name: BastionName::new(BASTION),
            resource_id: Some(RESOURCE_ID.to_owned()),
            recordings: vec![container()],
            audit_logs: Some(logs()),
            access_expires: None,
            access_logs: None,
        };
        let mut rules = Rules { retention: Some(Arc::new(said.policy(without))), ..Rules::default() };
        if without == Some(MissingPart::Tolerances) {
            rules.matching.end_tolerance = days(100_000);
        }
        let settings =
            ArchivistSettings { rules, estate: Estate { bastions: vec![bastion] }, channels: Default::default() };
        Self { without, clock, blobs, catalogue, ports, settings, truth, events: 0 }
    }

    pub fn truth(&self) -> MutexGuard<'_, HostileTruth> {
        self.truth.lock().unwrap()
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A process with the right clock and the right store.
    pub fn archivist(&self) -> Archivist {
        Archivist::new(self.ports.clone(), self.settings.clone())
    }

    /// A process whose clock is wrong by this duration.
    pub fn archivist_with_wrong_clock(&self, by: SignedDuration) -> Archivist {
        let clock = Arc::new(WrongClock { clock: self.clock.clone(), by });
        Archivist::new(Ports { clock, ..self.ports.clone() }, self.settings.clone())
    }

    /// A process that sees another store.
    pub fn archivist_on(&self, store: &Arc<MemoryBlobs>) -> Archivist {
        Archivist::new(Ports { blobs: store.clone(), ..self.ports.clone() }, self.settings.clone())
    }

    pub fn entries(&self) -> Vec<Entry> {
        let all = ListRequest { under: None, below: None, from: None, limit: usize::MAX };
        now(self.catalogue.list(&all)).unwrap()
    }

    /// Ingests a storage event, optionally with a false time.
    pub fn hear(&mut self, name: &str, what: Happening, lie: Option<Lie>) {
        self.events += 1;
        let sequencer = Sequencer::parse(&format!("{:032x}", self.events)).unwrap();
        let at = match lie {
            None => self.now(),
            Some(Lie::LongAgo) => "2006-03-02T09:00:00Z".parse().unwrap(),
            Some(Lie::FarAhead) => "2099-03-02T09:00:00Z".parse().unwrap(),
        };
        let event = BlobEvent { sequencer, at, what };
        now(self.archivist().recordings.ingest(&address(name), &event)).unwrap();
    }

    /// Writes a recording and raises its event.
    fn write(&mut self, name: &str, size: u64, lie: Option<Lie>) {
        let etag = self.blobs.put(&address(name), size, self.now());
        let at = self.now();
        if let Some(recording) = self.truth().recordings.get_mut(name) {
            if recording.etag.is_empty() {
                recording.created_at = at;
            }
            (recording.etag, recording.written_at) = (etag.as_str().to_owned(), at);
        }
        self.hear(name, Happening::Written { etag: Some(etag), size }, lie);
    }

    /// Plays these sessions concurrently; each leaves its recording.
    pub fn hold_sessions(&mut self, visits: &[HostileVisit]) {
        let begun = self.now();
        let sessions: Vec<VisitSession> =
            visits.iter().zip(0..).map(|(visit, nth)| self.session(visit, begun, nth)).collect();
        let names: Vec<String> = sessions
            .iter()
            .map(|session| {
                let number = self.truth().recordings.len();
                let name = format!("vm-{}-user.{number}", session.visit.letter);
                self.truth().recordings.insert(name.clone(), recording(session, visits.len() > 1));
                name
            })
            .collect();
        for (session, name) in sessions.iter().zip(&names) {
            self.clock.set(session.start);
            if session.visit.written == WrittenVisit::Live {
                self.write(name, 500, session.visit.lies);
            }
        }
        let told: String = sessions.iter().map(crate::hostile::log::records).collect();
        for (session, name) in sessions.iter().zip(&names) {
            self.clock.set(session.stored().1.max(self.now()));
            self.write(name, 1_000, session.visit.lies);
        }
        if !told.is_empty() {
            self.tell(&told);
        }
    }

    fn session(&self, visit: &HostileVisit, begun: Timestamp, nth: i64) -> VisitSession {
        let number = self.truth().recordings.len() as i64 + nth;
        let start = begun + SignedDuration::from_secs(nth);
        let end = start + SignedDuration::from_secs(visit.lasts);
        VisitSession { visit: visit.clone(), tunnel: format!("5e55-{number:04}"), start, end }
    }
}

fn recording(session: &VisitSession, is_crowded: bool) -> TrueRecording {
    let (created_at, written_at) = session.stored();
    let is_there = true;
    let etag = String::new();
    let session = session.clone();
    let is_crowded = is_crowded || session.visit.told == ToldVisit::Nothing;
    TrueRecording {
        session,
        created_at,
        written_at,
        etag,
        is_there,
        is_crowded,
        is_held_by_hand: false,
        was_held_by_hand: false,
    }
}

/// Creates an empty store.
pub fn store(identity: &str) -> Arc<MemoryBlobs> {
    let store = MemoryBlobs::default().called(identity);
    [container(), logs()].iter().for_each(|container| store.create_container(container));
    Arc::new(store)
}

pub fn container() -> ContainerAddress {
    ContainerAddress::parse("stbastionrec01", "recordings").unwrap()
}

pub fn logs() -> ContainerAddress {
    ContainerAddress::parse("stbastionrec01", "insights-logs-bastionauditlogs").unwrap()
}

pub fn address(name: &str) -> BlobAddress {
    container().blob(BlobName::parse(name).unwrap())
}

pub fn days(count: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(count))
}
