//! The cost of an access in port calls.

use std::sync::Arc;

use jiff::SignedDuration;
use pipeline::testing::Gate;
use pipeline::testing::schedule::now;

use super::estate::{NAME, Request, Who, world};
use crate::promises::host::{Work, perform};
use crate::promises::world::World;

/// Port calls for one viewing: reading its line, and announcing it later.
fn calls_of_viewing(world: &World, id: u32) -> usize {
    world.appends_requests(&[Request::new(id, world.now(), Who::Person("ada@contoso.example"), "GetBlob")]);
    let gate = Arc::new(Gate::open());
    now(perform(&world.archivist_behind(&gate), &Work::Tail)).unwrap();
    world.pass_time(SignedDuration::from_mins(11));
    now(perform(&world.archivist_behind(&gate), &Work::Tail)).unwrap();
    gate.calls().values().sum()
}

#[test]
fn the_cost_of_an_access_does_not_grow_with_earlier_ones() {
    let world = world();
    world.recorded(NAME);
    world.pass_time(SignedDuration::from_hours(1));
    let first = calls_of_viewing(&world, 1);
    let quiet = {
        let gate = Arc::new(Gate::open());
        for _ in 0..2 {
            now(perform(&world.archivist_behind(&gate), &Work::Tail)).unwrap();
            world.pass_time(SignedDuration::from_mins(11));
        }
        gate.calls().values().sum::<usize>()
    };
    for id in 2..150 {
        world.pass_time(SignedDuration::from_mins(40));
        calls_of_viewing(&world, id);
    }
    world.pass_time(SignedDuration::from_hours(24));
    world.does(&Work::Tail);
    let last = calls_of_viewing(&world, 150);
    assert!(last <= first + 6, "{first} calls for the first viewing, {last} for the last, {quiet} without one");
    assert!(first <= quiet + 32, "{first} calls for a viewing, {quiet} without one");
}
