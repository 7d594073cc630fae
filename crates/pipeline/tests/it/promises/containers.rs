//! A bastion that has recorded into more than one container.

use domain::address::{BlobName, ContainerAddress};
use domain::record::notification::Event;
use domain::record::session::GapCause;
use jiff::SignedDuration;

use crate::promises::host::Work;
use crate::promises::outcome::{entries, sessions, told};
use crate::promises::visits::Visit;
use crate::promises::world::World;

/// The second container of the bastion.
fn another() -> ContainerAddress {
    ContainerAddress::parse("stbastionrec01", "recordings2").unwrap()
}

fn with_two_containers() -> World {
    let mut world = World::with_log();
    world.estate.bastions[0].recordings.push(another());
    world
}

#[test]
fn an_unannounced_recording_in_another_container_delays_a_match() {
    let world = with_two_containers();
    world.blobs.create_container(&another());
    let old = Visit::new("a", world.now(), 10);
    let new = Visit::new("b", world.now() + SignedDuration::from_secs(30), 10);
    let blob = another().blob(BlobName::parse("vm-user").unwrap());
    world.blobs.put(&blob, 1, new.start);
    world.blobs.put(&blob, 9, new.end);
    world.pass_time(SignedDuration::from_mins(20));
    world.does(&Work::Event(world.record("vm-user", old.start, old.end)));
    world.does(&world.tells(&new.over()));
    world.does(&Work::Sweep);
    assert_eq!(entries(&world)[0].match_state.verdict.session(), None, "it is that of the other one");
}

#[test]
fn a_missing_container_affects_neither_gaps_nor_matches() {
    let world = with_two_containers();
    let visit = Visit::new("a", world.now(), 10);
    let unrecorded = Visit { machine: "other".to_owned(), ..Visit::new("b", world.now(), 10) };
    world.pass_time(SignedDuration::from_mins(20));
    world.does(&Work::Event(world.record("vm-user", visit.start, visit.end)));
    world.does(&world.tells(&[visit.over(), unrecorded.over()].concat()));
    world.does(&Work::Sweep);
    assert_eq!(entries(&world)[0].match_state.verdict.name(), "matched");
    world.run_to_the_end();
    assert_eq!(sessions(&world)["b"].gap, Some((GapCause::Unknown, true)));
    assert_eq!(told(&world, Event::SessionUnrecorded), 1);
}
