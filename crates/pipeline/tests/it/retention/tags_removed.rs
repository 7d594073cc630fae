//! Another writer removes the archivist's tags from an expiring recording.

use domain::record::catalogue::RecordingState;
use domain::record::retention::Then;
use domain::record::tags::{HOLD, NO_HOLD, TagSet};
use jiff::SignedDuration;
use pipeline::ports::BlobStore;
use pipeline::testing::schedule::now;

use crate::retention::holds::{NAME, about_to_go, brief};
use crate::retention::policy::Said;
use crate::retention::world::{RetentionWorld, address, days};

fn hold_tag(world: &RetentionWorld) -> Option<String> {
    now(world.blobs.tags(&address(NAME))).unwrap()?.0.get(HOLD).cloned()
}

fn remove_tags(world: &RetentionWorld) {
    world.blobs.set_tags(&address(NAME), TagSet::default());
    assert_eq!(hold_tag(world), None);
}

/// A due recording before any warning, under a policy without grace.
fn due_without_grace() -> RetentionWorld {
    let mut world = RetentionWorld::new(Said { grace: 0, ..brief(Then::Delete) }, None);
    world.record(NAME, None);
    world.clock.advance(days(1) + days(1));
    now(world.healthy().due_work.sweep(&|| true)).unwrap();
    now(world.healthy().reconciliation.reconcile(&|| true)).unwrap();
    now(world.healthy().due_work.sweep(&|| true)).unwrap();
    assert_eq!((world.entries()[0].state, hold_tag(&world).as_deref()), (RecordingState::Settled, Some(NO_HOLD)));
    world.clock.advance(days(3));
    world
}

/// Asserts that storage deletes no blob without the archivist's tags, and that the next pass writes them again.
fn refused_and_tagged_again(world: &RetentionWorld) {
    world.clock.advance(SignedDuration::from_secs(1));
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    world.observe(true);
    assert_eq!((world.entries()[0].state, hold_tag(world)), (RecordingState::Expiring, None));
    world.clock.advance(SignedDuration::from_mins(2));
    now(world.healthy().due_work.sweep(&|| true)).unwrap();
    assert_eq!((world.entries()[0].state, hold_tag(world).as_deref()), (RecordingState::Expiring, Some(NO_HOLD)));
}

#[test]
fn a_removed_tag_is_restored_before_a_deletion_without_grace() {
    for removes_after in [0, 1] {
        let world = due_without_grace();
        if removes_after == 0 {
            remove_tags(&world);
        }
        now(world.healthy().retention.run_retention(&|| true)).unwrap();
        world.observe(true);
        assert_eq!(world.entries()[0].state, RecordingState::Expiring, "marked, and not deleted in the same run");
        if removes_after == 1 {
            remove_tags(&world);
        }
        refused_and_tagged_again(&world);
        now(world.healthy().retention.run_retention(&|| true)).unwrap();
        assert_eq!(world.entries()[0].state, RecordingState::Deleted);
        assert_eq!(world.truth().broken, Vec::<String>::new());
    }
}

#[test]
fn a_tag_removed_at_the_end_of_grace_is_restored_first() {
    let world = about_to_go(Then::Delete);
    remove_tags(&world);
    refused_and_tagged_again(&world);
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    assert_eq!(world.entries()[0].state, RecordingState::Deleted);
}
