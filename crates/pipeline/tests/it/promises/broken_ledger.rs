//! A broken chain of the ledger is reported once for each break.

use domain::record::hold::{Actor, Hold, HoldScope};
use domain::record::ledger::{LedgerEvent, LedgerFact, SegmentNumber};
use domain::record::notification::Event;
use jiff::SignedDuration;
use pipeline::ledger::append;
use pipeline::ports::{FaultKind, Ledger};
use pipeline::testing::sample::second;
use pipeline::testing::schedule::now;

use crate::promises::host::Work;
use crate::promises::outcome::told;
use crate::promises::world::World;

pub const DAY: SignedDuration = SignedDuration::from_hours(24);

pub fn segment(number: u32) -> SegmentNumber {
    SegmentNumber::parse(&format!("{number:06}")).unwrap()
}

fn facts(numbers: std::ops::Range<i64>) -> Vec<LedgerFact> {
    let told = |number: i64| {
        let what = LedgerEvent::HoldPlaced {
            hold: format!("hold {number}"),
            case: "case 1".to_owned(),
            scope: None,
            by: "ada".to_owned(),
        };
        LedgerFact::new(second(number), what)
    };
    numbers.map(told).collect()
}

pub fn add(world: &World, numbers: std::ops::Range<i64>) {
    now(append(world.ledger.as_ref(), world.clock.as_ref(), &facts(numbers))).unwrap();
}

/// Creates a world whose ledger has one segment for each of three months.
pub fn three_months() -> World {
    let world = World::new();
    for month in 0..3 {
        add(&world, month * 3..month * 3 + 3);
        world.pass_time(DAY * 31);
    }
    assert_eq!(now(world.ledger.segments()).unwrap().len(), 3);
    world
}

/// Changes a line, as an attacker would.
pub fn change(world: &World, number: u32, hold: &str) {
    world.ledger.tamper(segment(number), |bytes| {
        let at = bytes.windows(hold.len()).position(|window| window == hold.as_bytes()).unwrap();
        bytes[at] = b'H';
    });
}

pub fn a_day_passes(world: &World) {
    world.pass_time(DAY);
    world.does(&Work::Reconcile);
    world.run_until(world.now() + SignedDuration::from_mins(5));
}

#[test]
fn an_intact_chain_is_not_reported() {
    let world = three_months();
    for _ in 0..3 {
        a_day_passes(&world);
    }
    assert_eq!(told(&world, Event::LedgerBroken), 0);
}

#[test]
fn each_changed_line_is_reported_once() {
    let world = three_months();
    change(&world, 1, "hold 1");
    for _ in 0..3 {
        a_day_passes(&world);
    }
    assert_eq!(told(&world, Event::LedgerBroken), 1);
    let body = world.receiver.accepted().into_iter().find(|one| one.event == Event::LedgerBroken).unwrap().body;
    for said in [r#""severity":"critical""#, r#""segment":"000001""#, r#""line":3"#, "archivist ledger verify"] {
        assert!(body.contains(said), "{body}");
    }
    change(&world, 2, "hold 4");
    a_day_passes(&world);
    assert_eq!(told(&world, Event::LedgerBroken), 2);
}

#[test]
fn a_ledger_with_every_line_changed_is_reported_ten_times() {
    let world = World::new();
    add(&world, 0..1_000);
    world.ledger.tamper(segment(1), |bytes| bytes.iter_mut().for_each(|byte| *byte = byte.to_ascii_uppercase()));
    a_day_passes(&world);
    a_day_passes(&world);
    assert_eq!(told(&world, Event::LedgerBroken), 10);
}

#[test]
fn an_incomplete_last_line_is_not_reported() {
    let world = three_months();
    world.ledger.tamper(segment(3), |bytes| bytes.extend(b"{\"seq\":"));
    a_day_passes(&world);
    add(&world, 100..101);
    assert_eq!(now(world.ledger.segments()).unwrap().len(), 4);
    a_day_passes(&world);
    assert_eq!(told(&world, Event::LedgerBroken), 0);
}

#[test]
fn an_interrupted_verification_round_resumes_across_segments() {
    let world = three_months();
    // Segments 1 and 2 end in incomplete lines that the segments after them do not name.
    world.ledger.tamper(segment(2), |bytes| {
        let end = bytes.len() - 3;
        bytes.truncate(end);
    });
    world.ledger.tamper(segment(1), |bytes| bytes.extend(b"{\"seq\":"));
    world.pass_time(DAY);
    for _ in 0..4 {
        now(world.archivist().reconciliation.reconcile(&|| false)).unwrap();
    }
    world.run_until(world.now() + SignedDuration::from_mins(5));
    let bits = told(&world, Event::LedgerBroken);
    // A verification in one go finds the same as one in pieces.
    let at_once = three_months();
    at_once.ledger.tamper(segment(2), |bytes| {
        let end = bytes.len() - 3;
        bytes.truncate(end);
    });
    at_once.ledger.tamper(segment(1), |bytes| bytes.extend(b"{\"seq\":"));
    a_day_passes(&at_once);
    assert_eq!(bits, told(&at_once, Event::LedgerBroken));
    assert!(bits > 0);
}

#[test]
fn a_ledger_with_a_damaged_end_is_reported_within_minutes() {
    let world = three_months();
    a_day_passes(&world);
    change(&world, 3, "hold 8");
    world.pass_time(SignedDuration::from_hours(1));
    let scope = HoldScope { person: Some("bg@contoso.example".to_owned()), ..HoldScope::default() };
    let by = Actor { name: "ada".to_owned(), is_verified: true };
    now(world.archivist().hold_placing.place_hold(&Hold::new("2026-117", "dispute", scope, by, world.now()))).unwrap();
    for _ in 0..3 {
        let refused = now(world.archivist().due_work.sweep(&|| true)).unwrap_err();
        assert_eq!(refused.kind, FaultKind::Refused);
    }
    // Repairs the segment, so sweeps complete again.
    world.ledger.tamper(segment(3), |bytes| {
        let at = bytes.windows(6).position(|window| window == b"Hold 8").unwrap();
        bytes[at] = b'h';
    });
    world.run_until(world.now() + SignedDuration::from_mins(5));
    assert_eq!(told(&world, Event::LedgerBroken), 1);
}
