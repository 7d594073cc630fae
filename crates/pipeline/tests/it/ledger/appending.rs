//! One appender under all conditions of the ledger.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use adapters_local::memory::MemoryLedger;
use pipeline::ledger::append;
use pipeline::ports::FaultKind;
use pipeline::testing::{Death, Gate};

use crate::ledger::deaf::Deaf;
use crate::ledger::world::{LedgerWorld, facts, segment, told};
use pipeline::testing::schedule::now;

#[test]
fn many_facts_are_appended_in_few_blocks() {
    let world = LedgerWorld::default();
    let gate = Arc::new(Gate::open());
    let ledger = gate.around_ledger(&world.port());
    let appended = now(append(ledger.as_ref(), world.clock.as_ref(), &facts(0..2_500))).unwrap();
    assert_eq!((appended, gate.calls()["ledger.append"]), (2_500, 3));
    world.holds(&facts(0..2_500));
}

#[test]
fn an_empty_append_makes_no_calls() {
    let world = LedgerWorld::default();
    assert_eq!(world.append(&[]).unwrap(), 0);
    assert_eq!(world.segments(), []);
}

/// The cost does not depend on the length of the ledger.
#[test]
fn an_append_reads_only_the_end() {
    let world = LedgerWorld::default();
    let cost = |from: usize| {
        let gate = Arc::new(Gate::open());
        let ledger = gate.around_ledger(&world.port());
        now(append(ledger.as_ref(), world.clock.as_ref(), &facts(from..from + 1_000))).unwrap();
        gate.calls()
    };
    cost(0);
    let early = cost(1_000);
    for round in 2..6 {
        assert_eq!(cost(1_000 * round), early);
    }
}

#[test]
fn a_new_month_begins_a_chained_segment() {
    let world = LedgerWorld::default();
    world.append(&facts(0..2)).unwrap();
    world.set_clock("2026-03-31T23:59:59Z");
    world.append(&facts(2..3)).unwrap();
    world.set_clock("2026-04-01T00:00:00Z");
    world.append(&facts(3..5)).unwrap();
    assert_eq!(world.lines(), [5, 3]);
    world.holds(&facts(0..5));
}

#[test]
fn a_clock_that_goes_back_begins_no_segment() {
    let world = LedgerWorld::default();
    for at in ["2026-04-01T00:00:00Z", "2026-03-31T23:59:59Z", "2026-04-01T00:00:01Z"] {
        world.set_clock(at);
        world.append(&[told(at.len() + world.facts().len())]).unwrap();
    }
    assert_eq!(world.lines(), [4]);
}

#[test]
fn a_segment_of_40_000_blocks_is_closed() {
    let world = LedgerWorld::with(MemoryLedger::with_weight(20_000));
    for n in 0..4 {
        world.append(&facts(n..n + 1)).unwrap();
    }
    assert_eq!(world.lines(), [4, 3], "opening, two facts and closing, then the next");
    world.holds(&facts(0..4));
}

#[test]
fn a_full_segment_is_followed_by_another() {
    let world = LedgerWorld::with(MemoryLedger::with_most_blocks(2));
    for n in 0..5 {
        world.append(&facts(n..n + 1)).unwrap();
    }
    assert_eq!(world.lines(), [3, 3, 2]);
    world.holds(&facts(0..5));
}

#[test]
fn an_incomplete_line_is_kept_and_noted_in_the_next_segment() {
    let world = LedgerWorld::default();
    world.append(&facts(0..2)).unwrap();
    let half = "{\"schema\":1,\"seq\":3,\"at\":\"2026-0";
    world.ledger.tamper(segment(1), |bytes| bytes.extend(half.bytes()));
    let (_, findings) = world.verify();
    assert_eq!(findings.len(), 1, "it is not recorded anywhere yet");
    world.append(&facts(2..4)).unwrap();
    assert!(world.content(1).ends_with(half));
    assert_eq!(world.facts(), facts(0..4));
    world.holds(&facts(0..4));
}

#[test]
fn an_incomplete_opening_is_kept() {
    let world = LedgerWorld::default();
    world.ledger.tamper(segment(1), |bytes| bytes.extend(b"{\"sch"));
    world.append(&facts(0..2)).unwrap();
    assert_eq!(world.lines(), [1, 3]);
    world.holds(&facts(0..2));
}

#[test]
fn a_fact_at_the_end_of_the_ledger_is_not_repeated() {
    let world = LedgerWorld::default();
    world.append(&facts(0..3)).unwrap();
    assert_eq!(world.append(&facts(1..5)).unwrap(), 2);
    assert_eq!(world.facts(), facts(0..5));
    let twice = [told(7), told(7)];
    assert_eq!(world.append(&twice).unwrap(), 1);
}

