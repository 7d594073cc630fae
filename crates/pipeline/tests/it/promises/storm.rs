//! Many entries are due at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::record::catalogue::RecordingState;
use pipeline::testing::Gate;

use crate::promises::host::Work;
use crate::promises::outcome::entries;
use crate::promises::world::{SETTLE_AFTER, World};
use pipeline::testing::schedule::now;

const MANY: usize = 1_000;

/// A world in which this many recordings are due to settle.
fn due(many: usize) -> World {
    let world = World::new();
    for n in 0..many {
        world.does(&Work::Event(world.write(&format!("vm-user.{n}"), 9)));
    }
    world.deliver_all();
    world.pass_time(SETTLE_AFTER * 2);
    world
}

fn settled(world: &World) -> usize {
    entries(world).iter().filter(|entry| entry.state == RecordingState::Settled).count()
}

#[test]
fn one_sweep_does_all_due_work_once() {
    let world = due(MANY);
    let gate = Arc::new(Gate::open());
    let swept = now(world.archivist_behind(&gate).due_work.sweep(&|| true)).unwrap();
    assert_eq!((swept.due, swept.changed, swept.failed, swept.unfinished), (MANY, MANY, 0, false));
    assert_eq!(settled(&world), MANY);
    let calls = gate.calls();
    assert_eq!(calls["catalogue.lives_of"], MANY);
    assert_eq!(calls["catalogue.save"], 2 * MANY, "one to decide, one to clear the tags");
    assert!(calls["catalogue.due"] <= MANY / 50, "{calls:?}");
}

#[test]
fn an_interrupted_sweep_leaves_the_rest_to_the_next() {
    let world = due(MANY);
    let swept = now(world.archivist().due_work.sweep(&|| false)).unwrap();
    assert!(swept.unfinished && swept.changed > 0 && swept.changed < MANY / 2, "{swept:?}");
    assert_eq!(settled(&world), swept.changed);
    let rest = now(world.archivist().due_work.sweep(&|| true)).unwrap();
    assert_eq!((rest.due, rest.unfinished), (MANY - swept.changed, false));
    assert_eq!(settled(&world), MANY);
}

#[test]
fn a_sweep_checks_its_time_between_pages() {
    let world = due(MANY);
    let asked = AtomicUsize::new(0);
    let swept = now(world.archivist().due_work.sweep(&|| asked.fetch_add(1, Ordering::Relaxed) < 2)).unwrap();
    assert_eq!(asked.into_inner(), 3);
    assert!(swept.unfinished && swept.changed < MANY / 2, "{swept:?}");
}

#[test]
fn the_cost_of_a_sweep_depends_on_due_work() {
    let calls = |others: usize| {
        let world = due(others);
        now(world.archivist().due_work.sweep(&|| true)).unwrap();
        world.does(&Work::Event(world.write("vm-admin", 9)));
        world.pass_time(SETTLE_AFTER * 2);
        let gate = Arc::new(Gate::open());
        now(world.archivist_behind(&gate).due_work.sweep(&|| true)).unwrap();
        gate.calls()
    };
    assert_eq!(calls(10), calls(500));
}
