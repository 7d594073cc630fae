//! Ten years, tick by tick.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use domain::record::blob::Happening;
use domain::record::catalogue::{Entry, RecordingState};
use pipeline::ledger::{VerificationStep, Verify};
use pipeline::ports::{Clock, Ledger};
use pipeline::retention::RetentionRun;
use pipeline::testing::Gate;
use pipeline::testing::schedule::{Task, Turns, interleaved, now};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

use crate::fewer_cases::config;
use crate::retention::policy::Said;
use crate::retention::storage::Without;
use crate::retention::ticks::{Happens, Kind, Runs, Tick, decade};
use crate::retention::truth::Held;
use crate::retention::world::{RetentionWorld, actor, address, days};

impl RetentionWorld {
    /// Plays all ticks.
    pub fn live(&mut self, ticks: &[Tick]) {
        for tick in ticks {
            self.clock.advance(days(tick.days));
            for happens in &tick.happens {
                self.happen(happens);
            }
            self.settle();
            let is_whole = self.run(&tick.runs);
            self.settle();
            self.observe(is_whole);
        }
    }

    /// Asserts that the ledger is sound. A break is permanent, so one check at the end suffices.
    fn verify(&self) {
        let verify = Verify { ledger: &*self.ledger, recordings: None, from_start: true, head: None };
        let mut found = Vec::new();
        let verified = now(verify.run(&mut |step| {
            if let VerificationStep::Found(finding) = step {
                found.push(format!("the ledger: {finding:?}"));
            }
        }));
        verified.unwrap();
        self.truth().broken.append(&mut found);
    }

    /// Lines of the ledger about deletions.
    fn told(&self) -> Vec<String> {
        let segments = now(self.ledger.segments()).unwrap();
        let read = |segment| now(self.ledger.read(segment, 0, usize::MAX)).unwrap().unwrap();
        let text: String = segments.into_iter().map(|segment| String::from_utf8(read(segment)).unwrap()).collect();
        text.lines().filter(|line| line.contains("recording.deleted")).map(str::to_owned).collect()
    }

    /// Runs all work except retention.
    fn settle(&self) {
        self.truth().in_these_runs = 0;
        for _ in 0..3 {
            now(self.healthy().due_work.sweep(&|| true)).unwrap();
        }
        now(self.healthy().reconciliation.reconcile(&|| true)).unwrap();
        // The present policy applies to recordings that become final.
        self.catalogue.look(|entries| {
            let mut truth = self.truth();
            let finals = entries.values().filter(|entry| entry.final_at.is_some() && entry.state.is_there());
            finals.for_each(|entry| truth.promise(entry.address.name.as_str(), false));
        });
    }

    fn pick(&self, which: usize) -> Option<String> {
        let truth = self.truth();
        let there: Vec<&String> =
            truth.recordings.iter().filter(|(_, recording)| recording.is_there).map(|(name, _)| name).collect();
        there.get(which % there.len().max(1)).map(|name| (*name).clone())
    }

    /// An expiring recording, if there is one.
    fn pick_outgoing(&self, which: usize) -> Option<String> {
        self.catalogue.look(|entries| {
            let outgoing: Vec<_> =
                entries.values().rev().filter(|entry| entry.state == RecordingState::Expiring).collect();
            outgoing.get(which % outgoing.len().max(1)).map(|entry| entry.address.name.as_str().to_owned())
        })
    }

    fn happen(&mut self, happens: &Happens) {
        match happens {
            Happens::Record(letter, person) => {
                let name = format!("{letter}-{}", self.truth().recordings.len());
                self.record(&name, *person);
            }
            Happens::Policy(said) => self.truth().said = said.clone(),
            Happens::Hold(case, kind) => {
                let held = match kind {
                    Kind::Recording(which) => self.pick(*which).map(Held::Name),
                    Kind::Person(person) => Some(Held::Person(person)),
                    Kind::News => Some(Held::Since(self.clock.now())),
                };
                if let Some(held) = held.filter(|_| !self.truth().holds.contains_key(&format!("case {case}"))) {
                    now(self.hold(&self.healthy(), &format!("case {case}"), held));
                }
            }
            Happens::Release(case) => {
                let case = format!("case {case}");
                now(self.healthy().hold_release.release_holds(&case, &actor())).unwrap();
                self.truth().holds.remove(&case);
            }
            Happens::Rewrite(which) => {
                if let Some(name) = self.pick(*which) {
                    let etag = self.rewrite(&name);
                    self.hear(&name, Happening::Written { etag: Some(etag), size: 2_000 });
                }
            }
            Happens::Remove(which, heard) => {
                if let Some(name) = self.pick(*which) {
                    self.blobs.remove(&address(&name));
                    self.truth().recordings.get_mut(&name).unwrap().is_there = false;
                    if *heard {
                        self.hear(&name, Happening::deleted());
                    }
                }
            }
            Happens::Approve => self.approve(),
            Happens::Review(which, outcome) => {
                if let Some(name) = self.pick(*which) {
                    self.review(&name, *outcome);
                }
            }
            Happens::View(which, person) => {
                if let Some(name) = self.pick(*which) {
                    self.view(&name, person);
                }
            }
            Happens::Export => self.export(),
        }
    }

