//! A crash at every port call of a pass that reads and announces accesses.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::record::notification::Event;
use jiff::SignedDuration;
use pipeline::ports::FaultKind;
use pipeline::query::RecordingAccesses;
use pipeline::testing::schedule::now;
use pipeline::testing::{Death, Gate};

use super::estate::{NAME, Request, Who, world};
use crate::promises::host::{Work, perform};
use crate::promises::world::World;

fn prepared() -> World {
    let world = world();
    world.recorded(NAME);
    world.pass_time(SignedDuration::from_mins(1));
    let ada = Who::Person("ada@contoso.example");
    let reads =
        [1, 2].map(|id| Request::new(id, world.now() + SignedDuration::from_mins(i64::from(id)), ada, "GetBlob"));
    let whole = Request { bytes: 9, ..Request::new(3, world.now(), Who::Signature("s"), "GetBlob") };
    world.appends_requests(&reads);
    world.appends_requests(&[whole, Request::new(4, world.now(), Who::Key, "GetBlobTags")]);
    world
}

fn outcome(world: &World) -> (String, usize, usize) {
    world.reads_for(30);
    let RecordingAccesses { is_logged: _, unread, accesses, folded, folded_has_more } =
        world.accesses_of(&world.entry_of(NAME));
    // The last of the unread times ends now.
    let unread: Vec<_> = unread.into_iter().map(|unread| unread.from).collect();
    let accesses = format!("{unread:?} {accesses:?} {folded} {folded_has_more}");
    (accesses, world.told_of(Event::RecordingViewed).len(), world.told_of(Event::RecordingDownloaded).len())
}

/// Runs two passes, one before and one after the lines settle, behind a gate.
fn passes(world: &World, gate: &Arc<Gate>, late: bool) {
    if late {
        world.does(&Work::Tail);
        world.pass_time(SignedDuration::from_mins(15));
    }
    drop(now(perform(&world.archivist_behind(gate), &Work::Tail)));
}

#[test]
fn reading_and_announcing_accesses_survive_a_crash_at_any_call() {
    let expected = outcome(&prepared());
    assert_eq!((expected.1, expected.2), (2, 1));
    for late in [false, true] {
        let mut died_in = BTreeSet::new();
        for number in 1..400 {
            let mut is_over = true;
            for death in [Death::Before(number), Death::After(number)] {
                let (world, gate) = (prepared(), Arc::new(Gate::deadly(death)));
                passes(&world, &gate, late);
                is_over &= gate.died_in().is_none();
                died_in.extend(gate.died_in());
                assert_eq!(outcome(&world), expected, "{death:?} in {:?}", gate.died_in());
            }
            if is_over {
                break;
            }
        }
        let needed: &[&str] = if late {
            &["catalogue.lives", "notifications.add", "checkpoints.remove"]
        } else {
            &["blobs.read", "checkpoints.save"]
        };
        assert!(needed.iter().all(|call| died_in.contains(call)), "{died_in:?}");
    }
}

#[test]
fn reading_and_announcing_accesses_survive_a_failure_of_any_call() {
    let expected = outcome(&prepared());
    for late in [false, true] {
        for number in 1..400 {
            let (world, gate) =
                (prepared(), Arc::new(Gate::failing_at(number, FaultKind::Transient { retry_after: None })));
            passes(&world, &gate, late);
            assert_eq!(outcome(&world), expected, "{:?}", gate.failed_in());
            if gate.failed_in().is_none() {
                break;
            }
        }
    }
}
