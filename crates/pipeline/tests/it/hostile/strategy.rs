//! Generates hostile worlds.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::hostile::act::{ActKind, HostileAct, HostileTagWrite};
use crate::hostile::elements::Elements;
use crate::hostile::policy::{HostilePolicy, PEOPLE, PolicyChoice};
use crate::hostile::visit::{HostileVisit, Lie, ToldVisit, VisitedMachine, WrittenVisit};

const LETTERS: [char; 3] = ['a', 'b', 'c'];
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A number of days with actions.
#[derive(Debug, Clone)]
pub struct HostileTick {
    pub days: u32,
    pub acts: Vec<HostileAct>,
}

/// A policy with the actions under it.
pub fn world(elements: Elements) -> impl Strategy<Value = (HostilePolicy, Vec<HostileTick>)> {
    let tick =
        (1u32..12, prop::collection::vec(act(elements), 1..4)).prop_map(|(days, acts)| HostileTick { days, acts });
    let ticks = prop::collection::vec(tick, 3..11);
    // Crowds are rare, because one takes longer than all else together.
    let crowd = prop::option::weighted(0.15, (crowd(), any::<Index>()));
    (said(elements), ticks, crowd).prop_map(move |(said, mut ticks, crowd)| {
        if let Some((visits, at)) = crowd.filter(|_| elements.crowds) {
            let at = at.index(ticks.len());
            ticks[at].acts.insert(0, HostileAct::Visit(visits));
        }
        (said, ticks)
    })
}

fn said(elements: Elements) -> impl Strategy<Value = HostilePolicy> {
    let class = (1u32..30, 1u32..40, prop::bool::weighted(0.1));
    let which = prop_oneof![
        4 => select(&LETTERS[..]).prop_map(PolicyChoice::Machine),
        1 => select(&PEOPLE[..]).prop_map(PolicyChoice::Of),
        2 => Just(PolicyChoice::Brief),
    ];
    let rules = prop::collection::vec((which, 0usize..3), 0..3);
    let lifecycle = prop::bool::weighted(if elements.lifecycle { 0.3 } else { 0.0 });
    let storage = (lifecycle, any::<bool>());
    (any::<bool>(), prop::collection::vec(class, 3), rules, 0u32..4, storage).prop_map(
        |(from_creation, mut classes, rules, grace, (lifecycle, tells_time))| {
            // A default class that keeps for ever would leave little to test.
            classes[0].2 = false;
            HostilePolicy { from_creation, classes, rules, grace, lifecycle, tells_time }
        },
    )
}

fn act(elements: Elements) -> impl Strategy<Value = HostileAct> {
    let weight = |is_on: bool, weight: u32| if is_on { weight } else { 0 };
    prop_oneof![
        12 => visit(elements).prop_map(|visit| HostileAct::Visit(vec![visit])),
        4 => (0u8..4, kind()).prop_map(|(case, kind)| HostileAct::Hold(case, kind)),
        2 => (0u8..4).prop_map(HostileAct::Release),
        weight(elements.tags, 3) => (any::<usize>(), tag_write()).prop_map(|(which, write)| HostileAct::Tags(which, write)),
        weight(elements.holds_by_hand, 2) => any::<usize>().prop_map(HostileAct::HoldByHand),
        weight(elements.junk, 2) => (any::<usize>(), 1usize..60).prop_map(|(which, times)| HostileAct::Junk(which, times)),
        weight(elements.clocks, 2) => clock().prop_map(HostileAct::WrongClock),
        weight(elements.wrong_store, 1) => any::<bool>().prop_map(HostileAct::WrongStore),
    ]
}

fn visit(elements: Elements) -> impl Strategy<Value = HostileVisit> {
    let written = prop_oneof![2 => Just(WrittenVisit::Live), 1 => (30i64..150).prop_map(WrittenVisit::Uploaded)];
    let lasts = select(&[5, 12, 60, 1_800, 6_000, 100 * HOUR][..]);
    let lie = prop_oneof![4 => Just(None), 1 => Just(Some(Lie::LongAgo)), 1 => Just(Some(Lie::FarAhead))];
    let parts = (select(&LETTERS[..]), select(&PEOPLE[..]), lasts, written, told(elements), machine(elements), lie);
    parts.prop_map(move |(letter, person, lasts, written, told, machine, lie)| HostileVisit {
        letter,
        person,
        // The archivist never takes an upload for the recording of a session longer than half a day.
        lasts: if written == WrittenVisit::Live { lasts } else { lasts.min(6_000) },
        written,
        told,
        machine,
        lies: lie.filter(|_| elements.lying_events),
    })
}

fn told(elements: Elements) -> impl Strategy<Value = ToldVisit> {
    let malformed = if elements.malformed_times { 6 } else { 0 };
    prop_oneof![
        6 => Just(ToldVisit::Truth),
        1 => Just(ToldVisit::StartOnly),
        1 => Just(ToldVisit::Nothing),
        malformed => (off(), off()).prop_map(|(start, end)| ToldVisit::Off { start, end }),
    ]
}

/// Error of a logged time in seconds: none, minutes, a missing zone, swapped day and month, years.
fn off() -> impl Strategy<Value = i64> {
    prop_oneof![
        3 => Just(0),
        2 => -600i64..600,
        2 => (-14i64..15).prop_map(|hours| hours * HOUR),
        2 => (-300i64..300).prop_map(|days| days * DAY),
        1 => (-25i64..70).prop_map(|years| years * 365 * DAY),
    ]
}

fn machine(elements: Elements) -> impl Strategy<Value = VisitedMachine> {
    let odd = u32::from(elements.odd_machines);
    prop_oneof![4 => Just(VisitedMachine::Named), odd => Just(VisitedMachine::ByAddress), odd => Just(VisitedMachine::Instance)]
}

/// More concurrent sessions of one account than an entry keeps candidates; one of them belongs to another person.
fn crowd() -> impl Strategy<Value = Vec<HostileVisit>> {
    (select(&LETTERS[..]), select(&PEOPLE[..]), 17usize..20, any::<Index>()).prop_map(
        |(letter, person, count, other)| {
            let other = other.index(count);
            let visit = |nth| HostileVisit {
                letter,
                person: if nth == other { PEOPLE[usize::from(person == PEOPLE[0])] } else { person },
                lasts: 600,
                written: WrittenVisit::Live,
                told: ToldVisit::Truth,
                machine: VisitedMachine::Named,
                lies: None,
            };
            (0..count).map(visit).collect()
        },
    )
}

fn kind() -> impl Strategy<Value = ActKind> {
    prop_oneof![
        3 => any::<usize>().prop_map(ActKind::Recording),
        2 => select(&PEOPLE[..]).prop_map(ActKind::Person),
        2 => any::<usize>().prop_map(ActKind::Session),
        2 => any::<usize>().prop_map(ActKind::Machine),
        1 => Just(ActKind::Bastion),
        4 => (any::<usize>(), -HOUR..2 * HOUR, 60i64..2 * HOUR)
            .prop_map(|(which, from, lasts)| ActKind::During(which, from, lasts)),
    ]
}

fn tag_write() -> impl Strategy<Value = HostileTagWrite> {
    select(
        &[
            HostileTagWrite::Theirs,
            HostileTagWrite::NoneOfOurs,
            HostileTagWrite::NoHold,
            HostileTagWrite::Stale,
            HostileTagWrite::Due,
        ][..],
    )
}

/// Error of a clock in hours.
fn clock() -> impl Strategy<Value = i64> {
    prop_oneof![-48i64..48, (-500i64..500).prop_map(|days| days * 24)]
}