    /// Rewrites a recording, as another party.
    fn rewrite(&self, name: &str) -> domain::record::blob::ETag {
        let at = self.clock.now();
        let etag = self.blobs.put(&address(name), 2_000, at);
        let mut truth = self.truth();
        let recording = truth.recordings.get_mut(name).unwrap();
        recording.etag = etag.as_str().to_owned();
        recording.written_at = at;
        etag
    }

    /// Approves every pending plan.
    pub fn approve(&self) {
        let archivist = self.healthy();
        let planned = now(archivist.retention_plans.plan(self.clock.now())).unwrap();
        // A separate run: earlier deletions do not count against its limit.
        self.truth().in_these_runs = 0;
        now(archivist.retention.run_retention(&|| false)).unwrap();
        for plan in [&planned.delete, &planned.review] {
            let approved = now(archivist.approval.approve(&plan.digest, &actor())).unwrap();
            if approved.is_err() {
                continue;
            }
            let until = self.clock.now() + days(7);
            for entry in self.entries() {
                let approval = entry.custody.disposal.as_ref().and_then(|disposal| disposal.approval.as_ref());
                if approval.is_some_and(|approval| approval.plan == plan.digest) {
                    let mut truth = self.truth();
                    let recording = truth.recordings.get_mut(entry.address.name.as_str()).unwrap();
                    recording.approved_until = Some(until);
                }
            }
        }
    }

    /// Runs retention; returns true if a run completed.
    fn run(&self, runs: &Runs) -> bool {
        (self.truth().in_these_runs, self.truth().runs) = (0, 1);
        match runs {
            Runs::Healthy => return is_whole(&self.retain()),
            Runs::Dies(death) => {
                // A dead process reports nothing.
                let archivist = self.archivist(&Arc::new(Gate::deadly(*death)));
                return now(archivist.retention.run_retention(&|| true)).is_ok_and(|run| is_whole(&run));
            }
            Runs::Twice(turns) => {
                self.truth().runs = 2;
                let both = (0..2).map(|_| self.yielding_run()).collect();
                interleaved(both, turns).into_iter().for_each(|run| run.unwrap());
            }
            Runs::BesideHold(case, which, at) => {
                let case = format!("beside {case}");
                let name = self.pick_outgoing(*which).filter(|_| !self.truth().holds.contains_key(&case));
                let Some(name) = name else { return is_whole(&self.retain()) };
                let placing: Task<'_, _> = Box::pin(async move {
                    let archivist = self.archivist(&Arc::new(Gate::open().yielding()));
                    self.hold(&archivist, &case, Held::Name(name)).await;
                    Ok(())
                });
                let both = vec![self.yielding_run(), placing];
                interleaved(both, &comes_in_after(*at)).into_iter().for_each(|run| run.unwrap());
            }
            Runs::BesideWriter(which, at) => {
                let Some(name) = self.pick_outgoing(*which) else {
                    return is_whole(&self.retain());
                };
                let writing: Task<'_, _> = Box::pin(async move {
                    if self.truth().recordings[&name].is_there {
                        self.rewrite(&name);
                    }
                    Ok(())
                });
                let both = vec![self.yielding_run(), writing];
                interleaved(both, &comes_in_after(*at)).into_iter().for_each(|run| run.unwrap());
            }
        }
        false
    }

    fn yielding_run(&self) -> Task<'_, Result<(), pipeline::ports::Fault>> {
        Box::pin(async move {
            self.archivist(&Arc::new(Gate::open().yielding())).retention.run_retention(&|| true).await.map(drop)
        })
    }

    fn retain(&self) -> RetentionRun {
        now(self.healthy().retention.run_retention(&|| true)).unwrap()
    }

    /// With enforcement, without limit and with enough time: every deletable recording is gone, and no other.
    pub fn end_well(&mut self) -> Result<(), String> {
        let said = self.truth().said.clone();
        self.truth().said = Said { enforce: true, max_deletes: 100_000, ..said };
        let begun = self.clock.now();
        for _ in 0..3 {
            self.clock.advance(days(11));
            self.settle();
            let is_whole = self.run(&Runs::Healthy);
            self.settle();
            self.observe(is_whole);
        }
        self.approve();
        self.run(&Runs::Healthy);
        self.settle();
        self.verify();
        self.evidence_is_true()?;
        self.export();
        let told = self.told();
        let (entries, truth) = (self.entries(), self.truth());
        let is_told = |entry: &Entry| told.iter().any(|line| line.contains(&entry.id.to_string()));
        if let Some(entry) = entries.iter().find(|entry| entry.custody.tombstone.is_some() && !is_told(entry)) {
            return Err(format!("the ledger lacks the deletion of {}: {entry:#?}", entry.address));
        }
        if let Some(late) = truth.recordings.keys().find(|name| truth.must_go(name, begun)) {
            let entry = entries.iter().find(|entry| entry.address.name.as_str() == late);
            return Err(format!("{late} should have been deleted: {:?}, {entry:#?}", truth.recordings[late]));
        }
        for entry in entries.iter().filter(|entry| entry.custody.tombstone.is_some()) {
            let tombstone = entry.custody.tombstone.as_ref().unwrap();
            let explains =
                entry.state == RecordingState::Deleted && tombstone.delete_after >= Some(tombstone.retain_until);
            if !explains || tombstone.class.is_empty() {
                return Err(format!("{} does not explain itself: {tombstone:?}", entry.address));
            }
        }
        Ok(())
    }
}

