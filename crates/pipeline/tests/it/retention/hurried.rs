//! Runs without enough time for all due recordings.

use std::sync::Arc;

use domain::record::catalogue::RecordingState;
use domain::record::retention::Then;
use pipeline::ports::Clock;
use pipeline::retention::RetentionRun;
use pipeline::testing::schedule::now;
use pipeline::testing::{Gate, TestClock};

use crate::retention::holds::{brief, hold};
use crate::retention::policy::Said;
use crate::retention::world::{RetentionWorld, actor, days};

/// Number of due recordings. A run without time visits 64 of them.
const MANY: usize = 200;

/// A world with many due recordings before any warning.
fn many(max_deletes: u32) -> RetentionWorld {
    let mut world = RetentionWorld::new(Said { max_deletes, ..brief(Then::Delete) }, None);
    for number in 0..MANY {
        world.record(&format!("a-{number}"), None);
    }
    for _ in 0..2 {
        world.clock.advance(days(3));
        now(world.healthy().due_work.sweep(&|| true)).unwrap();
        now(world.healthy().reconciliation.reconcile(&|| true)).unwrap();
    }
    world
}

/// Like [`many`], after all warnings and the grace period.
pub fn many_warned(max_deletes: u32) -> RetentionWorld {
    let world = many(max_deletes);
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    assert_eq!(marked(&world), MANY);
    world.observe(false);
    world.clock.advance(days(2));
    world
}

fn marked(world: &RetentionWorld) -> usize {
    world.entries().iter().filter(|entry| entry.state == RecordingState::Expiring).count()
}

/// Runs retention without time.
fn hurried(world: &RetentionWorld) -> RetentionRun {
    let gate = Arc::new(Gate::open());
    let run = now(world.archivist(&gate).retention.run_retention(&|| false)).unwrap();
    assert!(gate.calls()["catalogue.lives_of"] < MANY, "it checks more entries than its time allows");
    run
}

/// Runs until a run reaches the end of the due recordings. Returns that run and the number of runs before it.
fn hurried_to_the_end(world: &RetentionWorld) -> (RetentionRun, usize) {
    let mut runs = (0..10).map(|nth| (hurried(world), nth));
    runs.find(|(run, _)| run.planned.delete.count > 0 && !run.unfinished || run.aborted.is_some()).unwrap()
}

#[test]
fn a_large_warning_is_spread_over_several_runs() {
    let world = many(500);
    let mut runs = Vec::new();
    while marked(&world) < MANY {
        hurried(&world);
        runs.push(marked(&world));
        assert!(runs.len() < 10, "it does not end: {runs:?}");
    }
    assert!(runs.len() > 1 && runs[0] < MANY, "{runs:?}");
    assert_eq!(world.truth().broken, Vec::<String>::new());
}

#[test]
fn a_clock_failing_during_a_run_stops_the_marking() {
    let world = many(500);
    world.blobs.set_clock(Arc::new(TestClock::at(world.clock.now())));
    let wrong = world.clock.now() + days(366);
    let goes_wrong = || {
        if marked(&world) > 0 {
            world.clock.set(wrong);
        }
        true
    };
    let run = now(world.healthy().retention.run_retention(&goes_wrong)).unwrap();
    assert!(marked(&world) < MANY, "one run checks all of them");
    assert_eq!((run.marked, run.failed), (marked(&world) as u64, (MANY - marked(&world)) as u64));
}

#[test]
fn an_uncounted_plan_deletes_no_recording_and_resumes_later() {
    let world = many_warned(500);
    let run = hurried(&world);
    assert_eq!((run.unfinished, run.ordered, marked(&world)), (true, 0, MANY));
    let run = now(world.healthy().retention.run_retention(&|| true)).unwrap();
    assert_eq!((run.unfinished, run.ordered), (false, MANY as u64));
    assert_eq!(world.truth().broken, Vec::<String>::new());
}

#[test]
fn a_plan_counted_over_several_runs_is_limited_and_approved() {
    let world = many_warned(100);
    let whole = now(world.healthy().retention_plans.plan(world.clock.now())).unwrap().delete;
    let (run, before) = hurried_to_the_end(&world);
    assert!(before >= 3, "one run checked more than a page");
    assert_eq!((run.planned.delete.count, &run.planned.delete.digest), (MANY as u64, &whole.digest));
    assert!(run.aborted.is_some() && run.ordered == 0);
    let allowed = now(world.healthy().approval.approve(&whole.digest, &actor())).unwrap().unwrap();
    assert_eq!(allowed.recordings, MANY as u64);
}

#[test]
fn an_approval_expiring_during_the_count_deletes_no_recording() {
    let world = many_warned(1);
    hurried(&world);
    let whole = now(world.healthy().retention_plans.plan(world.clock.now())).unwrap().delete;
    now(world.healthy().approval.approve(&whole.digest, &actor())).unwrap().unwrap();
    world.clock.advance(days(10));
    let run = now(world.healthy().retention.run_retention(&|| true)).unwrap();
    assert_eq!((run.ordered, run.planned.delete.count), (0, MANY as u64));
    assert_eq!(world.truth().broken, Vec::<String>::new());
}

#[test]
fn a_recording_due_during_the_count_waits_for_the_next_plan() {
    let mut world = many_warned(100);
    hurried(&world);
    world.record("late", None);
    world.clock.advance(days(1));
    let (run, _) = hurried_to_the_end(&world);
    assert_eq!(run.planned.delete.count, MANY as u64);
}

#[test]
fn a_plan_is_recounted_after_a_hold() {
    let world = many_warned(100);
    hurried(&world);
    now(world.healthy().hold_placing.place_hold(&hold(&world))).unwrap();
    let (run, before) = hurried_to_the_end(&world);
    assert!(before >= 3, "it continued with counts made without the hold");
    let whole = now(world.healthy().retention_plans.plan(world.clock.now())).unwrap().delete;
    assert_eq!((run.planned.delete.count, run.planned.delete.digest), (whole.count, whole.digest));
}
