//! In-memory archive, driven by command lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use adapters_local::memory::{self, MemoryBlobs, MemoryDeadLetters};
use clap::Parser;
use cli::{Terminal, WorkContext};
use domain::address::{BlobAddress, BlobName};
use domain::decide::context::Rules;
use domain::policy::join::Tolerances;
use domain::policy::retention::{Class, Limits, Period, Policy, StartsAt};
use domain::policy::route::Routing;
use domain::record::hold::Actor;
use domain::record::retention::{Executor, PolicyDigest, Then};
use domain::record::session::SessionEntry;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{BlobStore, Channel, Clock, LifecyclePolicies, ListRequest, LiveSessions, SessionChange};
use pipeline::posture::Watch;
use pipeline::{Archivist, ArchivistSettings, Ports};

use crate::day;
use crate::line::{CliLine, Ran, words};

pub struct CliDesk {
    pub ports: Ports,
    pub policy: Policy,
    pub routing: Routing,
    pub channels: BTreeMap<String, Arc<dyn Channel>>,
    pub dead_letters: MemoryDeadLetters,
    pub watch: Watch,
    pub live: Option<Box<dyn LiveSessions>>,
    pub lifecycle: Option<Arc<dyn LifecyclePolicies>>,
    pub input: String,
    blobs: Arc<MemoryBlobs>,
    clock: Arc<Hand>,
}

/// Clock that tests set.
struct Hand(std::sync::Mutex<Timestamp>);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

impl CliDesk {
    /// Creates an archive with these recordings, all final.
    pub fn with_recordings(names: &[&str]) -> Self {
        let clock = Arc::new(Hand(std::sync::Mutex::new(day::at("2026-03-02T09:00:00Z"))));
        let blobs = Arc::<MemoryBlobs>::default();
        let container = day::estate().bastions[0].recordings[0].clone();
        blobs.create_container(&container);
        for (at, name) in names.iter().enumerate() {
            blobs.put(&address(name), 1_000_000 * (at as u64 + 1), clock.now());
        }
        let shared: Arc<dyn Clock> = clock.clone();
        let ports = Ports { blobs: blobs.clone(), ..memory::ports(shared) };
        let desk = Self {
            ports,
            policy: policy(),
            routing: Routing::default(),
            channels: BTreeMap::new(),
            dead_letters: Default::default(),
            watch: Watch::default(),
            live: None,
            lifecycle: None,
            input: String::new(),
            blobs,
            clock,
        };
        desk.work();
        desk.pass(24);
        desk.work();
        desk
    }

