//! Concurrent readers of logs, handlers and sweeps, polled in any order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::record::tags::TagSet;
use jiff::{SignedDuration, Timestamp};
use pipeline::testing::Gate;
use proptest::prelude::*;

use crate::fewer_cases::{check, config};
use crate::promises::host::{Work, perform};
use crate::promises::outcome::{Seen, SeenSession, catalogue, entries, heard, sessions, tags};
use crate::promises::visits::Visit;
use crate::promises::world::{SETTLE_AFTER, World};
use pipeline::testing::schedule::{Task, Turns, interleaved, turns};

const NAME: &str = "vm-user";

/// Concurrent pieces of work.
#[derive(Debug, Clone, Copy)]
enum Meeting {
    TwoReadersOfOneLog,
    TwoReadersOfALogThatHasGrown,
    RecordsAndTheEventOfTheirRecording,
    RecordsAndASettlingRecording,
    AFirstMatchAndTheRecordsOfAnother,
    TwoSweepsThatMatch,
    TwoSweepsThatWithdraw,
    TwoSweepsThatFindABurst,
    TwoSweepsThatFindAGap,
    RecordsThatWithdrawAndTheWriteOfTheRecording,
    RecordsThatWakeAnEntryAndItsSweep,
    TheLateRecordingOfAGapAndASweep,
    TwoListings,
}

impl Meeting {
    fn all() -> [Self; 13] {
        [
            Self::TwoReadersOfOneLog,
            Self::TwoReadersOfALogThatHasGrown,
            Self::RecordsAndTheEventOfTheirRecording,
            Self::RecordsAndASettlingRecording,
            Self::AFirstMatchAndTheRecordsOfAnother,
            Self::TwoSweepsThatMatch,
            Self::TwoSweepsThatWithdraw,
            Self::TwoSweepsThatFindABurst,
            Self::TwoSweepsThatFindAGap,
            Self::RecordsThatWithdrawAndTheWriteOfTheRecording,
            Self::RecordsThatWakeAnEntryAndItsSweep,
            Self::TheLateRecordingOfAGapAndASweep,
            Self::TwoListings,
        ]
    }

    /// Prepares the world and returns the concurrent pieces of work.
    #[expect(clippy::too_many_lines, reason = "one line for each race")]
    fn works(self, world: &World) -> Vec<Work> {
        let all = || [visit("a").begun(), visit("a").over(), visit("c").failed()].concat();
        world.clock.set(visit("a").end + SignedDuration::from_mins(10));
        match self {
            Self::TwoReadersOfOneLog => vec![world.tells(&all()), Work::Tail],
            Self::TwoReadersOfALogThatHasGrown => {
                let (first, rest) = (visit("a").begun(), visit("a").over());
                world.does(&world.tells(&first));
                vec![world.tells(&rest), Work::Tail]
            }
            Self::RecordsAndTheEventOfTheirRecording => vec![world.tells(&all()), recorded(world)],
            Self::RecordsAndASettlingRecording => {
                world.clock.set(visit("a").end);
                world.does(&recorded(world));
                world.pass_time(SETTLE_AFTER);
                vec![Work::Sweep, world.tells(&all())]
            }
            Self::AFirstMatchAndTheRecordsOfAnother => {
                world.does(&world.tells(&visit("a").over()));
                vec![recorded(world), world.tells(&another().over())]
            }
            Self::TwoSweepsThatMatch => {
                world.does(&recorded(world));
                world.does(&world.tells(&all()));
                vec![Work::Sweep, Work::Sweep]
            }
            Self::TwoSweepsThatWithdraw => {
                matched(world);
                world.does(&world.tells(&another().over()));
                vec![Work::Sweep, Work::Sweep]
            }
            Self::TwoSweepsThatFindABurst => {
                let failed = |n: i64| Visit::new(&format!("f{n}"), world.now() + SignedDuration::from_secs(n), 1);
                let burst: String = (0..6).map(|n| failed(n).failed()).collect();
                world.does(&world.tells(&burst));
                vec![Work::Sweep, Work::Sweep]
            }
            Self::TwoSweepsThatFindAGap => {
                missing(world);
                vec![Work::Sweep, Work::Sweep]
            }
            Self::RecordsThatWithdrawAndTheWriteOfTheRecording => {
                matched(world);
                let rewritten = Work::Event(world.write(NAME, 12));
                vec![world.tells(&another().over()), rewritten]
            }
            Self::RecordsThatWakeAnEntryAndItsSweep => {
                matched(world);
                world.does(&world.tells(&another().over()));
                let moved = another().start - SignedDuration::from_hours(1);
                vec![world.tells(&Visit { start: moved, ..another() }.begun()), Work::Sweep]
            }
            Self::TheLateRecordingOfAGapAndASweep => {
                missing(world);
                vec![Work::Sweep, recorded(world)]
            }
            Self::TwoListings => {
                world.does(&world.tells(&all()));
                drop(recorded(world));
                vec![Work::Reconcile, Work::Reconcile]
            }
        }
    }
}

