//! Changes of a ledger that only a reader with memory finds: a missing end, or a rewrite. Also the memory of a round:
//! its breaks, its position, and both after a crash.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::record::notification::Event;
use jiff::SignedDuration;
use pipeline::ports::Ledger;
use pipeline::testing::schedule::now;
use pipeline::testing::{Death, Gate};

use crate::promises::broken_ledger::{DAY, a_day_passes, add, change, segment, three_months};
use crate::promises::crashes::survives_in;
use crate::promises::host::{Work, perform};
use crate::promises::outcome::told;
use crate::promises::world::World;

/// Bodies of all notifications about breaks.
fn read(world: &World) -> Vec<String> {
    let heard = world.receiver.accepted().into_iter().filter(|one| one.event == Event::LedgerBroken);
    heard.map(|one| one.body).collect()
}

fn assert_told_once(world: &World, segment: &str, reason: &str) {
    for _ in 0..3 {
        a_day_passes(world);
    }
    let read = read(world);
    assert_eq!(read.len(), 1, "{read:?}");
    assert!(read[0].contains(&format!(r#""segment":"{segment}""#)) && read[0].contains(reason), "{read:?}");
}

/// Keeps only this many lines.
fn cut(world: &World, number: u32, lines: usize) {
    world.ledger.tamper(segment(number), |bytes| {
        let left: Vec<u8> = bytes.split_inclusive(|byte| *byte == b'\n').take(lines).flatten().copied().collect();
        *bytes = left;
    });
}

#[test]
fn a_removed_last_segment_is_reported_once() {
    let world = three_months();
    a_day_passes(&world);
    world.ledger.take_away(segment(3));
    assert_told_once(&world, "000003", "are gone");
}

#[test]
fn removing_several_last_segments_reports_the_first() {
    let world = three_months();
    a_day_passes(&world);
    [2, 3].into_iter().for_each(|number| world.ledger.take_away(segment(number)));
    assert_told_once(&world, "000002", "are gone");
}

#[test]
fn a_removed_ledger_is_reported_once() {
    let world = three_months();
    a_day_passes(&world);
    [1, 2, 3].into_iter().for_each(|number| world.ledger.take_away(segment(number)));
    assert_told_once(&world, "000001", "are gone");
}

#[test]
fn lines_cut_off_the_end_are_reported_once() {
    let world = three_months();
    a_day_passes(&world);
    cut(&world, 3, 2);
    assert_told_once(&world, "000003", "are gone");
    // Facts added from now on are no reason for a notification; another cut is.
    add(&world, 200..203);
    a_day_passes(&world);
    assert_eq!(read(&world).len(), 1);
    cut(&world, 3, 2);
    a_day_passes(&world);
    assert_eq!(read(&world).len(), 2);
}

#[test]
fn a_rewritten_last_segment_is_reported_once() {
    for (others, reason) in [(300..301, "are gone"), (300..310, "differ from those")] {
        let world = World::new();
        add(&world, 0..3);
        a_day_passes(&world);
        cut(&world, 1, 2);
        add(&world, others);
        assert_told_once(&world, "000001", reason);
    }
}

#[test]
fn an_end_cut_off_before_a_new_segment_is_reported_once() {
    let world = three_months();
    a_day_passes(&world);
    cut(&world, 3, 2);
    world.pass_time(DAY * 31);
    add(&world, 300..303);
    assert_eq!(now(world.ledger.segments()).unwrap().len(), 4);
    assert_told_once(&world, "000003", "are gone");
}

#[test]
fn a_recurring_break_is_reported_again_after_its_repair() {
    let world = three_months();
    let mend = || {
        world.ledger.tamper(segment(1), |bytes| {
            let at = bytes.windows(6).position(|window| window == b"Hold 1").unwrap();
            bytes[at] = b'h';
        });
    };
    for times in 1..=3 {
        change(&world, 1, "hold 1");
        a_day_passes(&world);
        a_day_passes(&world);
        assert_eq!(told(&world, Event::LedgerBroken), times);
        mend();
        a_day_passes(&world);
        assert_eq!(told(&world, Event::LedgerBroken), times);
    }
}

#[test]
fn a_long_segment_is_verified_over_several_runs() {
    let world = World::new();
    for thousand in 0..25 {
        add(&world, thousand * 1_000..(thousand + 1) * 1_000);
    }
    change(&world, 1, "hold 24100");
    world.pass_time(DAY);
    let (mut runs, mut most) = (0, 0);
    while told(&world, Event::LedgerBroken) == 0 {
        let gate = Arc::new(Gate::open());
        now(world.archivist_behind(&gate).reconciliation.reconcile(&|| false)).unwrap();
        most = most.max(gate.calls().get("ledger.read").copied().unwrap_or(0));
        runs += 1;
        world.pass_time(SignedDuration::from_mins(5));
        world.deliver_all();
        assert!(runs < 10, "it does not end");
    }
    let size = now(world.ledger.extent(segment(1))).unwrap().unwrap().size;
    assert_eq!(runs, 3);
    assert!(most as u64 * (1 << 20) < size * 3 / 4, "{most} reads of a mebibyte in a run, of {size} bytes");
    assert!(read(&world)[0].contains(r#""line":24102"#), "{:?}", read(&world));
    // The next round finds the same break again, and none between two runs.
    world.pass_time(DAY);
    for _ in 0..4 {
        now(world.archivist().reconciliation.reconcile(&|| false)).unwrap();
    }
    world.deliver_all();
    assert_eq!(told(&world, Event::LedgerBroken), 1);
}

fn broken() -> World {
    let world = three_months();
    a_day_passes(&world);
    change(&world, 1, "hold 1");
    cut(&world, 3, 3);
    world.pass_time(DAY);
    world
}

#[test]
fn a_broken_ledger_is_reported_once_despite_crashes() {
    let mut died_in = BTreeSet::new();
    for variant in [Death::Before, Death::After] {
        for n in 1.. {
            let world = broken();
            let gate = Arc::new(Gate::deadly(variant(n)));
            drop(now(perform(&world.archivist_behind(&gate), &Work::Reconcile)));
            let Some(call) = gate.died_in() else { break };
            died_in.insert(call);
            world.pass_time(SignedDuration::from_hours(1));
            world.does(&Work::Reconcile);
            for _ in 0..3 {
                a_day_passes(&world);
            }
            world.run_to_the_end();
            assert_eq!(told(&world, Event::LedgerBroken), 2, "died at {call}, {:?}", variant(n));
        }
    }
    let needed =
        ["checkpoints.get", "checkpoints.save", "ledger.read", "ledger.segments", "notifications.add", "queue.send"];
    assert!(needed.iter().all(|call| died_in.contains(call)), "the test must reach every call: {died_in:?}");
}

#[test]
fn verifying_a_broken_ledger_survives_a_crash_at_any_call() {
    let died_in = survives_in(World::with_log, |world| {
        add(world, 0..3);
        change(world, 1, "hold 1");
        world.pass_time(DAY);
        Work::Reconcile
    });
    assert!(died_in.contains("notifications.add") && died_in.contains("checkpoints.save"), "{died_in:?}");
}
