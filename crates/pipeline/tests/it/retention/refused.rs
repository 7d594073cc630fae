//! Storage that refuses to delete, and work that fails in the middle.

use std::sync::Arc;

use domain::record::catalogue::RecordingState;
use domain::record::hold::{Hold, HoldScope};
use domain::record::retention::Then;
use domain::record::tags::HOLD;
use pipeline::ports::{BlobStore, Clock, FaultKind};
use pipeline::testing::Gate;
use pipeline::testing::schedule::now;

use crate::retention::holds::{about_to_go, brief};
use crate::retention::world::{RetentionWorld, actor, address, days};

#[test]
fn a_refused_deletion_restarts_and_succeeds_once_allowed() {
    let world = about_to_go(Then::Delete);
    let gate = Arc::new(Gate::open());
    gate.fail("blobs.delete", FaultKind::Permanent);
    now(world.archivist(&gate).retention.run_retention(&|| true)).unwrap();
    now(world.healthy().due_work.sweep(&|| true)).unwrap();
    let entry = world.entries().remove(0);
    assert_eq!(
        (entry.state, entry.custody.disposal.is_none(), entry.refusals.len()),
        (RecordingState::Settled, true, 1)
    );
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    world.observe(true);
    assert_eq!(world.entries()[0].state, RecordingState::Expiring, "people are warned anew");
    world.clock.advance(days(2));
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    assert_eq!(world.entries()[0].state, RecordingState::Deleted);
    assert_eq!(world.truth().broken, Vec::<String>::new());
}

#[test]
fn a_failed_update_of_an_entry_is_repeated_in_a_later_run() {
    let mut world = RetentionWorld::new(brief(Then::Keep), None);
    // More than a page, so a run can end between two pages.
    for number in 0..100 {
        world.record(&format!("a-{number:03}"), None);
    }
    world.clock.advance(days(2));
    for _ in 0..2 {
        now(world.healthy().due_work.sweep(&|| true)).unwrap();
    }
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    let scope = HoldScope { bastion: Some("bas".to_owned()), ..HoldScope::default() };
    let hold = Hold::new("case 1", "a letter of the court", scope, actor(), world.clock.now());
    now(world.healthy().hold_placing.place_hold(&hold)).unwrap();
    let gate = Arc::new(Gate::open());
    gate.fail("catalogue.lives_of", FaultKind::Transient { retry_after: None });
    let run = now(world.archivist(&gate).retention.run_retention(&|| false)).unwrap();
    assert!(run.failed > 0 && run.unfinished);
    for _ in 0..3 {
        now(world.healthy().retention.run_retention(&|| true)).unwrap();
    }
    assert!(world.entries().iter().all(|entry| entry.custody.holds.len() == 1));
    assert_eq!(now(world.blobs.tags(&address("a-000"))).unwrap().unwrap().0[HOLD], "case 1");
}

#[test]
fn a_plan_due_again_is_approved_by_its_current_digest() {
    let world = about_to_go(Then::Review);
    let first = now(world.healthy().retention.run_retention(&|| true)).unwrap().planned.review;
    let scope = HoldScope { bastion: Some("bas".to_owned()), ..HoldScope::default() };
    let hold = Hold::new("case 1", "a letter of the court", scope, actor(), world.clock.now());
    now(world.healthy().hold_placing.place_hold(&hold)).unwrap();
    now(world.healthy().retention.run_retention(&|| true)).unwrap();
    assert!(world.entries()[0].custody.disposal.is_none());
    now(world.healthy().hold_release.release_holds("case 1", &actor())).unwrap();
    // The warning is repeated, and nothing else changes.
    for _ in 0..2 {
        now(world.healthy().retention.run_retention(&|| true)).unwrap();
    }
    world.clock.advance(days(2));
    let again = now(world.healthy().retention_plans.plan(world.clock.now())).unwrap().review;
    assert_eq!((again.count, &again.digest), (1, &first.digest));
    assert_eq!(now(world.healthy().approval.approve(&again.digest, &actor())).unwrap().unwrap().recordings, 1);
}
