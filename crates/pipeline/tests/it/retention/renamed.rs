//! Holds on a bastion whose name in the configuration changes.

use domain::record::hold::{Hold, HoldScope};
use domain::record::retention::Then;
use pipeline::ports::{BlobStore, Clock};
use pipeline::testing::schedule::now;

use crate::retention::holds::brief;
use crate::retention::world::{RetentionWorld, actor, address, days};

fn place(world: &RetentionWorld, bastion: &str) {
    let scope = HoldScope { bastion: Some(bastion.to_owned()), ..HoldScope::default() };
    let hold = Hold::new("case 1", "a letter of the court", scope, actor(), world.clock.now());
    now(world.healthy().hold_placing.place_hold(&hold)).unwrap();
}

/// Runs every sweep until a recording that nothing keeps is deleted.
fn pass(world: &RetentionWorld) {
    for _ in 0..5 {
        world.clock.advance(days(3));
        now(world.healthy().due_work.sweep(&|| true)).unwrap();
        now(world.healthy().reconciliation.reconcile(&|| true)).unwrap();
        now(world.healthy().retention.run_retention(&|| true)).unwrap();
    }
}

fn is_there(world: &RetentionWorld, name: &str) -> bool {
    now(world.blobs.properties(&address(name))).unwrap().is_some()
}

fn world() -> RetentionWorld {
    RetentionWorld::new(brief(Then::Delete), None)
}

#[test]
fn a_hold_on_a_bastion_covers_recordings_under_its_earlier_name() {
    for (held, is_kept) in [("bas-hub", true), ("BAS-HUB", true), ("bas", true), ("bas-spoke", false)] {
        let mut world = world();
        world.record("a-1", None);
        world.bastion = "bas-hub";
        place(&world, held);
        pass(&world);
        assert_eq!(is_there(&world, "a-1"), is_kept, "{held}");
    }
}

#[test]
fn the_count_of_a_hold_has_recordings_under_an_earlier_name() {
    let mut world = world();
    world.record("a-1", None);
    world.bastion = "bas-hub";
    world.record("a-2", None);
    let scope = HoldScope { bastion: Some("bas-hub".to_owned()), ..HoldScope::default() };
    let counted = now(world.healthy().hold_coverage.coverage(&scope)).unwrap().recordings;
    assert_eq!((counted.certain, counted.possible, counted.is_whole), (1, 1, true));
}

#[test]
fn a_hold_on_a_bastion_covers_recordings_after_a_new_name() {
    for placed_as in ["bas", "bas-hub"] {
        let mut world = world();
        // Under an earlier name, the recordings of that name show the container.
        world.record("a-1", None);
        if placed_as == "bas" {
            place(&world, placed_as);
        }
        for name in ["bas-hub", "bas-hub-weu"] {
            world.bastion = name;
            if placed_as == name {
                place(&world, placed_as);
            }
        }
        world.record("a-2", None);
        pass(&world);
        assert!(is_there(&world, "a-1") && is_there(&world, "a-2"), "{placed_as}");
    }
}

#[test]
fn a_hold_placed_before_the_bastion_had_its_name_covers_its_containers() {
    let mut world = world();
    world.record("a-1", None);
    place(&world, "bas-hub");
    world.bastion = "bas-hub";
    pass(&world);
    assert!(is_there(&world, "a-1"));
}