#[test]
fn a_fact_with_a_lost_response_is_appended_once() {
    for (lost, repeats) in [(1, false), (2, false), (3, false), (1, true), (3, true)] {
        let world = LedgerWorld::default();
        let deaf = Deaf { ledger: world.port(), lost: AtomicUsize::new(lost), repeats };
        now(append(&deaf, world.clock.as_ref(), &facts(0..2_500))).unwrap();
        assert_eq!(world.facts(), facts(0..2_500), "{lost} answers lost");
        world.holds(&facts(0..2_500));
    }
}

#[test]
fn a_ledger_outage_leaves_the_facts_for_a_retry() {
    let world = LedgerWorld::default();
    let gate = Arc::new(Gate::open());
    gate.fail("ledger.append", FaultKind::Transient { retry_after: None });
    let ledger = gate.around_ledger(&world.port());
    now(append(ledger.as_ref(), world.clock.as_ref(), &facts(0..3))).unwrap_err();
    gate.mend();
    now(append(ledger.as_ref(), world.clock.as_ref(), &facts(0..3))).unwrap();
    world.holds(&facts(0..3));
}

#[test]
fn no_fact_is_appended_after_damaged_lines() {
    let world = LedgerWorld::default();
    world.append(&facts(0..3)).unwrap();
    let before = world.content(1);
    world.ledger.tamper(segment(1), |bytes| {
        let at = bytes.len() - 100;
        bytes[at] ^= 1;
    });
    let refused = world.append(&facts(3..4)).unwrap_err();
    assert_eq!(refused.kind, FaultKind::Refused);
    assert!(refused.to_string().contains("ledger verify"), "{refused}");
    assert_eq!(world.content(1).len(), before.len());
}

/// Ledgers with earlier facts, by name of the scenario, at the time of the next append.
fn scenarios() -> Vec<(&'static str, LedgerWorld)> {
    let month = LedgerWorld::default();
    month.append(&facts(0..2)).unwrap();
    month.set_clock("2026-04-01T00:00:00Z");
    let torn = LedgerWorld::default();
    torn.append(&facts(0..2)).unwrap();
    torn.ledger.tamper(segment(1), |bytes| bytes.extend(b"{\"sch"));
    let full = LedgerWorld::with(MemoryLedger::with_most_blocks(1));
    full.append(&facts(0..2)).unwrap();
    let next = LedgerWorld::default();
    next.append(&facts(0..2)).unwrap();
    vec![("empty", LedgerWorld::default()), ("month", month), ("torn", torn), ("full", full), ("next", next)]
}

#[test]
fn appending_survives_a_crash_at_any_call() {
    let count = scenarios().len();
    for index in 0..count {
        for call in 1.. {
            let mut died = 0;
            for death in [Death::Before(call), Death::After(call)] {
                let (name, world) = scenarios().remove(index);
                let before = world.facts();
                let gate = Arc::new(Gate::deadly(death));
                let ledger = gate.around_ledger(&world.port());
                let first = now(append(ledger.as_ref(), world.clock.as_ref(), &facts(2..5)));
                assert_eq!(first.is_err(), gate.died_in().is_some() && !matches!(first, Ok(3)), "{name} {death:?}");
                died += usize::from(gate.died_in().is_some());
                world.append(&facts(2..5)).unwrap();
                let all: Vec<_> = before.into_iter().chain(facts(2..5)).collect();
                world.holds(&all);
                assert_eq!(world.facts(), all, "{name} {death:?}");
            }
            if died == 0 {
                assert!(call > 4, "some calls were made");
                break;
            }
        }
    }
}

#[test]
fn appending_survives_a_failure_of_any_call() {
    let count = scenarios().len();
    for index in 0..count {
        for call in 1.. {
            let (name, world) = scenarios().remove(index);
            let before = world.facts();
            let transient = FaultKind::Transient { retry_after: None };
            let gate = Arc::new(Gate::failing_at(call, transient));
            let ledger = gate.around_ledger(&world.port());
            let appended = now(append(ledger.as_ref(), world.clock.as_ref(), &facts(2..5)));
            let Some(failed) = gate.failed_in() else { break };
            // A failed append is retried at once, since its outcome is unknown.
            assert_eq!(appended.is_ok(), failed == "ledger.append", "{name}: {failed}");
            world.append(&facts(2..5)).unwrap();
            assert_eq!(world.facts(), before.into_iter().chain(facts(2..5)).collect::<Vec<_>>(), "{name}: {failed}");
        }
    }
}
