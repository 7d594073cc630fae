//! A slow writer of tags, a hold and a deletion that meet: what the writer knew earlier undoes no hold.

use std::sync::Arc;

use domain::retention::Then;
use domain::tags::HOLD;
use pipeline::Archivist;
use pipeline::hold::Placed;
use pipeline::ports::{BlobStore, Catalogue};
use pipeline::testing::Gate;
use pipeline::testing::schedule::{Task, Turns, interleaved, now};

use crate::holds::{NAME, about_to_go, hold, is_there};
use crate::world::{World, address};

/// More calls than a writer, and than a run, makes here until nothing can come in between any more.
const WRITER_CALLS: usize = 14;
const RUN_CALLS: usize = 40;

/// A world with a recording that the next run deletes, and whose tags the next sweep writes anew: somebody has taken
/// these away.
fn with_tags_to_write(taken: &[&str]) -> World {
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

/// What came of the three.
struct Met {
    /// Whether whoever placed the hold was told that the recording carries it.
    is_carried: bool,
    /// How often the writer read the tags.
    readings: usize,
}

/// The writer and the run go on for so many calls each, the writer first or the run; then the hold is placed; then the
/// writer ends, then the run.
fn meet(world: &World, writer_calls: usize, run_calls: usize, writer_first: bool) -> Met {
    let hold = hold(world);
    let [writing, running, placing] = std::array::from_fn(|_| Arc::new(Gate::open().yielding()));
    let [writer, runner, placer] = [&writing, &running, &placing].map(|gate| world.archivist(gate));
    let write: Task<'_, Option<Placed>> = Box::pin(swept(writer));
    let run: Task<'_, Option<Placed>> = Box::pin(ran(runner));
    let place: Task<'_, Option<Placed>> = Box::pin(async move { Some(placer.place_hold(&hold).await.unwrap()) });
    let mut before = [std::iter::repeat_n(0, writer_calls), std::iter::repeat_n(1, run_calls)];
    if !writer_first {
        before.reverse();
    }
    // Once the hold is placed two are left, of which the writer has an even turn.
    let turns = before.into_iter().flatten().chain(std::iter::repeat_n(2, 10_000)).collect();
    let placed = interleaved(vec![write, run, place], &Turns(turns)).into_iter().flatten().next().unwrap();
    let readings = writing.calls().get("blobs.tags").copied().unwrap_or_default();
    Met { is_carried: placed.carried == 1, readings }
}

async fn swept(archivist: Archivist) -> Option<Placed> {
    archivist.sweep(&|| true).await.unwrap();
    None
}

async fn ran(archivist: Archivist) -> Option<Placed> {
    archivist.retain(&|| true).await.unwrap();
    None
}

/// Plays every interleaving. Says in how many the hold came in time, and in how many the writer had to read anew.
fn play(taken: &[&str]) -> (usize, usize) {
    let (mut carried, mut read_anew) = (0, 0);
    for writer_calls in 0..WRITER_CALLS {
        for run_calls in 0..RUN_CALLS {
            for writer_first in [true, false] {
                let world = with_tags_to_write(taken);
                let met = meet(&world, writer_calls, run_calls, writer_first);
                let when = format!("after {writer_calls} and {run_calls} calls, the writer first: {writer_first}");
                assert!(is_there(&world) || !met.is_carried, "{when}: a recording went that was told to be held");
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
fn a_slow_writer_of_tags_does_not_undo_a_hold_for_a_deletion_that_has_begun() {
    let (carried, read_anew) = play(&["bsr-start"]);
    assert!(carried > 100 && read_anew > 0, "{carried} holds came in time, {read_anew} writers met one");
}

/// There is nothing then that storage could hold the writer to.
#[test]
fn a_slow_writer_of_a_tag_that_somebody_took_away_does_not_undo_a_hold_either() {
    let (carried, read_anew) = play(&[HOLD]);
    assert!(carried > 100 && read_anew > 0, "{carried} holds came in time, {read_anew} writers read anew");
}
