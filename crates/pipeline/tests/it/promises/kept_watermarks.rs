//! Watermarks kept in memory save reads: they lose no change of another process, and no verdict rests on them.

use std::sync::Arc;

use domain::record::estate::BastionName;
use jiff::{SignedDuration, Timestamp};
use pipeline::Archivist;
use pipeline::testing::Gate;
use pipeline::testing::schedule::{Task, Turns, interleaved, now};

use crate::promises::host::{Work, perform};
use crate::promises::outcome::entries;
use crate::promises::visits::Visit;
use crate::promises::world::{BASTION, World};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// More calls than a pass or an event makes here.
const CALLS: usize = 80;

/// An archivist that keeps running, whose calls other work may come between.
fn process(world: &World) -> Archivist {
    world.archivist_behind(&Arc::new(Gate::open().yielding()))
}

fn does(archivist: &Archivist, work: &Work) {
    now(perform(archivist, work)).unwrap();
}

/// Makes `calls` calls of the first work, then runs the second to its end, then the rest of the first.
fn between(calls: usize, first: (&Archivist, &Work), second: (&Archivist, &Work)) {
    let tasks = [first, second].map(|(archivist, work)| -> Task<'_, _> { Box::pin(perform(archivist, work)) });
    let turns = Turns([vec![0; calls], vec![1; 10 * CALLS]].concat());
    interleaved(tasks.into(), &turns).into_iter().for_each(Result::unwrap);
}

/// Position and newest record of the log, as stored.
fn read(world: &World) -> [Option<Timestamp>; 2] {
    let watermark = now(world.archivist().watermarks.watermark(&BastionName::new(BASTION))).unwrap().unwrap();
    [watermark.read_to, watermark.newest_record]
}

#[test]
fn a_process_with_an_outdated_watermark_keeps_the_changes_of_another() {
    let world = World::with_log();
    let [one, other] = [(); 2].map(|()| process(&world));
    let begun = |tunnel: &str| Visit::new(tunnel, world.now(), 10).begun();
    does(&one, &world.tells(&begun("a")));
    does(&one, &Work::Tail);
    world.pass_time(MINUTE);
    does(&other, &Work::Tail);
    let moved = world.now();
    world.pass_time(MINUTE);
    // The first process still knows only what it saved itself.
    does(&one, &world.tells(&begun("b")));
    assert_eq!(read(&world), [Some(moved), Some(world.now())]);
}

#[test]
fn a_pass_between_any_two_calls_of_another_moves_no_watermark_back() {
    for calls in 0..CALLS {
        let world = World::with_log();
        let [one, other] = [(); 2].map(|()| process(&world));
        for archivist in [&one, &other] {
            world.pass_time(MINUTE);
            does(archivist, &Work::Tail);
        }
        drop(world.tells(&Visit::new("a", world.now(), 10).begun()));
        world.pass_time(MINUTE);
        between(calls, (&one, &Work::Tail), (&other, &Work::Tail));
        let newest = world.now() - MINUTE;
        assert_eq!(read(&world), [Some(world.now()), Some(newest)], "after {calls} calls");
    }
}

#[test]
fn no_recording_is_judged_by_a_position_in_the_log_beyond_its_sessions() {
    let mut judged = 0;
    for calls in 0..CALLS {
        let mut world = World::with_log();
        world.rules.matching.recording_without_session_after = HOUR;
        let visit = Visit::new("a", world.now(), 10);
        drop(world.tells(&visit.over()));
        let event = Work::Event(world.record("vm-user", visit.start, visit.end));
        world.clock.set(visit.end + HOUR * 3);
        let [judging, reading] = [(); 2].map(|()| process(&world));
        between(calls, (&judging, &event), (&reading, &Work::Tail));
        // All that is known of the recording: its session is in the log, and the log was not read, or was.
        let verdict = entries(&world)[0].match_state.verdict.clone();
        assert_ne!(verdict.name(), "unmatched", "after {calls} calls");
        judged += usize::from(verdict.session().is_some());
        world.does(&Work::Sweep);
        assert!(entries(&world)[0].match_state.verdict.session().is_some(), "after {calls} calls");
    }
    assert!((1..CALLS).contains(&judged), "the log was read before the verdict {judged} times");
}