    /// Stores a session from the audit log.
    pub fn attend(&self, after: SessionEntry) {
        let before = SessionEntry { revision: 0, ..SessionEntry::new(after.id.clone()) };
        let saved = at_once(self.ports.sessions.save(&[SessionChange { before, after }])).unwrap();
        assert_eq!(saved, [true]);
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Advances the clock by `hours`.
    pub fn pass(&self, hours: i64) {
        *self.clock.0.lock().unwrap() += SignedDuration::from_hours(hours);
    }

    /// Runs all sweeps except retention.
    pub fn work(&self) {
        for _ in 0..3 {
            at_once(self.archivist().due_work.sweep(&|| true)).unwrap();
        }
        at_once(self.archivist().reconciliation.reconcile(&|| true)).unwrap();
    }

    pub fn archivist(&self) -> Archivist {
        let retention = Some(Arc::new(self.policy.clone()));
        let rules = Rules { retention, routing: Arc::new(self.routing.clone()), ..Rules::default() };
        let settings = ArchivistSettings { rules, estate: day::estate(), channels: self.channels.clone() };
        Archivist::new(self.ports.clone(), settings).with_watch(self.watch.clone())
    }

    /// Ids of the recordings, ordered by name.
    pub fn ids(&self) -> Vec<String> {
        let all = ListRequest { under: None, below: None, from: None, limit: 1_000 };
        let mut entries = at_once(self.ports.catalogue.list(&all)).unwrap();
        entries.sort_by(|one, other| one.address.name.as_str().cmp(other.address.name.as_str()));
        entries.iter().map(|entry| entry.id.to_string()).collect()
    }

    /// Sets the time that storage reports.
    pub fn storage_tells(&self, time: Timestamp) {
        self.blobs.set_clock(Arc::new(Hand(std::sync::Mutex::new(time))));
    }

    pub fn is_there(&self, name: &str) -> bool {
        at_once(self.blobs.properties(&address(name))).unwrap().is_some()
    }

    /// Runs a command line that is not interactive.
    pub fn run(&self, arguments: &str) -> Ran {
        self.answering(arguments, None)
    }

    /// Runs a command line and gives `answer` to every question.
    pub fn answering(&self, arguments: &str, answer: Option<bool>) -> Ran {
        match answer {
            Some(answer) => self.asking(arguments, Some(&mut |_| answer)),
            None => self.asking(arguments, None),
        }
    }

    /// Runs a command line and has `answer` decide every question.
    pub fn asking(&self, arguments: &str, mut answer: Option<&mut dyn FnMut(&str) -> bool>) -> Ran {
        let line = CliLine::try_parse_from(words(arguments)).unwrap();
        assert!(line.command.is_work());
        let (archivist, estate) = (self.archivist(), day::estate());
        let is_interactive = answer.is_some();
        let (mut out, mut err, mut asked) = (Vec::new(), Vec::new(), Vec::new());
        let mut ask = |question: &str| {
            asked.push(format!("{question}\n"));
            Ok(answer.as_mut().is_some_and(|answer| answer(question)))
        };
        let mut context = WorkContext {
            archivist: &archivist,
            intake: &crate::replay::Words,
            dead_letters: &self.dead_letters,
            catalogue: self.ports.catalogue.as_ref(),
            estate: &estate,
            policy: Some(&self.policy),
            tiers: &[],
            by: Actor { name: "ada".to_owned(), is_verified: false },
            now: self.clock.now(),
            zone: line.tz.clone().unwrap_or(jiff::tz::TimeZone::UTC),
            terminal: Terminal { width: Some(140), ..Terminal::default() },
            live: self.live.as_deref(),
            lifecycle: self.lifecycle.as_deref(),
            input: &mut self.input.as_bytes(),
            ask: if is_interactive { Some(&mut ask) } else { None },
            out: &mut out,
            err: &mut err,
        };
        let ran = at_once(cli::run_work(&line.command, &mut context));
        let code = ran.map(cli::Exit::code).unwrap_or_else(|error| {
            err.extend_from_slice(format!("error: {error}\n").as_bytes());
            error.exit().code()
        });
        let err = asked.concat() + &String::from_utf8(err).unwrap();
        Ran { code, out: String::from_utf8(out).unwrap(), err }
    }
}

fn address(name: &str) -> BlobAddress {
    day::estate().bastions[0].recordings[0].blob(BlobName::parse(name).unwrap())
}

/// Deletes `standard` after one day and reviews `pci` after thirty, with a grace period of one day.
fn policy() -> Policy {
    let class = |name: &str, after: &str, then| Class {
        name: name.to_owned(),
        retain_for: Period::parse("P1D").unwrap(),
        delete_after: Some(Period::parse(after).unwrap()),
        then,
    };
    Policy {
        digest: PolicyDigest("sha256:desk".to_owned()),
        starts_at: StartsAt::Created,
        tolerances: Tolerances::default(),
        default_class: 0,
        classes: vec![class("standard", "P1D", Then::Delete), class("pci", "P30D", Then::Review)],
        rules: Vec::new(),
        grace: Period::parse("P1D").unwrap(),
        enforce: true,
        executor: Executor::Archivist,
        limits: Limits { max_deletes_per_run: 2, max_delete_percent: 100 },
    }
}

/// Runs a future that never waits.
pub fn at_once<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}
