//! Random spans of time for outages and gaps.

use std::collections::BTreeSet;

use random::SplitMix;

use super::plan::FIRST_DAY;
use super::world::Millis;

/// Spans of equal length.
#[derive(Debug)]
pub(crate) struct EqualSpans {
    length: Millis,
    /// Numbers of the spans, counted from the first day.
    numbers: BTreeSet<i64>,
}

impl EqualSpans {
    /// Draws spans that cover about `percent` of the time.
    pub(crate) fn new(percent: u64, length: Millis, span: Millis, random: &mut SplitMix) -> Self {
        let numbers = (0..=span / length).filter(|_| random.happens(percent)).collect();
        Self { length, numbers }
    }

    pub(crate) fn contains(&self, at: Millis) -> bool {
        self.numbers.contains(&(at - FIRST_DAY).div_euclid(self.length))
    }
}
