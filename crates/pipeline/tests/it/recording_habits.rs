//! Recording habits of each bastion, from the learned days.

use std::collections::BTreeMap;
use std::sync::Arc;

use adapters_local::memory::{self, MemoryCatalogue, MemoryCheckpoints};
use domain::decide::calibration::WayOfWriting;
use domain::decide::context::Rules;
use domain::decide::habits::Share;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::estate::{Bastion, BastionName, Estate};
use domain::record::join::{Match, MatchReasoning, UndecidedReason};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Catalogue, CheckpointKey, CheckpointKind, Checkpoints, Clock};
use pipeline::testing::schedule::now;
use pipeline::testing::{Gate, TestClock, sample};
use pipeline::{Archivist, ArchivistSettings, BastionHabits, Ports};

const HUB: &str = "bas-hub-01";

struct World {
    catalogue: Arc<MemoryCatalogue>,
    checkpoints: Arc<MemoryCheckpoints>,
    bastions: Vec<&'static str>,
}

fn today() -> Timestamp {
    "2026-03-10T12:00:00Z".parse().unwrap()
}

fn days_ago(days: i64) -> Timestamp {
    today() - SignedDuration::from_hours(24 * days)
}

/// A learned day with this many recordings in lonely pairs, each created `second` seconds after the start of its
/// session.
fn day(pairs: u32, second: i16) -> String {
    let mut alone = [(0, 0); 24];
    alone[9] = (pairs, 0);
    let counts = format!(
        r#"{{"starts":[[{second},{pairs}]],"ends":[[3,{pairs}]],"recordings":{pairs},"names":1,"sessions":{pairs},"recordings_alone":{alone:?},"sessions_alone":{alone:?}}}"#
    );
    let counts = counts.replace('(', "[").replace(')', "]");
    format!(r#"{{"schema":1,"day":{counts},"before":{{}}}}"#)
}

impl World {
    fn new(bastions: &[&'static str]) -> Self {
        Self { catalogue: Arc::default(), checkpoints: Arc::default(), bastions: bastions.to_vec() }
    }

    fn archivist(&self, gate: &Arc<Gate>) -> Archivist {
        let clock: Arc<dyn Clock> = Arc::new(TestClock::at(today()));
        let ports =
            Ports { catalogue: self.catalogue.clone(), checkpoints: self.checkpoints.clone(), ..memory::ports(clock) };
        let bastion = |name: &&str| Bastion {
            name: BastionName::new(name),
            resource_id: None,
            recordings: Vec::new(),
            audit_logs: None,
            access_expires: None,
            access_logs: None,
        };
        let estate = Estate { bastions: self.bastions.iter().map(bastion).collect() };
        let settings = ArchivistSettings { rules: Rules::default(), estate, channels: BTreeMap::new() };
        Archivist::new(gate.around(&ports), settings)
    }

    fn teach(&self, bastion: &str, days_before: i64, doc: &str) {
        let day = days_ago(days_before).to_string();
        let name = format!("{bastion} {}", &day[..10]);
        let key = CheckpointKey { kind: CheckpointKind::Calibration, name };
        now(self.checkpoints.save(&key, None, doc)).unwrap().unwrap();
    }

    fn add(&self, name: &str, days_before: i64, verdict: Match, reason: Option<UndecidedReason>) {
        let mut entry = sample::entry(&sample::address(name), days_ago(days_before));
        entry.state = RecordingState::Settled;
        entry.match_state.verdict = verdict;
        entry.match_state.judged = entry.evidence().map(|recorded| domain::record::catalogue::JudgedTimes {
            created_at: recorded.created_at,
            last_modified: recorded.last_modified,
        });
        entry.match_state.reasoning = reason.map(MatchReasoning::of_reason).unwrap_or_default();
        self.save(&entry);
    }

    fn save(&self, entry: &Entry) {
        let loaded = now(self.catalogue.lives(&entry.address)).unwrap();
        now(self.catalogue.save(&loaded, std::slice::from_ref(entry))).unwrap().unwrap();
    }

    fn count(&self) {
        now(self.archivist(&Arc::new(Gate::open())).summary.summarise(&|| true)).unwrap();
    }

    fn habits(&self) -> Vec<BastionHabits> {
        now(self.archivist(&Arc::new(Gate::open())).habits.recording_habits()).unwrap()
    }
}

#[test]
fn the_habits_of_an_unlearned_bastion_are_unknown() {
    let [habits] = &World::new(&[HUB]).habits()[..] else { panic!("one bastion") };
    assert_eq!(habits.habits, domain::decide::habits::RecordingHabits::default());
    assert_eq!((habits.since, habits.counted_at), (None, None));
}

#[test]
fn recording_habits_cover_the_last_two_weeks_of_each_bastion() {
    let world = World::new(&[HUB, "bas-dev-01"]);
    for (days, pairs) in [(0, 10), (13, 15), (14, 400), (-1, 400)] {
        world.teach(HUB, days, &day(pairs, 5));
    }
    world.teach("bas-dev-01", 2, &day(7, 5));
    world.teach("bas-of-nobody", 2, &day(7, 5));
    let [hub, dev] = &world.habits()[..] else { panic!("two bastions") };
    assert_eq!((hub.habits.recordings, hub.habits.writes), (25, WayOfWriting::Live));
    assert_eq!(hub.since, Some("2026-02-25".parse().unwrap()));
    assert_eq!((dev.habits.recordings, dev.habits.writes), (7, WayOfWriting::Unknown));
}

#[test]
fn the_newest_days_are_compared_with_those_before() {
    let world = World::new(&[HUB]);
    for (days, second) in [(0, 65), (1, 5), (2, 5)] {
        world.teach(HUB, days, &day(30, second));
    }
    assert_eq!(world.habits()[0].habits.starts.moved(), Some((5, 65)));
}

#[test]
fn a_sweep_counts_matches_with_the_reasons_of_open_ones() {
    let world = World::new(&[HUB]);
    let session = |tunnel: &str| sample::facts(tunnel, today());
    world.add("a", 0, sample::matched(session("t-1")), None);
    world.add("b", 13, Match::Unmatched { attempt: None }, None);
    let ambiguous = || sample::ambiguous(vec![session("t-2"), session("t-3")], None);
    world.add("c", 1, ambiguous(), Some(UndecidedReason::RivalSession));
    world.add("d", 2, ambiguous(), Some(UndecidedReason::NoEnd));
    world.add("e", 3, ambiguous(), Some(UndecidedReason::NoEnd));
    world.add("f", 0, Match::Pending, Some(UndecidedReason::NotRead));
    world.add("g", 14, ambiguous(), Some(UndecidedReason::NoStart));
    assert_eq!(world.habits()[0].habits.names, domain::decide::habits::NameCounts::default());
    world.count();
    world.count();
    let [hub] = &world.habits()[..] else { panic!("one bastion") };
    let names = &hub.habits.names;
    assert_eq!((names.matched, names.unmatched), (1, 1));
    assert_eq!(names.undecided, [(UndecidedReason::RivalSession, 1), (UndecidedReason::NoEnd, 2)].into());
    assert_eq!(names.pending, [(UndecidedReason::NotRead, 1)].into());
    assert_eq!((names.undecided_share(), hub.counted_at), (Share { count: 3, of: 5 }, Some(today())));
}

#[test]
fn an_old_catalogue_shows_the_habits_of_its_own_days() {
    let world = World::new(&[HUB]);
    (40..44).for_each(|days| world.teach(HUB, days, &day(30, 5)));
    assert_eq!(world.habits()[0].since, None, "no recording lately");
    world.add("vm", 40, Match::Pending, Some(UndecidedReason::NotRead));
    let hub = &world.habits()[0];
    assert_eq!((hub.habits.recordings, hub.habits.writes), (120, WayOfWriting::Live));
}

#[test]
fn reading_costs_the_days_and_not_the_catalogue() {
    let calls = |recordings: usize| {
        let world = World::new(&[HUB]);
        (0..14).for_each(|days| world.teach(HUB, days, &day(30, 5)));
        (0..recordings).for_each(|n| world.add(&format!("n{n}"), 1, Match::Pending, Some(UndecidedReason::NotRead)));
        world.count();
        let gate = Arc::new(Gate::open());
        now(world.archivist(&gate).habits.recording_habits()).unwrap();
        gate.calls().values().sum::<usize>()
    };
    assert_eq!((calls(1), calls(400)), (2, 2));
}
