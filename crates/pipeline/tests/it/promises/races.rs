//! Concurrent handlers and sweeps on one name, polled in any order, one of which may die.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::record::tags::TagSet;
use jiff::SignedDuration;
use pipeline::testing::{Death, Gate};
use proptest::prelude::*;

use crate::promises::host::{Work, perform};
use crate::promises::meetings::{Meeting, NAME, pause};
use crate::promises::outcome::{Seen, catalogue, entries, heard, tags};
use crate::promises::world::World;
use pipeline::testing::schedule::{Task, Turns, interleaved, turns};

/// State after some minutes and in the end. Much later, a recording that becomes final is tagged again in any case.
#[derive(Debug, PartialEq)]
struct Shown {
    soon: (BTreeMap<String, Vec<Seen>>, BTreeMap<String, TagSet>),
    finally: (BTreeMap<String, Vec<Seen>>, BTreeMap<String, TagSet>),
    undone: usize,
    repeats: usize,
}

fn shown_later(world: &World) -> Shown {
    world.run_until(world.now() + SignedDuration::from_mins(4));
    let soon = (catalogue(world), tags(world));
    world.run_to_the_end();
    Shown {
        soon,
        finally: (catalogue(world), tags(world)),
        undone: entries(world).iter().map(|entry| entry.pending.len() + entry.refusals.len()).sum(),
        repeats: world.receiver.accepted().len() - heard(world).len(),
    }
}

fn one_after_the_other(meeting: Meeting) -> Shown {
    let world = World::new();
    for part in meeting.parts(&world) {
        let work = part.begin(&world);
        world.does(&work);
    }
    shown_later(&world)
}

/// Runs all parts concurrently. The part that `death` names dies, and the platform delivers its work again.
fn at_the_same_time(meeting: Meeting, turns: &Turns, death: Option<(usize, Death)>) -> Shown {
    let world = World::new();
    let parts = meeting.parts(&world);
    let dies = death.map(|(who, death)| (who % parts.len(), death));
    let tasks = parts.into_iter().enumerate().map(|(at, part)| {
        let gate = dies.filter(|(who, _)| *who == at).map_or_else(Gate::open, |(_, death)| Gate::deadly(death));
        let archivist = world.archivist_behind(&Arc::new(gate.yielding()));
        let world = &world;
        let task: Task<'_, _> = Box::pin(async move {
            let work = part.begin(world);
            let result = perform(&archivist, &work).await;
            (work, result)
        });
        task
    });
    for (at, (work, result)) in interleaved(tasks.collect(), turns).into_iter().enumerate() {
        match dies {
            Some((who, _)) if who == at => world.does(&work),
            _ => result.unwrap(),
        }
    }
    shown_later(&world)
}

proptest! {
    #[test]
    fn concurrent_handlers_lose_no_data(
        meeting in prop::sample::select(Meeting::all().to_vec()),
        turns in turns(),
        death in prop::option::of((0usize..3, prop_oneof![
            (1usize..12).prop_map(Death::Before),
            (1usize..12).prop_map(Death::After),
        ])),
    ) {
        let (mut met, expected) = (at_the_same_time(meeting, &turns, death), one_after_the_other(meeting));
        if death.is_some() {
            // An overtaken handler may write old tags and die; the tags are corrected when the recording becomes
            // final.
            met.soon = expected.soon.clone();
        }
        prop_assert_eq!(met, expected);
    }

    #[test]
    fn duplicate_messages_make_one_attempt_per_channel(turns in turns(), copies in 1usize..4) {
        let world = World::new();
        world.does(&Work::Event(world.write(NAME, 9)));
        let messages: Vec<Work> = world.take_messages().into_iter().map(Work::Delivery).collect();
        let tasks = messages.iter().flat_map(|message| vec![message; copies]).map(|message| {
            let archivist = world.archivist_behind(&Arc::new(Gate::open().yielding()));
            let task: Task<'_, _> = Box::pin(async move { perform(&archivist, message).await });
            task
        });
        interleaved(tasks.collect(), &turns).into_iter().for_each(Result::unwrap);
        prop_assert_eq!((world.receiver.accepted().len(), world.neighbour.accepted().len()), (1, 1));
    }
}

#[test]
fn an_interleaved_event_at_any_call_changes_no_result() {
    for meeting in Meeting::all() {
        let expected = one_after_the_other(meeting);
        for (calls, between) in (0..10).flat_map(|calls| (1..12).map(move |between| (calls, between))) {
            let turns = Turns([vec![0; calls], vec![1; between], vec![0; 12]].concat());
            assert_eq!(at_the_same_time(meeting, &turns, None), expected, "{meeting:?}, {turns:?}");
        }
    }
}

#[test]
fn the_loser_of_a_save_decides_again_on_the_saved_state() {
    let world = World::new();
    let (first, second) = (world.write(NAME, 9), {
        pause(&world);
        world.write(NAME, 10)
    });
    let gates = [Arc::new(Gate::open().yielding()), Arc::new(Gate::open().yielding())];
    let tasks = [first, second].into_iter().zip(&gates).map(|(raised, gate)| {
        let archivist = world.archivist_behind(gate);
        let task: Task<'_, _> = Box::pin(async move { perform(&archivist, &Work::Event(raised)).await });
        task
    });
    // Both load before either saves.
    interleaved(tasks.collect(), &Turns([0, 1].repeat(4))).into_iter().for_each(Result::unwrap);
    let loads: Vec<usize> = gates.iter().map(|gate| gate.calls()["catalogue.lives"]).collect();
    assert!(loads.iter().any(|loads| *loads > 1), "one lost the race and loaded again: {loads:?}");
    assert_eq!(entries(&world)[0].life.blob_events.writes().count(), 2);
}
