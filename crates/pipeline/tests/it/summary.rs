//! Daily counts of recordings and sessions while they change.

use std::collections::BTreeMap;
use std::sync::Arc;

use adapters_local::memory::{self, MemoryCatalogue, MemoryCheckpoints, MemorySessions};
use domain::decide::context::Rules;
use domain::record::blob::ETag;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::estate::{BastionName, Estate};
use domain::record::hold::{CarriedHold, HoldId};
use domain::record::notification::Event;
use domain::record::session::{Gap, GapCause, SessionEntry};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Catalogue, CheckpointKey, CheckpointKind, Checkpoints, Clock, SessionChange, Sessions};
use pipeline::summary::{Summarised, Summary, Trouble, bastion_days, summary};
use pipeline::testing::schedule::now;
use pipeline::testing::{Death, Gate, TestClock, sample};
use pipeline::{Archivist, ArchivistSettings, Ports};
use proptest::collection::vec;
use proptest::prelude::{any, proptest};
use proptest::{prop_assert, prop_assert_eq};
use serde_json::Value;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

struct World {
    clock: Arc<TestClock>,
    catalogue: Arc<MemoryCatalogue>,
    sessions: Arc<MemorySessions>,
    checkpoints: Arc<MemoryCheckpoints>,
}

fn today() -> Timestamp {
    "2026-06-10T12:00:00Z".parse().unwrap()
}

fn days_ago(days: i64) -> Timestamp {
    today() - SignedDuration::from_hours(24 * days)
}

impl World {
    fn empty() -> Self {
        Self {
            clock: Arc::new(TestClock::at(today())),
            catalogue: Arc::default(),
            sessions: Arc::default(),
            checkpoints: Arc::default(),
        }
    }

    fn archivist(&self, gate: &Arc<Gate>) -> Archivist {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let ports = Ports {
            catalogue: self.catalogue.clone(),
            sessions: self.sessions.clone(),
            checkpoints: self.checkpoints.clone(),
            ..memory::ports(clock)
        };
        let settings = ArchivistSettings {
            rules: Rules::default(),
            estate: Estate { bastions: Vec::new() },
            channels: BTreeMap::new(),
        };
        Archivist::new(gate.around(&ports), settings)
    }

    /// One run, an hour later.
    fn run(&self) -> Summarised {
        self.clock.advance(HOUR);
        now(self.archivist(&Arc::new(Gate::open())).summary.summarise(&|| true)).unwrap()
    }

    /// This many runs.
    fn runs(&self, runs: usize) {
        for _ in 0..runs {
            self.run();
        }
    }

    fn save(&self, entry: &Entry) {
        let loaded = now(self.catalogue.lives(&entry.address)).unwrap();
        let others = loaded.lives.entries.iter().find(|known| known.id == entry.id);
        let entry = Entry { revision: others.map_or(1, |known| known.revision + 1), ..entry.clone() };
        now(self.catalogue.save(&loaded, &[entry])).unwrap().unwrap();
    }

    fn add_session(&self, after: SessionEntry) {
        let change = SessionChange { before: SessionEntry::new(after.id.clone()), after };
        assert_eq!(now(self.sessions.save(&[change])).unwrap(), [true]);
    }

    fn summary(&self) -> Summary {
        now(summary(&*self.checkpoints, date(2025, 6, 1), date(2026, 6, 30))).unwrap()
    }
}

/// A recording of class `brief` whose last day is two days after its creation.
fn classed(name: &str, at: Timestamp) -> Entry {
    Entry { state: RecordingState::Settled, ..sample::expiring(&sample::address(name), &ETag::new("0x1"), at) }
}

fn held(entry: Entry) -> Entry {
    let held = CarriedHold {
        hold: HoldId::parse("hold_0sjsbfgbk4dn68yjsz5jgpqz3a").unwrap(),
        case: "case-1".to_owned(),
        since: today(),
        is_certain: true,
    };
    let mut entry = entry;
    entry.custody.holds = vec![held];
    entry
}

