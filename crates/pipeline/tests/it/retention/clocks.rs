//! A process with a wrong clock deletes nothing early, and its marks are reverted once the clock is right.

use std::sync::Arc;

use domain::record::catalogue::RecordingState;
use domain::record::retention::Then;
use jiff::SignedDuration;
use pipeline::ports::{Clock, FaultKind, Ledger};
use pipeline::testing::schedule::now;
use pipeline::testing::{Gate, TestClock};

use crate::retention::holds::about_to_go;
use crate::retention::policy::Said;
use crate::retention::storage::Without;
use crate::retention::world::{RetentionWorld, actor, days};

const NAME: &str = "vm-user";
const YEAR: SignedDuration = SignedDuration::from_hours(366 * 24);

/// A recording two days old with a retention of a year.
fn kept() -> RetentionWorld {
    let said = Said {
        classes: vec![(365, 365, Then::Delete), (365, 365, Then::Delete), (365, 365, Then::Delete)],
        rules: Vec::new(),
        grace: 7,
        enforce: true,
        max_deletes: 5,
    };
    let mut world = RetentionWorld::new(said, None);
    world.record(NAME, None);
    world.clock.advance(days(1));
    work(&world);
    world.clock.advance(days(1));
    work(&world);
    assert_eq!(world.entries()[0].state, RecordingState::Settled);
    world
}

/// Runs every pass except the retention run.
fn work(world: &RetentionWorld) {
    for _ in 0..2 {
        now(world.healthy().due_work.sweep(&|| true)).unwrap();
        now(world.healthy().reconciliation.reconcile(&|| true)).unwrap();
    }
}

fn runs(world: &RetentionWorld) -> bool {
    now(world.healthy().retention.run_retention(&|| true)).is_ok()
}

/// Text of the whole ledger.
fn ledger(world: &RetentionWorld) -> String {
    let segments = now(world.ledger.segments()).unwrap();
    let bytes =
        segments.into_iter().flat_map(|segment| now(world.ledger.read(segment, 0, usize::MAX)).unwrap().unwrap());
    String::from_utf8(bytes.collect()).unwrap()
}

fn off(world: &RetentionWorld, by: SignedDuration, does: impl Fn()) {
    let right = world.clock.now();
    world.clock.set(right + by);
    does();
    world.clock.set(right);
}

fn state(world: &RetentionWorld) -> RecordingState {
    world.entries()[0].state
}

#[test]
fn a_wrong_clock_contradicted_by_storage_marks_and_deletes_no_recording() {
    for by in [YEAR, -YEAR, SignedDuration::from_mins(6)] {
        let world = kept();
        let storage = Arc::new(TestClock::at(world.clock.now()));
        world.blobs.set_clock(storage.clone());
        off(&world, by, || assert!(!runs(&world), "{by:#}"));
        off(&world, by + days(9), || assert!(!runs(&world), "{by:#}"));
        assert_eq!(state(&world), RecordingState::Settled, "{by:#}");
        assert!(runs(&world), "the clock is right again");
    }
}

#[test]
fn a_run_without_storage_time_is_refused() {
    let mut world = kept();
    world.clock.advance(YEAR);
    world.without = Some(Without::Date);
    assert!(!runs(&world), "the run is refused");
    assert_eq!(state(&world), RecordingState::Settled);
    world.without = None;
    assert!(runs(&world));
    assert_eq!(state(&world), RecordingState::Expiring);
    world.clock.advance(days(9));
    world.without = Some(Without::Date);
    assert!(!runs(&world), "the run is refused");
    assert_eq!(state(&world), RecordingState::Expiring);
}

#[test]
fn a_deletion_ordered_by_a_right_clock_resists_a_wrong_one() {
    let world = kept();
    let storage = Arc::new(TestClock::at(world.clock.now()));
    world.blobs.set_clock(storage.clone());
    let pass = |by| {
        world.clock.advance(by);
        storage.advance(by);
    };
    pass(YEAR);
    work(&world);
    assert!(runs(&world));
    assert_eq!(state(&world), RecordingState::Expiring);
    off(&world, days(8), || assert!(!runs(&world), "the grace is not over by storage's time"));
    assert_eq!(state(&world), RecordingState::Expiring);
    pass(days(8));
    work(&world);
    assert!(runs(&world));
    assert_eq!(state(&world), RecordingState::Deleted);
}

#[test]
fn an_approval_under_a_wrong_clock_is_refused_without_a_fact() {
    let world = about_to_go(Then::Review);
    let digest = now(world.healthy().retention_plans.plan(world.clock.now())).unwrap().review.digest;
    world.blobs.set_clock(Arc::new(TestClock::at(world.clock.now())));
    off(&world, YEAR, || assert!(now(world.healthy().approval.approve(&digest, &actor())).is_err()));
    now(world.healthy().due_work.sweep(&|| true)).unwrap();
    assert!(!ledger(&world).contains("retention.approved"));
    now(world.healthy().approval.approve(&digest, &actor())).unwrap().unwrap();
    now(world.healthy().due_work.sweep(&|| true)).unwrap();
    assert!(ledger(&world).contains("retention.approved"));
}

#[test]
fn a_retried_deletion_waits_for_the_right_clock() {
    let world = about_to_go(Then::Delete);
    let storage = Arc::new(TestClock::at(world.clock.now()));
    world.blobs.set_clock(storage.clone());
    let gate = Arc::new(Gate::open());
    gate.fail("blobs.delete", FaultKind::Transient { retry_after: None });
    now(world.archivist(&gate).retention.run_retention(&|| true)).unwrap();
    assert!(world.entries()[0].custody.disposal.is_some(), "it is ordered");
    world.clock.advance(days(1));
    storage.advance(days(1));
    off(&world, YEAR, || drop(now(world.healthy().due_work.sweep(&|| true))));
    assert_eq!(state(&world), RecordingState::Expiring);
    world.clock.advance(days(1));
    storage.advance(days(1));
    now(world.healthy().due_work.sweep(&|| true)).unwrap();
    assert_eq!(state(&world), RecordingState::Deleted);
}

#[test]
fn without_storage_time_a_premature_warning_is_withdrawn_later() {
    let world = kept();
    off(&world, YEAR, || assert!(runs(&world)));
    assert_eq!(state(&world), RecordingState::Expiring);
    assert!(runs(&world));
    world.clock.advance(days(1));
    work(&world);
    assert_eq!((state(&world), world.entries()[0].custody.disposal.is_none()), (RecordingState::Settled, true));
    assert!(runs(&world));
    assert_eq!(state(&world), RecordingState::Settled);
    world.clock.advance(YEAR);
    assert!(runs(&world));
    assert_eq!(state(&world), RecordingState::Expiring, "warned of anew at its time");
    world.clock.advance(days(6));
    work(&world);
    assert!(runs(&world));
    assert_eq!(state(&world), RecordingState::Expiring, "with the whole grace");
    world.clock.advance(days(2));
    work(&world);
    assert!(runs(&world));
    assert_eq!(state(&world), RecordingState::Deleted);
}

#[test]
fn a_process_with_a_fast_clock_deletes_no_recording_early() {
    let world = kept();
    for _ in 0..12 {
        off(&world, YEAR, || {
            work(&world);
            assert!(runs(&world));
        });
        work(&world);
        assert!(runs(&world));
        assert_eq!(state(&world), RecordingState::Settled);
        world.clock.advance(days(1));
    }
}
