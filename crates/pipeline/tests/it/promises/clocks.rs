//! One process has a wrong clock, ahead or behind. Once the clock is right, the state equals that of a run with the
//! right clock.

use std::sync::Arc;

use domain::record::notification::Event;
use jiff::SignedDuration;
use pipeline::testing::TestClock;
use pipeline::testing::schedule::now;

use crate::promises::broken_ledger::{a_day_passes, change, three_months};
use crate::promises::host::Work;
use crate::promises::outcome::{catalogue, entries, sessions, tags, told};
use crate::promises::visits::Visit;
use crate::promises::world::World;

const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);
const NAME: &str = "vm-user";

/// Runs work while the clock is off, then sets it right.
fn with_clock_off(world: &World, by: SignedDuration, does: impl Fn(&World)) {
    let right = world.now();
    world.clock.set(right + by);
    does(world);
    world.clock.set(right);
}

/// Runs every pass of a process.
fn passes(world: &World) {
    for work in [Work::Tail, Work::Reconcile, Work::Sweep] {
        world.does(&work);
    }
    world.deliver_all();
}

fn later(world: &World, minutes: i64) {
    world.run_until(world.now() + SignedDuration::from_mins(minutes));
}

/// A recorded session with two audit records. `between` runs at every point at which another process may interfere.
fn story(between: impl Fn(&World)) -> World {
    let world = World::with_log();
    let visit = Visit::new("a", world.now(), 10);
    world.does(&world.tells(&visit.begun()));
    between(&world);
    world.pass_time(SignedDuration::from_mins(11));
    let recorded = Work::Event(world.record(NAME, visit.start, visit.end));
    between(&world);
    world.does(&recorded);
    between(&world);
    later(&world, 10);
    between(&world);
    world.does(&world.tells(&visit.over()));
    between(&world);
    world.run_to_the_end();
    world
}

#[test]
fn a_catalogue_recovers_from_a_wrong_clock() {
    let right = story(|_| {});
    for by in [YEAR, -YEAR] {
        let wrong = story(|world| with_clock_off(world, by, passes));
        assert_eq!(catalogue(&wrong), catalogue(&right), "{by:#}");
        assert_eq!(tags(&wrong), tags(&right), "{by:#}");
        assert_eq!(sessions(&wrong), sessions(&right), "{by:#}");
        let is_still = |world: &World| entries(world).iter().all(|entry| entry.due_at().is_none());
        assert!(is_still(&right) && is_still(&wrong), "{by:#}");
    }
}

#[test]
fn an_event_received_under_a_wrong_clock_is_processed_after_correction() {
    for by in [YEAR, -YEAR] {
        let tells = |off: SignedDuration| {
            let world = World::with_log();
            let visit = Visit::new("a", world.now(), 10);
            world.pass_time(SignedDuration::from_mins(11));
            let recorded = Work::Event(world.record(NAME, visit.start, visit.end));
            let told = world.tells(&[visit.begun(), visit.over()].concat());
            with_clock_off(&world, off, |world| {
                world.does(&recorded);
                world.does(&told);
            });
            world.run_to_the_end();
            world
        };
        let (wrong, right) = (tells(by), tells(SignedDuration::ZERO));
        assert_eq!((catalogue(&wrong), tags(&wrong)), (catalogue(&right), tags(&right)), "{by:#}");
    }
}

#[test]
fn a_future_watermark_causes_no_early_match() {
    let world = World::with_log();
    let visit = Visit::new("a", world.now(), 10);
    world.does(&world.tells(&visit.begun()));
    with_clock_off(&world, YEAR, |world| world.does(&Work::Tail));
    world.pass_time(SignedDuration::from_mins(11));
    world.does(&Work::Event(world.record(NAME, visit.start, visit.end)));
    world.does(&Work::Reconcile);
    for _ in 0..30 {
        world.pass_time(SignedDuration::from_mins(1));
        world.does(&Work::Sweep);
    }
    assert_eq!(entries(&world)[0].match_state.verdict.name(), "pending");
}

#[test]
fn a_future_listing_does_not_hide_a_lost_event() {
    for by in [YEAR, -YEAR] {
        let world = World::new();
        world.does(&Work::Reconcile);
        with_clock_off(&world, by, |world| world.does(&Work::Reconcile));
        drop(world.write(NAME, 9));
        world.pass_time(SignedDuration::from_hours(2));
        world.does(&Work::Reconcile);
        assert_eq!(entries(&world).len(), 1, "{by:#}");
    }
}

#[test]
fn a_future_watermark_does_not_hide_an_unannounced_log() {
    let world = World::with_log();
    world.does(&world.tells(&Visit::new("a", world.now(), 10).begun()));
    with_clock_off(&world, YEAR, |world| world.does(&Work::Tail));
    drop(world.tells(&Visit::new("b", world.now(), 10).begun()));
    world.pass_time(SignedDuration::from_hours(72));
    world.does(&Work::Tail);
    assert_eq!(sessions(&world).len(), 2);
}

#[test]
fn a_future_round_does_not_delay_the_ledger_verification() {
    let world = three_months();
    with_clock_off(&world, YEAR, |world| world.does(&Work::Reconcile));
    change(&world, 2, "hold 4");
    a_day_passes(&world);
    assert_eq!(told(&world, Event::LedgerBroken), 1);
}

#[test]
fn a_future_round_does_not_delay_missing_recordings() {
    let world = World::new();
    world.does(&Work::Event(world.write(NAME, 9)));
    world.run_to_the_end();
    with_clock_off(&world, YEAR, |world| world.does(&Work::Reconcile));
    world.blobs.remove(&crate::promises::storage::address(NAME));
    world.pass_time(SignedDuration::from_hours(24));
    world.does(&Work::Reconcile);
    assert_eq!(entries(&world)[0].state, domain::record::catalogue::RecordingState::Missing);
}

#[test]
fn a_future_ledger_line_does_not_date_later_lines() {
    let world = World::new();
    with_clock_off(&world, YEAR, |world| crate::promises::broken_ledger::add(world, 0..1));
    crate::promises::broken_ledger::add(&world, 1..2);
    let segment = crate::promises::broken_ledger::segment(1);
    let bytes = now(pipeline::ports::Ledger::read(&*world.ledger, segment, 0, usize::MAX)).unwrap().unwrap();
    let last = bytes.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty()).unwrap();
    assert!(domain::record::ledger::LedgerLine::parse(last).unwrap().at <= world.now());
}

#[test]
fn a_clock_that_contradicts_storage_is_reported_once_without_effect() {
    for by in [YEAR, -YEAR] {
        let world = World::with_log();
        let storage = Arc::new(TestClock::at(world.now()));
        world.blobs.set_clock(storage.clone());
        with_clock_off(&world, by, |world| {
            passes(world);
            for _ in 0..2 {
                let refused = now(world.archivist().retention.run_retention(&|| true)).unwrap_err();
                assert!(refused.to_string().contains("off the clock of storage"), "{refused}");
                world.deliver_all();
            }
        });
        assert_eq!(told(&world, Event::PostureFinding), 1, "{by:#}");
        let bastion = &world.estate.bastions[0].name;
        let watermark = now(world.archivist().watermarks.watermark(bastion)).unwrap().unwrap();
        assert_eq!(watermark.read_to, Some(world.now()), "by storage's time: {by:#}");
        now(world.archivist().retention.run_retention(&|| true)).unwrap();
    }
}
