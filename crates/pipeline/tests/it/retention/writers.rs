//! A slow writer of tags, a hold and a deletion at the same time: old knowledge of the writer never undoes a hold.

use std::sync::Arc;

use domain::record::retention::Then;
use domain::record::tags::HOLD;
use pipeline::Archivist;
use pipeline::hold::Placed;
use pipeline::ports::{BlobStore, Catalogue};
use pipeline::testing::Gate;
use pipeline::testing::schedule::{Task, Turns, interleaved, now};

use crate::retention::holds::{NAME, about_to_go, hold, is_there};
use crate::retention::world::{RetentionWorld, address};

/// More calls than a writer and a run make here, so every interleaving is covered.
const WRITER_CALLS: usize = 14;
const RUN_CALLS: usize = 40;

/// A world with a recording that the next run deletes and whose tags the next sweep writes again, because these were
/// removed.
fn with_tags_to_write(taken: &[&str]) -> RetentionWorld {
    let world = about_to_go(Then::Delete);
    let mut tags = now(world.blobs.tags(&address(NAME))).unwrap().unwrap();
    tags.0.retain(|key, _| !taken.contains(&key.as_str()));
    assert!(world.blobs.set_tags(&address(NAME), tags));
    let loaded = now(world.catalogue.lives(&address(NAME))).unwrap();
    let mut entry = loaded.lives.entries[0].clone();
    entry.recheck_tags(pipeline::ports::Clock::now(&*world.clock));
    entry.revision += 1;
    now(world.catalogue.save(&loaded, &[entry])).unwrap().unwrap();
    world
}

/// Result of the three.
struct Met {
    /// True if placing the hold reported that the recording carries it.
    is_carried: bool,
    /// Number of times the writer read the tags.
    readings: usize,
}

/// Runs the writer and the run for this many calls each, in either order. Then the hold is placed, then the writer
/// completes, then the run.
fn meet(world: &RetentionWorld, writer_calls: usize, run_calls: usize, writer_first: bool) -> Met {
    let hold = hold(world);
    let [writing, running, placing] = std::array::from_fn(|_| Arc::new(Gate::open().yielding()));
    let [writer, runner, placer] = [&writing, &running, &placing].map(|gate| world.archivist(gate));
    let write: Task<'_, Option<Placed>> = Box::pin(swept(writer));
    let run: Task<'_, Option<Placed>> = Box::pin(ran(runner));
    let place: Task<'_, Option<Placed>> =
        Box::pin(async move { Some(placer.hold_placing.place_hold(&hold).await.unwrap()) });
    let mut before = [std::iter::repeat_n(0, writer_calls), std::iter::repeat_n(1, run_calls)];
    if !writer_first {
        before.reverse();
    }
    // After the hold is placed, two tasks are left; the even turns go to the writer.
    let turns = before.into_iter().flatten().chain(std::iter::repeat_n(2, 10_000)).collect();
    let placed = interleaved(vec![write, run, place], &Turns(turns)).into_iter().flatten().next().unwrap();
    let readings = writing.calls().get("blobs.tags").copied().unwrap_or_default();
    Met { is_carried: placed.carried == 1, readings }
}

async fn swept(archivist: Archivist) -> Option<Placed> {
    archivist.due_work.sweep(&|| true).await.unwrap();
    None
}

async fn ran(archivist: Archivist) -> Option<Placed> {
    archivist.retention.run_retention(&|| true).await.unwrap();
    None
}

/// Plays every interleaving. Returns the number of timely holds, and of writers that had to read again.
fn play(taken: &[&str]) -> (usize, usize) {
    let (mut carried, mut read_anew) = (0, 0);
    for writer_calls in 0..WRITER_CALLS {
        for run_calls in 0..RUN_CALLS {
            for writer_first in [true, false] {
                let world = with_tags_to_write(taken);
                let met = meet(&world, writer_calls, run_calls, writer_first);
                let when = format!("after {writer_calls} and {run_calls} calls, the writer first: {writer_first}");
                assert!(is_there(&world) || !met.is_carried, "{when}: a recording reported as held was deleted");
                if met.is_carried {
                    let tag = now(world.blobs.tags(&address(NAME))).unwrap().unwrap().0[HOLD].clone();
                    assert_eq!(tag, "case 1", "{when}");
                }
                carried += usize::from(met.is_carried);
                read_anew += usize::from(met.readings > 1);
            }
        }
    }
    (carried, read_anew)
}

#[test]
fn a_slow_tag_writer_does_not_undo_a_hold_during_deletion() {
    let (carried, read_anew) = play(&["bsr-start"]);
    assert!(carried > 100 && read_anew > 0, "{carried} holds came in time, {read_anew} writers met one");
}

/// In that case, storage has no condition to check for the writer.
#[test]
fn a_slow_tag_writer_keeps_a_hold_despite_a_removed_tag() {
    let (carried, read_anew) = play(&[HOLD]);
    assert!(carried > 100 && read_anew > 0, "{carried} holds came in time, {read_anew} writers read anew");
}