fn visit(tunnel: &str) -> Visit {
    Visit::new(tunnel, Timestamp::constant(1_772_442_000, 0), 10)
}

fn another() -> Visit {
    Visit::new("b", Timestamp::constant(1_772_442_010, 0), 10)
}

fn recorded(world: &World) -> Work {
    Work::Event(world.record(NAME, visit("a").start, visit("a").end))
}

fn matched(world: &World) {
    world.does(&recorded(world));
    world.does(&world.tells(&visit("a").over()));
    world.run_until(world.now() + SignedDuration::from_mins(10));
}

fn missing(world: &World) {
    world.does(&world.tells(&visit("a").over()));
    world.clock.set(visit("a").end + SignedDuration::from_hours(25));
    // The bastion records, so the reported cause does not depend on the order.
    world.does(&Work::Event(world.write("other-user", 9)));
    world.does(&Work::Reconcile);
}

#[derive(Debug, PartialEq)]
struct Shown {
    catalogue: BTreeMap<String, Vec<Seen>>,
    tags: BTreeMap<String, TagSet>,
    sessions: BTreeMap<String, SeenSession>,
    heard: BTreeSet<String>,
    undone: usize,
    repeats: usize,
}

fn finally(world: &World) -> Shown {
    world.run_to_the_end();
    let mut saved = world.sessions.saves.revisions();
    let saves = saved.len();
    saved.sort();
    saved.dedup();
    assert_eq!(saved.len(), saves, "a session is saved once per revision");
    let mut catalogue = catalogue(world);
    // The number of notified verdicts on the way depends on the order.
    catalogue.values_mut().flatten().for_each(|seen| seen.told = None);
    Shown {
        catalogue,
        tags: tags(world),
        sessions: sessions(world),
        heard: heard(world),
        undone: entries(world).iter().map(|entry| entry.pending.len() + entry.refusals.len()).sum(),
        repeats: world.receiver.accepted().len() - heard(world).len(),
    }
}

fn one_after_the_other(meeting: Meeting, is_turned: bool) -> Shown {
    let world = World::with_log();
    let mut works = meeting.works(&world);
    if is_turned {
        works.reverse();
    }
    works.iter().for_each(|work| world.does(work));
    finally(&world)
}

fn at_the_same_time(meeting: Meeting, turns: &Turns) -> Shown {
    let world = World::with_log();
    let works = meeting.works(&world);
    let tasks = works.iter().map(|work| {
        let archivist = world.archivist_behind(&Arc::new(Gate::open().yielding()));
        let task: Task<'_, _> = Box::pin(async move { perform(&archivist, work).await });
        task
    });
    interleaved(tasks.collect(), turns).into_iter().for_each(Result::unwrap);
    finally(&world)
}

/// Asserts that the result equals one of the two sequential orders.
fn assert_same(meeting: Meeting, turns: &Turns) {
    let met = at_the_same_time(meeting, turns);
    let expected = one_after_the_other(meeting, false);
    if met != expected {
        let turned = one_after_the_other(meeting, true);
        assert!(met == turned, "{meeting:?}, {turns:?}");
    }
}

#[test]
fn concurrent_readers_and_handlers_lose_no_data() {
    let cases = (prop::sample::select(Meeting::all().to_vec()), turns());
    check(config(8), &cases, |(meeting, turns)| {
        assert_same(meeting, &turns);
        Ok(())
    });
}

#[test]
fn a_reader_interleaved_at_any_call_changes_no_result() {
    for meeting in Meeting::all() {
        let [expected, turned] = [false, true].map(|is_turned| one_after_the_other(meeting, is_turned));
        for (calls, between) in (0..14).flat_map(|calls| [2, 5, 9, 14, 40].map(|between| (calls, between))) {
            let turns = Turns([vec![0; calls], vec![1; between], vec![0; 60]].concat());
            let met = at_the_same_time(meeting, &turns);
            assert!(met == expected || met == turned, "{meeting:?}, {turns:?}");
        }
    }
}
