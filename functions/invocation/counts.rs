//! Counts the outcomes of each function.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use telemetry::names;

use super::InvocationOutcome;

/// Number of calls of one function with one outcome and one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct InvocationCount {
    /// Function name.
    pub function: &'static str,
    /// Label of the outcome.
    pub outcome: &'static str,
    /// Reason of the outcome, or empty.
    pub reason: &'static str,
    /// Number since the process started.
    pub count: u64,
}

/// Outcome counters, shared by all functions of a process.
#[derive(Debug, Default)]
pub struct Counts {
    counters: RwLock<BTreeMap<Key, AtomicU64>>,
}

/// Function, outcome, reason; the sort order of a snapshot.
type Key = (&'static str, &'static str, &'static str);

impl Counts {
    /// Counts one outcome.
    ///
    /// A call with several events counts each event.
    pub fn add(&self, function: &'static str, outcome: InvocationOutcome) {
        let key = (function, outcome.label(), outcome.reason());
        let labels =
            [(names::FAAS_NAME, function), (names::OUTCOME, outcome.label()), (names::REASON, outcome.reason())];
        telemetry::count(&names::OUTCOMES, &labels);
        {
            let counters = self.counters.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(counter) = counters.get(&key) {
                counter.fetch_add(1, Ordering::Relaxed);
                return;
            }
        }
        let mut counters = self.counters.write().unwrap_or_else(PoisonError::into_inner);
        counters.entry(key).or_default().fetch_add(1, Ordering::Relaxed);
    }

    /// Returns all counters, sorted by function, outcome and reason.
    pub fn snapshot(&self) -> Vec<InvocationCount> {
        let counters = self.counters.read().unwrap_or_else(PoisonError::into_inner);
        let count = |(&(function, outcome, reason), counter): (&Key, &AtomicU64)| InvocationCount {
            function,
            outcome,
            reason,
            count: counter.load(Ordering::Relaxed),
        };
        counters.iter().map(count).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_counted_by_function_outcome_and_reason_in_order() {
        let counts = Counts::default();
        for outcome in [
            InvocationOutcome::Ignored("unhandled_type"),
            InvocationOutcome::Applied,
            InvocationOutcome::Ignored("foreign_container"),
            InvocationOutcome::Ignored("unhandled_type"),
        ] {
            counts.add("recording_landed", outcome);
        }
        counts.add("join_sweep", InvocationOutcome::Applied);

        let seen: Vec<_> = counts.snapshot().into_iter().map(|c| (c.function, c.outcome, c.reason, c.count)).collect();
        assert_eq!(
            seen,
            [
                ("join_sweep", "applied", "", 1),
                ("recording_landed", "applied", "", 1),
                ("recording_landed", "ignored", "foreign_container", 1),
                ("recording_landed", "ignored", "unhandled_type", 2),
            ]
        );
    }

    #[test]
    fn threads_that_count_at_once_lose_nothing() {
        let counts = Counts::default();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..1_000).for_each(|_| counts.add("recording_landed", InvocationOutcome::Applied)));
            }
        });
        assert_eq!(counts.snapshot()[0].count, 4_000);
    }
}
