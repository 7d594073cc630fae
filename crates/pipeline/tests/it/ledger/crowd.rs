//! Several concurrent appenders, some of which die.

use std::sync::Arc;

use adapters_local::memory::MemoryLedger;
use domain::record::ledger::LedgerFact;
use jiff::SignedDuration;
use pipeline::ledger::append;
use pipeline::testing::{Death, Gate};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, prop_oneof, proptest};

use crate::ledger::world::{LedgerWorld, facts};
use pipeline::testing::schedule::{Task, Turns, interleaved, turns};

/// Facts that one appender appends, and the moment of its death.
type Appender = (std::ops::Range<usize>, Option<Death>);

fn appenders() -> impl Strategy<Value = Appender> {
    let deaths = prop_oneof![(1usize..14).prop_map(Death::Before), (1usize..14).prop_map(Death::After)];
    ((0usize..40, 1usize..8).prop_map(|(from, count)| from..from + count), option::of(deaths))
}

/// Rounds of concurrent appenders, with hours or weeks in between.
fn rounds() -> impl Strategy<Value = Vec<(Vec<Appender>, i64)>> {
    vec((vec(appenders(), 1..4), prop_oneof![Just(1i64), 1i64..1_200]), 1..6)
}

fn play(world: &LedgerWorld, rounds: &[(Vec<Appender>, i64)], turns: &Turns) -> Vec<LedgerFact> {
    let mut told: Vec<LedgerFact> = Vec::new();
    for (appenders, hours) in rounds {
        let work: Vec<_> = appenders.iter().map(|(numbers, death)| (facts(numbers.clone()), *death)).collect();
        let tasks = work.iter().map(|(facts, death)| -> Task<'_, bool> {
            let gate = death.map_or_else(Gate::open, Gate::deadly).yielding();
            let ledger = Arc::new(gate).around_ledger(&world.port());
            Box::pin(async move { append(ledger.as_ref(), world.clock.as_ref(), facts).await.is_ok() })
        });
        let done = interleaved(tasks.collect(), turns);
        for ((facts, death), done) in work.into_iter().zip(done) {
            assert!(done || death.is_some(), "one that lives comes to its end");
            // After a death, the effects are still pending.
            if !done {
                world.append(&facts).unwrap();
            }
            told.extend(facts);
        }
        world.clock.advance(SignedDuration::from_hours(*hours));
    }
    told
}

proptest! {
    #[test]
    fn concurrent_appends_and_crashes_leave_a_complete_chain(
        rounds in rounds(), turns in turns(), small in proptest::bool::ANY,
    ) {
        let world = LedgerWorld::with(if small { MemoryLedger::with_most_blocks(3) } else { MemoryLedger::with_weight(9_000) });
        let told = play(&world, &rounds, &turns);
        world.holds(&told);
    }
}
