//! Generates hostile worlds.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::hostile::act::{Act, Kind, TagWrite};
use crate::hostile::elements::Elements;
use crate::hostile::policy::{PEOPLE, Said, Which};
use crate::hostile::visit::{Lie, Machine, Told, Visit, Written};

const LETTERS: [char; 3] = ['a', 'b', 'c'];
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A number of days with actions.
#[derive(Debug, Clone)]
pub struct Tick {
    pub days: u32,
    pub acts: Vec<Act>,
}

/// A policy with the actions under it.
pub fn world(elements: Elements) -> impl Strategy<Value = (Said, Vec<Tick>)> {
    let tick = (1u32..12, prop::collection::vec(act(elements), 1..4)).prop_map(|(days, acts)| Tick { days, acts });
    let ticks = prop::collection::vec(tick, 3..11);
    // Crowds are rare, because one takes longer than all else together.
    let crowd = prop::option::weighted(0.15, (crowd(), any::<Index>()));
    (said(elements), ticks, crowd).prop_map(move |(said, mut ticks, crowd)| {
        if let Some((visits, at)) = crowd.filter(|_| elements.crowds) {
            let at = at.index(ticks.len());
            ticks[at].acts.insert(0, Act::Visit(visits));
        }
        (said, ticks)
    })
}

fn said(elements: Elements) -> impl Strategy<Value = Said> {
    let class = (1u32..30, 1u32..40, prop::bool::weighted(0.1));
    let which = prop_oneof![
        4 => select(&LETTERS[..]).prop_map(Which::Machine),
        1 => select(&PEOPLE[..]).prop_map(Which::Of),
        2 => Just(Which::Brief),
    ];
    let rules = prop::collection::vec((which, 0usize..3), 0..3);
    let lifecycle = prop::bool::weighted(if elements.lifecycle { 0.3 } else { 0.0 });
    let storage = (lifecycle, any::<bool>());
    (any::<bool>(), prop::collection::vec(class, 3), rules, 0u32..4, storage).prop_map(
        |(from_creation, mut classes, rules, grace, (lifecycle, tells_time))| {
            // A default class that keeps for ever would leave little to test.
            classes[0].2 = false;
            Said { from_creation, classes, rules, grace, lifecycle, tells_time }
        },
    )
}

fn act(elements: Elements) -> impl Strategy<Value = Act> {
    let weight = |is_on: bool, weight: u32| if is_on { weight } else { 0 };
    prop_oneof![
        12 => visit(elements).prop_map(|visit| Act::Visit(vec![visit])),
        4 => (0u8..4, kind()).prop_map(|(case, kind)| Act::Hold(case, kind)),
        2 => (0u8..4).prop_map(Act::Release),
        weight(elements.tags, 3) => (any::<usize>(), tag_write()).prop_map(|(which, write)| Act::Tags(which, write)),
        weight(elements.holds_by_hand, 2) => any::<usize>().prop_map(Act::HoldByHand),
        weight(elements.junk, 2) => (any::<usize>(), 1usize..60).prop_map(|(which, times)| Act::Junk(which, times)),
        weight(elements.clocks, 2) => clock().prop_map(Act::WrongClock),
        weight(elements.wrong_store, 1) => any::<bool>().prop_map(Act::WrongStore),
    ]
}

fn visit(elements: Elements) -> impl Strategy<Value = Visit> {
    let written = prop_oneof![2 => Just(Written::Live), 1 => (30i64..150).prop_map(Written::Uploaded)];
    let lasts = select(&[5, 12, 60, 1_800, 6_000, 100 * HOUR][..]);
    let lie = prop_oneof![4 => Just(None), 1 => Just(Some(Lie::LongAgo)), 1 => Just(Some(Lie::FarAhead))];
    let parts = (select(&LETTERS[..]), select(&PEOPLE[..]), lasts, written, told(elements), machine(elements), lie);
    parts.prop_map(move |(letter, person, lasts, written, told, machine, lie)| Visit {
        letter,
        person,
        // The archivist never takes an upload for the recording of a session longer than half a day.
        lasts: if written == Written::Live { lasts } else { lasts.min(6_000) },
        written,
        told,
        machine,
        lies: lie.filter(|_| elements.lying_events),
    })
}

fn told(elements: Elements) -> impl Strategy<Value = Told> {
    let malformed = if elements.malformed_times { 6 } else { 0 };
    prop_oneof![
        6 => Just(Told::Truth),
        1 => Just(Told::StartOnly),
        1 => Just(Told::Nothing),
        malformed => (off(), off()).prop_map(|(start, end)| Told::Off { start, end }),
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

fn machine(elements: Elements) -> impl Strategy<Value = Machine> {
    let odd = u32::from(elements.odd_machines);
    prop_oneof![4 => Just(Machine::Named), odd => Just(Machine::ByAddress), odd => Just(Machine::Instance)]
}

/// More concurrent sessions of one account than an entry keeps candidates; one of them belongs to another person.
fn crowd() -> impl Strategy<Value = Vec<Visit>> {
    (select(&LETTERS[..]), select(&PEOPLE[..]), 17usize..20, any::<Index>()).prop_map(
        |(letter, person, count, other)| {
            let other = other.index(count);
            let visit = |nth| Visit {
                letter,
                person: if nth == other { PEOPLE[usize::from(person == PEOPLE[0])] } else { person },
                lasts: 600,
                written: Written::Live,
                told: Told::Truth,
                machine: Machine::Named,
                lies: None,
            };
            (0..count).map(visit).collect()
        },
    )
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        3 => any::<usize>().prop_map(Kind::Recording),
        2 => select(&PEOPLE[..]).prop_map(Kind::Person),
        2 => any::<usize>().prop_map(Kind::Session),
        2 => any::<usize>().prop_map(Kind::Machine),
        1 => Just(Kind::Bastion),
        4 => (any::<usize>(), -HOUR..2 * HOUR, 60i64..2 * HOUR)
            .prop_map(|(which, from, lasts)| Kind::During(which, from, lasts)),
    ]
}

fn tag_write() -> impl Strategy<Value = TagWrite> {
    select(&[TagWrite::Theirs, TagWrite::NoneOfOurs, TagWrite::NoHold, TagWrite::Stale, TagWrite::Due][..])
}

/// Error of a clock in hours.
fn clock() -> impl Strategy<Value = i64> {
    prop_oneof![-48i64..48, (-500i64..500).prop_map(|days| days * 24)]
}
