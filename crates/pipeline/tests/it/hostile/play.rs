//! Plays weeks of a hostile world, tick by tick.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use domain::record::tags::NO_HOLD;
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

use crate::fewer_cases::config;
use crate::hostile::elements::Elements;
use crate::hostile::policy::HostilePolicy;
use crate::hostile::storage::MissingPart;
use crate::hostile::strategy::{HostileTick, world};
use crate::hostile::world::{HostileWorld, days};

impl HostileWorld {
    /// Plays all ticks.
    fn live(&mut self, ticks: &[HostileTick]) {
        // Builds the catalogue from the right store first.
        self.work();
        for tick in ticks {
            tick.acts.iter().for_each(|act| self.act(act));
            // Late enough for work that waits for the end of the log.
            for hours in [7, 7, i64::from(tick.days) * 24] {
                self.clock.advance(SignedDuration::from_hours(hours));
                self.work();
            }
        }
    }

    /// Runs a healthy process and the platform.
    fn work(&mut self) {
        let is_lifecycle = self.truth().said.lifecycle;
        if is_lifecycle {
            // The platform is late, so people may still place holds on due recordings.
            self.run_platform();
        }
        self.pass(&self.archivist());
        let now = self.now();
        self.truth().observe(now);
    }

    /// Releases every hold and lets time pass. Returns an error if a deletable recording is still there.
    fn end_well(&mut self) -> Result<(), String> {
        self.run_out();
        let cases: Vec<String> = self.truth().holds.keys().cloned().collect();
        cases.iter().for_each(|case| self.release(case));
        self.work();
        self.release_by_hand();
        self.run_out();
        let (entries, truth) = (self.entries(), self.truth());
        let entry = |name: &str| entries.iter().find(|entry| entry.address.name.as_str() == name);
        // The session of a recording that lasts four days may stay unlikely while no other day has one like it.
        let is_named = |name: &str| entry(name).is_some_and(|entry| entry.match_state.verdict.session().is_some());
        let late: Vec<_> = truth.must_go(is_named).collect();
        let Some((name, recording)) = late.first() else { return Ok(()) };
        let entry = entry(name);
        Err(format!("{name} should have been deleted: {recording:#?}, {entry:#?}"))
    }

    /// Sets manual hold tags back to "no hold".
    fn release_by_hand(&self) {
        let mut truth = self.truth();
        let held = truth.recordings.iter_mut().filter(|(_, one)| one.is_there && one.was_held_by_hand);
        for (name, recording) in held {
            self.set_hold_tag(name, NO_HOLD);
            recording.is_held_by_hand = false;
        }
    }

    fn run_out(&mut self) {
        for _ in 0..5 {
            self.clock.advance(days(16));
            self.work();
        }
    }
}

static DELETED: AtomicUsize = AtomicUsize::new(0);
static SAVED: AtomicUsize = AtomicUsize::new(0);

/// Plays a world and returns its violations.
pub fn play(said: &HostilePolicy, ticks: &[HostileTick], without: Option<MissingPart>) -> Vec<String> {
    let mut world = HostileWorld::new(said, without);
    world.live(ticks);
    let ended = world.end_well();
    let truth = world.truth();
    DELETED.fetch_add(truth.deleted, Ordering::Relaxed);
    SAVED.fetch_add(truth.saved, Ordering::Relaxed);
    truth.broken.iter().cloned().chain(ended.err()).collect()
}

/// A world takes as long as some cases of other tests.
const CASES_PER_WORLD: u32 = 2;
/// Number of threads; constant, so every machine plays the same worlds.
const AT_ONCE: u32 = 4;

#[test]
fn in_a_hostile_world_only_deletable_recordings_are_deleted() {
    let usual = config(CASES_PER_WORLD);
    let cases = usual.cases.div_ceil(AT_ONCE);
    thread::scope(|scope| {
        let playing = (0..AT_ONCE).map(|nth| {
            let config = ProptestConfig { cases, rng_seed: seed(usual.rng_seed, nth), ..usual.clone() };
            scope.spawn(|| worlds(config))
        });
        let playing: Vec<_> = playing.collect();
        playing.into_iter().for_each(|played| played.join().unwrap().unwrap_or_else(|failed| panic!("{failed}")));
    });
    let (deleted, saved) = (DELETED.load(Ordering::Relaxed), SAVED.load(Ordering::Relaxed));
    let cases = (cases * AT_ONCE) as usize;
    println!("{cases} hostile worlds: {deleted} deletions, recordings saved by a hold {saved} times");
    assert!(deleted >= 5 * cases, "too few deletions for a result: {deleted}");
    assert!(saved >= cases, "too few holds for a result: {saved}");
}

fn worlds(config: ProptestConfig) -> Result<(), String> {
    let played = TestRunner::new(config).run(&world(Elements::DEFENDED), |(said, ticks)| {
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
