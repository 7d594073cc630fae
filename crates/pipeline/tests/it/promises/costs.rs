//! The cost of an event, a record and a match depends on nearby entries, not on the size of the catalogue.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use pipeline::testing::Gate;

use crate::promises::host::{Work, perform};
use crate::promises::outcome::entries;
use crate::promises::visits::Visit;
use crate::promises::world::World;
use pipeline::testing::schedule::now;

/// Length of each recording.
const LENGTH: SignedDuration = SignedDuration::from_mins(10);

type Calls = BTreeMap<&'static str, usize>;

/// Creates a world with this many recordings on other machines at the same time, each matched with its session.
fn crowded(others: usize) -> World {
    let world = World::with_log();
    let visits: Vec<Visit> = (0..others)
        .map(|n| Visit { machine: format!("host{n}"), ..Visit::new(&format!("o{n}"), world.now(), 10) })
        .collect();
    world.pass_time(SignedDuration::from_mins(20));
    for visit in &visits {
        let name = format!("{}-{}", visit.machine, visit.account);
        world.does(&Work::Event(world.record(&name, visit.start, visit.end)));
    }
    world.does(&world.tells(&visits.iter().map(Visit::over).collect::<String>()));
    world.run_until(world.now() + SignedDuration::from_mins(5));
    assert!(entries(&world).iter().all(|entry| entry.match_state.verdict.name() == "matched"));
    world
}

fn calls(world: &World, work: &Work) -> Calls {
    let gate = Arc::new(Gate::open());
    now(perform(&world.archivist_behind(&gate), work)).unwrap();
    gate.calls()
}

/// Calls of an event, of a record, and of the sweep that matches them.
fn costs(others: usize) -> [Calls; 3] {
    let world = crowded(others);
    let start = world.now() - SignedDuration::from_mins(20);
    let visit = Visit::new("a", start, 10);
    let event = calls(&world, &Work::Event(world.record("vm-user", visit.start, visit.end)));
    let record = calls(&world, &world.tells(&visit.over()));
    let sweep = calls(&world, &Work::Sweep);
    let entry = entries(&world).into_iter().find(|entry| entry.address.name.as_str() == "vm-user").unwrap();
    assert_eq!(entry.match_state.verdict.name(), "matched");
    [event, record, sweep]
}

/// Calls of an event, of a record, and of the sweep that matches them, beside this many recordings of the same name,
/// one every two hours.
fn costs_of_a_name(others: i64) -> [Calls; 3] {
    let world = World::with_log();
    let begun = world.now();
    let start = |n: i64| begun + SignedDuration::from_hours(2 * n);
    world.clock.set(start(others + 100));
    for n in 0..others {
        world.does(&Work::Event(world.record(&format!("vm-user.{n}"), start(n), start(n) + LENGTH)));
    }
    let told = (0..others).map(|n| Visit::new(&format!("o{n}"), start(n), 10).over());
    world.does(&world.tells(&told.collect::<String>()));
    // Waits until their days were learned and the pause after that is over.
    world.run_until(world.now() + SignedDuration::from_hours(2));
    world.does(&Work::Sweep);
    assert!(entries(&world).iter().all(|entry| entry.match_state.verdict.name() == "matched"));
    let visit = Visit::new("a", world.now() - SignedDuration::from_mins(20), 10);
    let event = calls(&world, &Work::Event(world.record("vm-user", visit.start, visit.end)));
    let record = calls(&world, &world.tells(&visit.over()));
    [event, record, calls(&world, &Work::Sweep)]
}

#[test]
fn an_event_costs_the_same_with_few_and_many_recordings() {
    assert_eq!(costs_of_a_name(8), costs_of_a_name(800));
}

#[test]
fn a_match_reads_the_calibrations_of_its_days_in_one_range() {
    let world = World::with_log();
    world.pass_time(SignedDuration::from_hours(30));
    let reads = |name: &str| {
        let start = world.now() - SignedDuration::from_hours(2);
        calls(&world, &Work::Event(world.record(name, start, start + LENGTH)))["checkpoints.list"]
    };
    // For the way of writing, for the verdict, and for the neighbours that are judged again.
    let unlearned = reads("vm1-user");
    world.does(&Work::Sweep);
    assert_eq!((unlearned, reads("vm2-user")), (3, 3));
}

#[test]
fn a_recording_that_begins_before_its_session_asks_for_no_log_or_calibration() {
    let world = World::with_log();
    world.does(&Work::Event(world.write("other", 1)));
    let (begun, gate) = (Work::Event(world.write("vm-user", 1)), Arc::new(Gate::open()));
    now(perform(&world.archivist_behind(&gate), &begun)).unwrap();
    let calls = gate.calls();
    // Sessions that began near it or may go on are in one range, those that ended near it in another.
    assert_eq!((calls.get("sessions.near"), calls.get("catalogue.near")), (Some(&2), Some(&1)), "{calls:?}");
    // Only the way of writing, for the notification.
    assert_eq!((calls.get("checkpoints.get"), calls.get("checkpoints.list")), (None, Some(&1)), "{calls:?}");
    assert_eq!(calls.get("checkpoints.save"), None, "its day is learned once it has ended: {calls:?}");
}

#[test]
fn costs_depend_on_nearby_records_and_not_the_catalogue() {
    let (few, many) = (costs(10), costs(1_000));
    assert_eq!(few, many);
    let calls: Vec<usize> = few.iter().map(|calls| calls.values().sum()).collect();
    assert!(calls.iter().all(|calls| *calls < 60), "{few:?}");
}
