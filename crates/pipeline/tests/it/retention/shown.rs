//! Data for readers: coming deletions, waiting plans and past runs.

use adapters_local::memory::{MemoryCatalogue, MemoryCheckpoints};
use domain::record::blob::ETag;
use domain::record::retention::Then;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::Catalogue;
use pipeline::query::{ComingDeletions, coming_deletions};
use pipeline::retention::{PastRun, WaitingPlan, past_runs, waiting_plans};
use pipeline::testing::sample;
use pipeline::testing::schedule::now;

use crate::retention::holds::{about_to_go, brief, hold};
use crate::retention::hurried::many_warned;
use crate::retention::truth::Held;
use crate::retention::world::{RetentionWorld, actor, days};

fn plans(world: &RetentionWorld) -> Vec<WaitingPlan> {
    let archivist = world.healthy();
    let reading = archivist.reading();
    now(waiting_plans(reading.checkpoints, reading.now)).unwrap()
}

fn runs(world: &RetentionWorld) -> Vec<PastRun> {
    now(past_runs(world.healthy().reading().checkpoints)).unwrap()
}

fn coming(world: &RetentionWorld) -> ComingDeletions {
    let archivist = world.healthy();
    let reading = archivist.reading();
    now(coming_deletions(reading.catalogue, reading.checkpoints, reading.now, 100)).unwrap()
}

#[test]
fn a_stopped_plan_waits_with_its_reason_until_it_is_approved() {
    let world = many_warned(100);
    for _ in 0..2 {
        now(world.healthy().retention.run_retention(&|| true)).unwrap();
    }
    let waiting = plans(&world);
    let [plan] = waiting.as_slice() else { panic!("{waiting:?}") };
    let reason = Some("200 deletions in one run, of 100 allowed".to_owned());
    assert_eq!((plan.kind.as_str(), plan.count, &plan.stopped), ("delete", 200, &reason));
    let stopped = runs(&world).into_iter().filter(|run| run.stopped == reason).count();
    assert_eq!(stopped, 1, "the same stop is kept once");
    now(world.healthy().approval.approve(&plan.digest, &actor())).unwrap().unwrap();
    assert_eq!(plans(&world), []);
}

#[test]
fn an_older_plan_does_not_wait_once_the_newest_is_approved() {
    let world = many_warned(100);
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    let older = plans(&world);
    world.clock.advance(SignedDuration::from_mins(5));
    now(world.healthy().hold_placing.place_hold(&hold(&world))).unwrap();
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    let newest = plans(&world);
    assert_eq!([older.len(), newest.len()], [1, 1]);
    assert_ne!(newest[0].digest, older[0].digest);
    now(world.healthy().approval.approve(&newest[0].digest, &actor())).unwrap().unwrap();
    assert_eq!(plans(&world), []);
}

#[test]
fn a_plan_waits_again_once_its_approval_has_ended_unused() {
    let world = about_to_go(Then::Review);
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    let waiting = plans(&world);
    let [plan] = waiting.as_slice() else { panic!("{waiting:?}") };
    assert_eq!(plan.kind, "review");
    now(world.healthy().approval.approve(&plan.digest, &actor())).unwrap().unwrap();
    assert_eq!(plans(&world), []);
    world.clock.advance(days(8));
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    let again: Vec<String> = plans(&world).into_iter().map(|plan| plan.digest).collect();
    assert_eq!(again, [plan.digest.as_str()]);
}

#[test]
fn a_plan_without_a_recent_run_does_not_wait() {
    let world = many_warned(100);
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    assert_eq!(plans(&world).len(), 1);
    world.clock.advance(days(1));
    assert_eq!(plans(&world), []);
}

#[test]
fn a_held_recording_is_not_listed_as_due() {
    let world = many_warned(500);
    let before = coming(&world);
    assert_eq!((before.in_grace.len(), before.due.len(), before.more_waiting), (100, 0, true));
    let archivist = world.healthy();
    now(world.hold(&archivist, "case-1", Held::Since(Timestamp::UNIX_EPOCH)));
    let after = coming(&world);
    assert_eq!((after.in_grace.len(), after.due.len()), (0, 0));
}

#[test]
fn a_large_plan_hides_no_recording_that_is_still_in_grace() {
    let catalogue = MemoryCatalogue::default();
    let hours = |hours: i64| sample::second(hours * 3600);
    let warned = |name: &str, at| sample::expiring(&sample::address(name), &ETag::new("0x1"), at);
    let plan = (0..150).map(|number| warned(&format!("a-{number}"), hours(0)));
    for entry in plan.chain([warned("late", hours(500))]) {
        let loaded = now(catalogue.lives(&entry.address)).unwrap();
        now(catalogue.save(&loaded, &[entry])).unwrap().unwrap();
    }
    let found = now(coming_deletions(&catalogue, &MemoryCheckpoints::default(), hours(560), 100)).unwrap();
    assert_eq!((found.in_grace.len(), found.more_waiting, found.more_coming), (101, true, false));
    assert!(found.in_grace.iter().any(|entry| entry.address.name.as_str() == "late"));
}

#[test]
fn an_idle_run_is_not_kept() {
    let world = RetentionWorld::new(brief(Then::Delete), None);
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    assert_eq!(runs(&world), []);
    assert!(!runs(&many_warned(500)).is_empty());
}
