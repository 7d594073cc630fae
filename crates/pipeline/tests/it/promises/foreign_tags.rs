//! Another writer changes the archivist's tags: the change is reported, and reverted at the first check.

use std::sync::Arc;

use domain::record::notification::Event;
use domain::record::tags::{DUE, HOLD, NO_HOLD, STATE, TagSet};
use jiff::SignedDuration;
use pipeline::testing::schedule::now;
use pipeline::testing::{Death, Gate};

use crate::promises::host::Work;
use crate::promises::outcome::{entries, tags, told};
use crate::promises::storage::address;
use crate::promises::world::World;

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A world with a recording final for days.
fn finished() -> World {
    let world = World::new();
    world.does(&Work::Event(world.write("vm-user", 9)));
    world.run_to_the_end();
    world.pass_time(DAY);
    world.does(&Work::Reconcile);
    world
}

fn write(world: &World, change: impl Fn(&mut TagSet)) {
    let mut theirs = tags(world)["vm-user"].clone();
    change(&mut theirs);
    assert!(world.blobs.set_tags(&address("vm-user"), theirs));
}

fn set(world: &World, key: &str, value: &str) {
    write(world, |tags| drop(tags.0.insert(key.to_owned(), value.to_owned())));
}

/// Severity and finding of every notification about tags.
fn findings(world: &World) -> Vec<(String, String)> {
    let all = world.receiver.accepted().into_iter().filter(|received| received.event == Event::PostureFinding);
    let fact =
        |body: &serde_json::Value, name: &str| body["data"]["facts"][name].as_str().unwrap_or_default().to_owned();
    let read = |body: String| {
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        (body["data"]["severity"].as_str().unwrap_or_default().to_owned(), fact(&body, "found"))
    };
    all.map(|received| read(received.body)).collect()
}

#[test]
fn a_foreign_due_tag_is_reverted_and_reported_as_critical() {
    let world = finished();
    let before = tags(&world);
    set(&world, STATE, DUE);
    world.pass_time(HOUR);
    world.does(&Work::Reconcile);
    world.run_until(world.now() + SignedDuration::from_mins(5));
    assert_eq!(tags(&world), before);
    assert_eq!(findings(&world), [("critical".to_owned(), "bsr-state=due, was pending".to_owned())]);
    world.pass_time(DAY);
    world.does(&Work::Reconcile);
    world.run_until(world.now() + SignedDuration::from_mins(5));
    assert_eq!(told(&world, Event::PostureFinding), 1);
    // The next look has found the tags as planned.
    assert_eq!(told(&world, Event::PostureFindingResolved), 1);
    // A repeated change is reported again.
    set(&world, STATE, DUE);
    world.pass_time(HOUR);
    world.does(&Work::Reconcile);
    world.run_until(world.now() + SignedDuration::from_mins(5));
    assert_eq!((told(&world, Event::PostureFinding), tags(&world)), (2, before));
}

#[test]
fn a_foreign_hold_tag_is_reported_once_and_kept() {
    let world = finished();
    set(&world, HOLD, "INC-4711");
    for _ in 0..3 {
        world.pass_time(DAY);
        world.does(&Work::Reconcile);
        world.run_until(world.now() + SignedDuration::from_mins(5));
    }
    assert_eq!(tags(&world)["vm-user"].hold(), Some("INC-4711"));
    assert!(entries(&world)[0].custody.is_held());
    assert_eq!(findings(&world), [("warning".to_owned(), "bsr-hold=INC-4711, was none".to_owned())]);
    assert_eq!(told(&world, Event::PostureFindingResolved), 0, "the hold still stands");
    set(&world, HOLD, NO_HOLD);
    for _ in 0..3 {
        world.pass_time(DAY);
        world.does(&Work::Reconcile);
        world.run_until(world.now() + SignedDuration::from_mins(5));
    }
    assert_eq!(told(&world, Event::PostureFindingResolved), 1);
    let key = |event| {
        let all = world.receiver.accepted();
        let body = all.iter().find(|received| received.event == event).unwrap().body.clone();
        serde_json::from_str::<serde_json::Value>(&body).unwrap()["data"]["key"].clone()
    };
    assert_eq!(key(Event::PostureFinding), key(Event::PostureFindingResolved));
}

#[test]
fn changed_tags_of_a_container_are_over_after_a_day_without_a_change() {
    let world = finished();
    write(&world, |tags| tags.0.clear());
    let mut ended_on = None;
    for day in 1..=5 {
        world.pass_time(DAY);
        world.does(&Work::Reconcile);
        now(world.archivist().posture.check_posture()).unwrap();
        world.run_until(world.now() + SignedDuration::from_mins(5));
        let ended = world.receiver.accepted().into_iter().find(|received| {
            received.event == Event::PostureFindingResolved && received.body.contains("recording.tags")
        });
        ended_on = ended_on.or(ended.map(|_| day));
    }
    assert_eq!(ended_on, Some(3), "found on the first day, unchanged on the second");
    assert_eq!(findings(&world).iter().filter(|(_, found)| found.contains("bsr-hold removed")).count(), 1);
}

#[test]
fn removing_every_tag_is_reported_once_and_reverted() {
    let world = finished();
    let before = tags(&world);
    write(&world, |tags| tags.0.clear());
    world.pass_time(DAY);
    world.does(&Work::Reconcile);
    world.run_until(world.now() + SignedDuration::from_mins(5));
    assert_eq!((tags(&world), told(&world, Event::PostureFinding)), (before, 1));
    assert!(findings(&world)[0].1.contains("bsr-hold removed, was none"));
}

#[test]
fn ten_foreign_tags_displace_the_hold_without_making_recordings_due() {
    let world = finished();
    write(&world, |tags| tags.0 = (0..10).map(|n| (format!("k{n}"), "v".to_owned())).collect());
    world.pass_time(DAY);
    world.does(&Work::Reconcile);
    world.run_until(world.now() + SignedDuration::from_mins(5));
    assert_eq!(tags(&world)["vm-user"].0.len(), 10);
    assert_eq!((tags(&world)["vm-user"].hold(), told(&world, Event::PostureFinding)), (None, 1));
    world.pass_time(DAY);
    world.does(&Work::Reconcile);
    world.run_until(world.now() + SignedDuration::from_mins(5));
    assert_eq!(told(&world, Event::PostureFinding), 1);
}

#[test]
fn a_foreign_tag_change_is_reported_once_despite_crashes() {
    for call in 1.. {
        let world = finished();
        let before = tags(&world);
        set(&world, STATE, DUE);
        world.pass_time(HOUR);
        let gate = Arc::new(Gate::deadly(Death::After(call)));
        let _ = now(world.archivist_behind(&gate).reconciliation.reconcile(&|| true));
        if gate.died_in().is_none() {
            assert!(call > 10);
            return;
        }
        for _ in 0..2 {
            world.pass_time(DAY);
            world.does(&Work::Reconcile);
            world.run_until(world.now() + SignedDuration::from_mins(5));
        }
        assert_eq!((told(&world, Event::PostureFinding), tags(&world)), (1, before), "after {call} calls");
        assert_eq!(tags(&world)["vm-user"].hold(), Some(NO_HOLD));
    }
}
