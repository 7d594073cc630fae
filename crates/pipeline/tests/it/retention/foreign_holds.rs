//! Another writer sets the hold tag of an expiring recording.

use std::sync::Arc;

use domain::policy::retention::Policy;
use domain::record::blob::Happening;
use domain::record::catalogue::RecordingState;
use domain::record::hold::Hold;
use domain::record::retention::{Executor, Then};
use domain::record::tags::{DUE, HOLD, NO_HOLD, STATE};
use pipeline::Archivist;
use pipeline::ports::{BlobStore, Clock};
use pipeline::testing::schedule::{Task, Turns, interleaved, now};
use pipeline::testing::{Death, Gate};

use crate::retention::holds::{NAME, about_to_go, hold, is_there};
use crate::retention::world::{RetentionWorld, actor, address, days};

const FOREIGN: &str = "INC-4711";
/// More calls than a run makes here.
const CALLS: usize = 60;

fn tag(world: &RetentionWorld, key: &str) -> Option<String> {
    now(world.blobs.tags(&address(NAME))).unwrap()?.0.get(key).cloned()
}

fn write(world: &RetentionWorld, key: &str, value: &str) {
    let mut tags = now(world.blobs.tags(&address(NAME))).unwrap().unwrap();
    tags.0.insert(key.to_owned(), value.to_owned());
    assert!(world.blobs.set_tags(&address(NAME), tags));
}

fn archivist(world: &RetentionWorld, executor: Executor) -> Archivist {
    world.archivist_under(Some(Policy { executor, ..world.truth().said.policy() }))
}

/// The lifecycle rule of the storage account, which sees only tags.
fn platform(world: &mut RetentionWorld) {
    if tag(world, STATE).as_deref() == Some(DUE) && tag(world, HOLD).as_deref() == Some(NO_HOLD) {
        assert!(world.blobs.remove(&address(NAME)));
        world.hear(NAME, Happening::deleted());
    }
}

/// Runs every function and the platform once a day, `count` times.
fn go_on(world: &mut RetentionWorld, executor: Executor, count: u32) {
    for _ in 0..count {
        world.clock.advance(days(1));
        let archivist = archivist(world, executor);
        now(archivist.retention.run_retention(&|| true)).unwrap();
        now(archivist.due_work.sweep(&|| true)).unwrap();
        platform(world);
        now(archivist.reconciliation.reconcile(&|| true)).unwrap();
        now(archivist.due_work.sweep(&|| true)).unwrap();
        platform(world);
    }
}

#[test]
fn a_foreign_hold_tag_keeps_a_recording_until_it_is_reset() {
    for executor in Executor::ALL {
        let mut world = about_to_go(Then::Delete);
        write(&world, HOLD, FOREIGN);
        go_on(&mut world, executor, 12);
        assert!(is_there(&world), "{executor:?}");
        assert_eq!(tag(&world, HOLD).as_deref(), Some(FOREIGN), "{executor:?}");
        let entry = &world.entries()[0];
        assert_eq!(entry.custody.foreign_hold.as_ref().map(|hold| hold.value.as_str()), Some(FOREIGN));
        assert_eq!(entry.history.iter().filter(|change| change.what.name() == "tags_changed").count(), 1);
        write(&world, HOLD, NO_HOLD);
        go_on(&mut world, executor, 6);
        assert_eq!((is_there(&world), world.entries()[0].state), (false, RecordingState::Deleted), "{executor:?}");
    }
}

#[test]
fn a_foreign_hold_tag_at_any_call_keeps_remaining_recordings() {
    let mut kept = 0;
    for executor in Executor::ALL {
        for calls in 0..CALLS {
            let mut world = about_to_go(Then::Delete);
            let policy = Policy { executor, ..world.truth().said.policy() };
            let running = world.archivist_behind(&Arc::new(Gate::open().yielding()), Some(policy));
            let blobs = world.blobs.clone();
            let run: Task<'_, bool> = Box::pin(async move {
                running.retention.run_retention(&|| true).await.unwrap();
                false
            });
            let writing: Task<'_, bool> = Box::pin(async move {
                let Some(mut tags) = blobs.tags(&address(NAME)).await.unwrap() else {
                    return false;
                };
                tags.0.insert(HOLD.to_owned(), FOREIGN.to_owned());
                blobs.set_tags(&address(NAME), tags)
            });
            let turns = Turns(std::iter::repeat_n(0, calls).chain(std::iter::repeat_n(1, 10_000)).collect());
            let is_written = interleaved(vec![run, writing], &turns).into_iter().any(|is_written| is_written);
            go_on(&mut world, executor, 5);
            assert_eq!(is_there(&world), is_written, "{executor:?} after {calls} calls");
            if is_written {
                assert_eq!(tag(&world, HOLD).as_deref(), Some(FOREIGN), "{executor:?} after {calls} calls");
                kept += 1;
            }
        }
    }
    assert!(kept > 20, "{kept}");
}

#[test]
fn a_hold_of_the_same_case_replaces_a_foreign_hold() {
    for executor in Executor::ALL {
        let mut world = about_to_go(Then::Delete);
        write(&world, HOLD, FOREIGN);
        go_on(&mut world, executor, 2);
        let scope = hold(&world).scope;
        let placed = Hold::new(FOREIGN, "a letter of the court", scope, actor(), world.clock.now());
        now(archivist(&world, executor).hold_placing.place_hold(&placed)).unwrap();
        go_on(&mut world, executor, 3);
        assert_eq!(tag(&world, HOLD).as_deref(), Some(FOREIGN));
        let released = now(archivist(&world, executor).hold_release.release_holds(FOREIGN, &actor())).unwrap();
        assert_eq!(released.len(), 1);
        go_on(&mut world, executor, 6);
        assert!(!is_there(&world), "{executor:?}");
    }
}

#[test]
fn our_own_unsaved_hold_tag_ends_with_its_release() {
    let mut tagged = 0;
    for call in 1.. {
        let mut world = about_to_go(Then::Delete);
        let placed = hold(&world);
        let gate = Arc::new(Gate::deadly(Death::After(call)));
        let _ = now(world.archivist(&gate).hold_placing.place_hold(&placed));
        if gate.died_in().is_none() {
            break;
        }
        let is_tagged = tag(&world, HOLD).as_deref() != Some(NO_HOLD);
        tagged += usize::from(is_tagged && world.entries()[0].tags.hold() == Some(NO_HOLD));
        now(world.healthy().hold_release.release_holds(&placed.case, &actor())).unwrap();
        go_on(&mut world, Executor::Archivist, 8);
        assert!(!is_there(&world), "placing died after {call} calls");
    }
    assert!(tagged > 0);
}