#[test]
fn the_summary_counts_recordings_and_sessions_by_day() {
    let world = World::empty();
    assert_eq!(world.summary(), Summary::default());
    world.save(&sample::entry(&sample::address("a"), days_ago(0)));
    world.save(&classed("b", days_ago(1)));
    world.save(&held(classed("c", days_ago(1))));
    world.save(&Entry { state: RecordingState::Deleted, ..classed("d", days_ago(40)) });
    let mut matched = sample::entry(&sample::address("e"), days_ago(40));
    matched.match_state.verdict = sample::matched(sample::facts("t", days_ago(40)));
    world.save(&matched);
    world.add_session(sample::ended(sample::session_id("bas", "t"), "vm", "root", days_ago(40)));
    world.run();
    let summary = world.summary();
    assert!(summary.is_whole);
    let totals = &summary.totals;
    assert_eq!((totals.recordings, totals.bytes, totals.held, totals.sessions, totals.gaps), (5, 2050, 1, 1, 0));
    assert_eq!(totals.by_state.get("deleted"), Some(&1));
    assert_eq!(totals.by_match.get("matched"), Some(&1));
    let classes: Vec<_> = totals.by_class.iter().map(|(class, lot)| (class.as_deref(), lot.count)).collect();
    assert_eq!(classes, [(None, 2), (Some("brief"), 2)]);
    let of = |day: Date| summary.days.iter().find(|row| row.date == day).unwrap();
    assert_eq!((of(date(2026, 6, 9)).recordings, of(date(2026, 6, 10)).recordings), (2, 1));
    let old = of(date(2026, 5, 1));
    assert_eq!((old.recordings, old.matched, old.sessions), (2, 1, 1));
    let [(week, lot)] = summary.expiries[..] else {
        panic!("{:?}", summary.expiries)
    };
    assert_eq!((week, lot.count), (date(2026, 6, 8), 1), "held and deleted recordings are not deleted");
}

#[test]
fn a_range_selects_days_and_keeps_the_totals() {
    let world = World::empty();
    for days in [0, 40, 80] {
        world.save(&classed(&format!("n{days}"), days_ago(days)));
    }
    world.run();
    let found = now(summary(&*world.checkpoints, date(2026, 4, 1), date(2026, 5, 1))).unwrap();
    let days: Vec<Date> = found.days.iter().map(|day| day.date).collect();
    assert_eq!((days, found.totals.recordings), (vec![date(2026, 5, 1)], 3));
}

/// Calls of a run after everything was counted; each of `days` days had `a_day` recordings.
fn calls_of_a_run(days: i64, a_day: i64) -> usize {
    let world = World::empty();
    for (day, n) in (20..20 + days).flat_map(|day| (0..a_day).map(move |n| (day, n))) {
        world.save(&sample::entry(&sample::address(&format!("{day}-{n}")), days_ago(day)));
    }
    world.runs(3);
    assert!(world.summary().is_whole);
    let gate = Arc::new(Gate::open());
    world.clock.advance(HOUR);
    now(world.archivist(&gate).summary.summarise(&|| true)).unwrap();
    gate.calls().values().sum()
}

#[test]
fn a_run_costs_the_same_however_many_days_there_are() {
    let (few, many) = (calls_of_a_run(40, 1), calls_of_a_run(400, 3));
    assert_eq!(few, many);
    assert!(many < 200, "{many}");
}

#[test]
fn an_unfinished_summary_run_is_continued_by_later_runs() {
    let world = World::empty();
    for day in 0..60 {
        world.save(&classed(&format!("n{day}"), days_ago(day)));
    }
    let first = now(world.archivist(&Arc::new(Gate::open())).summary.summarise(&|| false)).unwrap();
    assert!(first.unfinished);
    assert!(!world.summary().is_whole);
    while world.run().unfinished {}
    assert_eq!((world.summary().is_whole, world.summary().totals.recordings), (true, 60));
}

#[test]
fn a_summary_run_crashing_at_any_call_is_completed_later() {
    let filled = || {
        let world = World::empty();
        for days in [0, 1, 30, 31, 70] {
            world.save(&classed(&format!("n{days}"), days_ago(days)));
        }
        world
    };
    for number in 1.. {
        let mut lived = 0;
        for death in [Death::Before(number), Death::After(number)] {
            let (world, gate) = (filled(), Arc::new(Gate::deadly(death)));
            let ran = now(world.archivist(&gate).summary.summarise(&|| true));
            lived += usize::from(gate.died_in().is_none());
            assert!(ran.is_err() || gate.died_in().is_none() || matches!(death, Death::After(_)));
            world.runs(2);
            let summary = world.summary();
            assert_eq!((summary.totals.recordings, summary.days.len() >= 5), (5, true), "{death:?}");
        }
        if lived == 2 {
            return assert!(number > 20);
        }
    }
}

