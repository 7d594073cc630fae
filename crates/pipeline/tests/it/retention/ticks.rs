//! Ten years as ticks: what happens on the days of each, and how the archivist runs then.

use domain::record::review::ReviewOutcome;
use pipeline::testing::Death;
use pipeline::testing::schedule::{Turns, turns};
use proptest::prelude::*;
use proptest::sample::select;

use crate::retention::policy::{LETTERS, PEOPLE, Said, said};

/// Event of a tick, before the archivist runs.
#[derive(Debug, Clone)]
pub enum Happens {
    Record(char, Option<&'static str>),
    Policy(Said),
    Hold(u8, Kind),
    Release(u8),
    Rewrite(usize),
    Remove(usize, bool),
    Approve,
    /// A person reviews a recording.
    Review(usize, ReviewOutcome),
    /// A person opens a recording.
    View(usize, &'static str),
    /// Everything is exported as evidence.
    Export,
}

/// Scope of a hold to place.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Recording(usize),
    Person(&'static str),
    News,
}

/// Way in which the archivist runs.
#[derive(Debug, Clone)]
pub enum Runs {
    Healthy,
    Dies(Death),
    Twice(Turns),
    /// A hold is placed after this many calls of the run.
    BesideHold(u8, usize, usize),
    /// A recording is rewritten after this many calls of the run.
    BesideWriter(usize, usize),
}

/// A number of days with events.
#[derive(Debug, Clone)]
pub struct Tick {
    pub days: u32,
    pub happens: Vec<Happens>,
    pub runs: Runs,
}

fn happens() -> impl Strategy<Value = Happens> {
    let person = prop_oneof![1 => Just(None), 3 => select(&PEOPLE[..]).prop_map(Some)];
    let kind = prop_oneof![
        4 => any::<usize>().prop_map(Kind::Recording),
        1 => select(&PEOPLE[..]).prop_map(Kind::Person),
        1 => Just(Kind::News),
    ];
    prop_oneof![
        20 => (select(&LETTERS[..]), person).prop_map(|(letter, person)| Happens::Record(letter, person)),
        1 => said().prop_map(Happens::Policy),
        2 => (0u8..4, kind).prop_map(|(case, kind)| Happens::Hold(case, kind)),
        2 => (0u8..4).prop_map(Happens::Release),
        1 => any::<usize>().prop_map(Happens::Rewrite),
        1 => (any::<usize>(), any::<bool>()).prop_map(|(which, heard)| Happens::Remove(which, heard)),
        3 => Just(Happens::Approve),
        2 => (any::<usize>(), select(&ReviewOutcome::ALL[..])).prop_map(|(which, outcome)| Happens::Review(which, outcome)),
        3 => (any::<usize>(), select(&PEOPLE[..])).prop_map(|(which, person)| Happens::View(which, person)),
        1 => Just(Happens::Export),
    ]
}

fn runs() -> impl Strategy<Value = Runs> {
    let death = (1usize..60, any::<bool>());
    let death = death.prop_map(|(call, before)| if before { Death::Before(call) } else { Death::After(call) });
    prop_oneof![
        10 => Just(Runs::Healthy),
        2 => death.prop_map(Runs::Dies),
        1 => turns().prop_map(Runs::Twice),
        3 => (0u8..4, any::<usize>(), 0usize..60).prop_map(|(case, which, at)| Runs::BesideHold(case, which, at)),
        2 => (any::<usize>(), 0usize..60).prop_map(|(which, at)| Runs::BesideWriter(which, at)),
    ]
}

pub fn decade() -> impl Strategy<Value = (Said, Vec<Tick>)> {
    let tick = (1u32..48, prop::collection::vec(happens(), 0..3), runs());
    let tick = tick.prop_map(|(days, happens, runs)| Tick { days, happens, runs });
    (said(), prop::collection::vec(tick, 150))
}
