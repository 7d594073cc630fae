//! An event, a record and a match cost what is near them, and not what there is.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use pipeline::testing::Gate;

use crate::host::{Work, perform};
use crate::outcome::entries;
use crate::visits::Visit;
use crate::world::World;
use pipeline::testing::schedule::now;

type Calls = BTreeMap<&'static str, usize>;

/// A world with this many recordings, each matched with its session, on other machines at the same time.
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
    assert!(entries(&world).iter().all(|entry| entry.joined.verdict.name() == "matched"));
    world
}

fn calls(world: &World, work: &Work) -> Calls {
    let gate = Arc::new(Gate::open());
    now(perform(&world.archivist_behind(&gate), work)).unwrap();
    gate.calls()
}

/// The calls of an event, of a record, and of the sweep that makes the two a match.
fn costs(others: usize) -> [Calls; 3] {
    let world = crowded(others);
    let start = world.now() - SignedDuration::from_mins(20);
    let visit = Visit::new("a", start, 10);
    let event = calls(&world, &Work::Event(world.record("vm-user", visit.start, visit.end)));
    let record = calls(&world, &world.tells(&visit.over()));
    let sweep = calls(&world, &Work::Sweep);
    let entry = entries(&world).into_iter().find(|entry| entry.address.name.as_str() == "vm-user").unwrap();
    assert_eq!(entry.joined.verdict.name(), "matched");
    [event, record, sweep]
}

#[test]
fn an_event_a_record_and_a_match_cost_what_is_near_and_not_what_there_is() {
    let (few, many) = (costs(10), costs(1_000));
    assert_eq!(few, many);
    let calls: Vec<usize> = few.iter().map(|calls| calls.values().sum()).collect();
    assert!(calls.iter().all(|calls| *calls < 60), "{few:?}");
}