#[test]
fn every_day_was_counted_after_the_time_that_the_summary_names() {
    let world = World::empty();
    for day in 0..60 {
        world.save(&classed(&format!("n{day}"), days_ago(day)));
    }
    let mut named = Vec::new();
    for run in 0..60 {
        world.run();
        let summary = world.summary();
        let since = summary.counted_since.unwrap();
        assert!(summary.days.iter().all(|day| day.as_of >= since), "run {run}: {since}");
        named.push(since);
    }
    assert_eq!(named[0], today() + HOUR);
    assert!(named.is_sorted(), "{named:?}");
    named.dedup();
    assert!(named.len() >= 3, "it follows the rounds: {named:?}");
    assert!(named.last().is_some_and(|last| *last < world.clock.now()), "days of a round were counted at its begin");
}

#[test]
fn a_round_without_time_for_a_day_names_no_time() {
    let world = World::empty();
    for n in 0..1_500 {
        world.save(&sample::entry(&sample::address(&format!("n{n}")), days_ago(40)));
    }
    // The first question is asked before the day, the second between its reads.
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let may_go_on = || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
    now(world.archivist(&Arc::new(Gate::open())).summary.summarise(&may_go_on)).unwrap();
    world.run();
    let summary = world.summary();
    assert_eq!((summary.is_whole, summary.totals.recordings, summary.counted_since), (true, 0, None));
    world.run();
    assert_eq!(world.summary().totals.recordings, 1_500);
    assert!(world.summary().counted_since.is_some());
}

proptest! {
    #[test]
    fn the_summary_equals_a_plain_count_after_a_full_round(
        made in vec((0..90i64, 0..4usize, any::<bool>()), 0..40),
        gone in vec(any::<bool>(), 40),
    ) {
        let world = World::empty();
        let entries: Vec<Entry> = made.iter().enumerate().map(|(n, (days, state, is_held))| {
            let entry = Entry { state: RecordingState::ALL[*state], ..classed(&format!("n{n}"), days_ago(*days)) };
            if *is_held { held(entry) } else { entry }
        }).collect();
        entries.iter().for_each(|entry| world.save(entry));
        world.run();
        prop_assert_eq!(plain(&entries), counted(&world.summary()));
        let later: Vec<Entry> = entries.into_iter().zip(gone).map(|(entry, gone)| {
            if gone { Entry { state: RecordingState::Deleted, ..entry } } else { entry }
        }).collect();
        later.iter().for_each(|entry| world.save(entry));
        // A round over ninety days takes several runs, and one may be under way.
        world.runs(24);
        let summary = world.summary();
        prop_assert_eq!(plain(&later), counted(&summary));
        prop_assert_eq!(summary.days.iter().map(|day| day.recordings).sum::<u64>(), later.len() as u64);
        prop_assert!(summary.days.is_sorted_by_key(|day| day.date));
    }
}

type Counts = (u64, u64, u64, BTreeMap<String, u64>);

fn counted(summary: &Summary) -> Counts {
    let totals = &summary.totals;
    (totals.recordings, totals.bytes, totals.held, totals.by_state.clone())
}

fn plain(entries: &[Entry]) -> Counts {
    let there = || entries.iter().filter(|entry| entry.state.is_there());
    let mut by_state = BTreeMap::new();
    for entry in entries {
        *by_state.entry(entry.state.name().to_owned()).or_default() += 1;
    }
    let held = there().filter(|entry| !entry.custody.holds.is_empty()).count();
    (entries.len() as u64, there().filter_map(|entry| entry.life.size()).sum(), held as u64, by_state)
}

#[test]
fn the_outlook_counts_expiries_by_bastion_class_and_week_without_held_ones() {
    let world = World::empty();
    world.save(&classed("a", days_ago(0)));
    world.save(&classed("b", days_ago(1)));
    world.save(&held(classed("c", days_ago(0))));
    world.save(&Entry { state: RecordingState::Deleted, ..classed("d", days_ago(1)) });
    world.run();
    let outlook = world.summary().outlook.unwrap();
    let (bastion, classes) = outlook.due.first_key_value().unwrap();
    assert_eq!((outlook.due.len(), bastion.as_str()), (1, classed("a", today()).bastion.as_str()));
    assert_eq!(*classes, [("brief".to_owned(), [(date(2026, 6, 8), 2)].into())].into());
    assert_eq!(outlook.held.into_values().collect::<Vec<_>>(), [1]);
}