fn is_whole(run: &RetentionRun) -> bool {
    run.failed == 0 && !run.unfinished
}

/// Polls the first task for this many calls, then completes the second, then the first.
fn comes_in_after(calls: usize) -> Turns {
    Turns(std::iter::repeat_n(0, calls).chain(std::iter::repeat_n(1, 10_000)).collect())
}

static DELETED: AtomicUsize = AtomicUsize::new(0);
static SAVED: AtomicUsize = AtomicUsize::new(0);
static REVIEWS: AtomicUsize = AtomicUsize::new(0);
static VIEWS: AtomicUsize = AtomicUsize::new(0);

/// Plays a decade and returns its violations.
pub fn play(said: &Said, ticks: &[Tick], without: Option<Without>) -> Vec<String> {
    let mut world = RetentionWorld::new(said.clone(), without);
    world.live(ticks);
    let ended = world.end_well();
    let truth = world.truth();
    DELETED.fetch_add(truth.deleted, Ordering::Relaxed);
    SAVED.fetch_add(truth.saved.len(), Ordering::Relaxed);
    REVIEWS.fetch_add(truth.evidence.reviews.values().sum(), Ordering::Relaxed);
    VIEWS.fetch_add(truth.evidence.views.len(), Ordering::Relaxed);
    truth.broken.iter().cloned().chain(ended.err()).collect()
}

/// A decade takes as long as some cases of other tests.
const CASES_PER_DECADE: u32 = 3;
/// Number of threads; constant, so every machine plays the same decades.
const AT_ONCE: u32 = 4;

#[test]
fn in_ten_years_only_deletable_recordings_are_deleted() {
    let usual = config(CASES_PER_DECADE);
    let cases = usual.cases.div_ceil(AT_ONCE);
    thread::scope(|scope| {
        let playing = (0..AT_ONCE).map(|nth| {
            let config = ProptestConfig { cases, rng_seed: seed(usual.rng_seed, nth), ..usual.clone() };
            scope.spawn(|| decades(config))
        });
        let playing: Vec<_> = playing.collect();
        playing.into_iter().for_each(|played| played.join().unwrap().unwrap_or_else(|failed| panic!("{failed}")));
    });
    let (deleted, saved) = (DELETED.load(Ordering::Relaxed), SAVED.load(Ordering::Relaxed));
    let cases = cases * AT_ONCE;
    println!("{cases} decades: {deleted} deletions, {saved} recordings saved by a hold");
    assert!(deleted >= 20 * cases as usize, "too few deletions for a result: {deleted}");
    assert!(saved >= 2 * cases as usize, "too few holds for a result: {saved}");
    let (reviews, views) = (REVIEWS.load(Ordering::Relaxed), VIEWS.load(Ordering::Relaxed));
    assert!(
        reviews >= 2 * cases as usize && views >= 2 * cases as usize,
        "too few: {reviews} reviews, {views} viewings"
    );
}

fn decades(config: ProptestConfig) -> Result<(), String> {
    let played = TestRunner::new(config).run(&decade(), |(said, ticks)| {
        let broken = play(&said, &ticks, None);
        prop_assert!(broken.is_empty(), "{broken:#?}");
        Ok(())
    });
    played.map_err(|failed| failed.to_string())
}

/// Seed of one thread, so each plays other cases.
fn seed(usual: RngSeed, nth: u32) -> RngSeed {
    match usual {
        RngSeed::Fixed(seed) => RngSeed::Fixed(seed.wrapping_add(nth.into())),
        RngSeed::Random => RngSeed::Random,
    }
}
