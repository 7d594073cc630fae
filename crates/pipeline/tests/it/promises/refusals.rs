//! Storage refuses: an operator has a day to fix it.

use std::sync::Arc;

use domain::record::effect::EffectId;
use jiff::SignedDuration;
use pipeline::ports::FaultKind;
use pipeline::testing::Gate;

use crate::promises::host::{Work, perform};
use crate::promises::outcome::{entries, heard, tags};
use crate::promises::storage::address;
use crate::promises::world::{World, container};
use pipeline::testing::schedule::now;

/// Lets hours pass with a sweep every ten minutes.
fn sweep_for(hours: i64, world: &World, gate: &Arc<Gate>) {
    for _ in 0..hours * 6 {
        world.pass_time(SignedDuration::from_mins(10));
        now(perform(&world.archivist_behind(gate), &Work::Sweep)).unwrap();
        world.deliver_all();
    }
}

#[test]
fn a_missing_permission_is_recorded_after_a_day() {
    let world = World::new();
    let gate = Arc::new(Gate::open());
    gate.fail("blobs.replace_tags", FaultKind::Refused);
    now(perform(&world.archivist_behind(&gate), &Work::Event(world.write("vm-user", 9)))).unwrap();
    // The state changes meanwhile, which does not restart the day.
    sweep_for(23, &world, &gate);
    assert!(entries(&world)[0].pending(&EffectId::Tags).is_some());
    sweep_for(3, &world, &gate);
    let entry = &entries(&world)[0];
    assert_eq!((entry.pending.len(), entry.refusals.len()), (0, 1));
    assert_eq!(entry.history.last().map(|change| change.what.name()), Some("effect_refused"));
    assert_eq!(heard(&world).len(), 2, "started and ready did not wait for the tags");
}

#[test]
fn a_permanent_refusal_is_recorded_at_once() {
    let world = World::new();
    let gate = Arc::new(Gate::open());
    gate.fail("blobs.replace_tags", FaultKind::Permanent);
    now(perform(&world.archivist_behind(&gate), &Work::Event(world.write("vm-user", 9)))).unwrap();
    let entry = &entries(&world)[0];
    assert_eq!((entry.pending.len(), entry.refusals.len()), (0, 1));
}

#[test]
fn a_permission_that_comes_within_a_day_is_used() {
    let world = World::new();
    let written = Work::Event(world.write("vm-user", 9));
    world.blobs.forbid(&container());
    world.does(&written);
    world.run_until(world.now() + SignedDuration::from_hours(3));
    world.blobs.permit(&container());
    world.run_to_the_end();
    assert_eq!(tags(&world)["vm-user"].0["bsr-state"], "pending");
    assert_eq!(entries(&world)[0].refusals, []);
}

#[test]
fn a_lease_delays_only_the_tags() {
    let world = World::new();
    let written = Work::Event(world.write("vm-user", 9));
    world.blobs.lease(&address("vm-user"));
    world.does(&written);
    world.deliver_all();
    assert_eq!(heard(&world).len(), 1);
    assert!(tags(&world)["vm-user"].0.is_empty());
    world.blobs.release(&address("vm-user"));
    world.run_until(world.now() + SignedDuration::from_mins(2));
    assert_eq!(tags(&world)["vm-user"].0["bsr-hold"], "none");
}