#[test]
fn an_undecided_recording_is_in_no_count_of_expiries() {
    let world = World::empty();
    let mut undecided = classed("a", days_ago(0));
    undecided.custody.retention.as_mut().unwrap().unknown = vec!["payment-servers".to_owned()];
    world.save(&undecided);
    world.save(&classed("b", days_ago(0)));
    world.run();
    let summary = world.summary();
    assert_eq!(summary.expiries.iter().map(|(_, lot)| lot.count).sum::<u64>(), 1);
    let due = summary.outlook.unwrap().due.into_values().flat_map(BTreeMap::into_values);
    assert_eq!(due.flat_map(BTreeMap::into_values).sum::<u64>(), 1);
}

#[test]
fn troubles_are_counted_while_they_last_and_deletions_for_thirty_days() {
    let world = World::empty();
    let deleted = |name: &str, days| {
        let mut entry = Entry { state: RecordingState::Deleted, ..sample::entry(&sample::address(name), days_ago(50)) };
        entry.custody.missing_since = Some(days_ago(days));
        entry
    };
    world.save(&deleted("recent", 10));
    world.save(&deleted("old", 40));
    let mut stale = sample::entry(&sample::address("stale"), days_ago(3));
    stale.announced.insert(Event::RecordingStale);
    world.save(&stale);
    world.save(&Entry { state: RecordingState::Missing, ..sample::entry(&sample::address("missing"), days_ago(3)) });
    let mut burst = sample::failed(sample::session_id("bas", "t"), "vm", "root", days_ago(2));
    burst.notified_bursts.insert("person".to_owned());
    world.add_session(burst);
    world.run();
    let all = [Trouble::DeletedUnexpectedly, Trouble::Missing, Trouble::Stale, Trouble::FailedLogins];
    assert_eq!(world.summary().outlook.unwrap().troubles, all.map(|trouble| (trouble, 1)));
}

/// Removes the counts that earlier releases did not write. Returns false if there were none.
fn forget_outlook(doc: &mut Value) -> bool {
    let Value::Object(map) = doc else { return false };
    let found = map.remove("outlook").is_some();
    map.values_mut().fold(found, |found, value| forget_outlook(value) || found)
}

#[test]
fn the_outlook_is_unknown_while_a_day_was_counted_by_an_earlier_release() {
    let world = World::empty();
    world.save(&classed("a", days_ago(40)));
    world.run();
    assert!(world.summary().outlook.is_some());
    let key = |name: &str| CheckpointKey { kind: CheckpointKind::Summary, name: name.to_owned() };
    for name in ["2026-05", "months", "total"] {
        let kept = now(world.checkpoints.get(&key(name))).unwrap().unwrap();
        let mut doc: Value = serde_json::from_str(&kept.doc).unwrap();
        assert!(forget_outlook(&mut doc), "{name} {doc}");
        now(world.checkpoints.save(&key(name), Some(kept.version), &doc.to_string())).unwrap().unwrap();
    }
    assert_eq!(world.summary().outlook, None);
    world.runs(2);
    assert!(world.summary().outlook.is_some());
}

#[test]
fn sessions_are_counted_by_bastion_and_day() {
    let world = World::empty();
    let gap = Gap { found_at: today(), cause: GapCause::Unknown, closed_at: None };
    let ended = |bastion: &str, tunnel: &str, days| {
        sample::ended(sample::session_id(bastion, tunnel), "vm", "root", days_ago(days))
    };
    world.add_session(ended("hub", "t1", 1));
    world.add_session(SessionEntry { gap: Some(gap), ..ended("hub", "t2", 3) });
    world.add_session(ended("spoke", "t3", 40));
    let days = || now(bastion_days(&*world.checkpoints, date(2026, 4, 1), date(2026, 6, 10))).unwrap();
    let hub = BastionName::new("hub");
    assert_eq!(days().sum(&hub, date(2026, 6, 1), date(2026, 6, 10)), None, "not counted yet");
    world.runs(2);
    let days = days();
    let sum = |bastion, first, last| {
        days.sum(bastion, first, last).map(|sum| (sum.sessions, sum.gaps, sum.coverage.percent()))
    };
    assert_eq!(sum(&hub, date(2026, 6, 1), date(2026, 6, 10)), Some((2, 1, Some(50))));
    assert_eq!(sum(&BastionName::new("spoke"), date(2026, 5, 1), date(2026, 5, 1)), Some((1, 0, Some(100))));
    assert_eq!(days.sum_of_all(date(2026, 4, 1), date(2026, 6, 10)).unwrap().sessions, 3);
}
