//! A bastion that has recorded into more than one container.

use domain::address::{BlobName, ContainerAddress};
use jiff::SignedDuration;

use crate::host::Work;
use crate::outcome::entries;
use crate::visits::Visit;
use crate::world::World;

/// The container that the bastion was given beside its first one.
fn another() -> ContainerAddress {
    ContainerAddress::parse("stbastionrec01", "recordings2").unwrap()
}

fn with_two_containers() -> World {
    let mut world = World::with_log();
    world.estate.bastions[0].recordings.push(another());
    world
}

#[test]
fn a_recording_in_another_container_of_the_bastion_keeps_a_name_back_before_anybody_has_heard_of_it() {
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
    assert_eq!(entries(&world)[0].joined.verdict.session(), None, "it is that of the other one");
}
