//! Usual offset between two times.

use crate::decide::calibration::{Density, ENOUGH, Histogram};

/// Minimum change of the median, in seconds, that counts as moved.
const MOVED: u16 = 20;

/// Usual offset between two times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OffsetHabit {
    /// Number of lonely pairs the offset was learned from.
    pub pairs: u32,
    /// First and last usual offset in seconds. `None` if there are fewer than [`ENOUGH`] pairs.
    pub usual: Option<(i16, i16)>,
    /// Median of these pairs in seconds. `None` if there are too few.
    pub median: Option<i16>,
    /// Median of earlier pairs in seconds. `None` if there are too few.
    pub median_before: Option<i16>,
}

/// Learns a density from the newest and from earlier pairs.
pub(super) type Learn = fn(&Histogram, &Histogram) -> Density;

impl OffsetHabit {
    pub(super) fn learn(newest: &Histogram, earlier: &Histogram, learn: Learn) -> Self {
        let is_known = |histogram: &Histogram| histogram.total() >= ENOUGH;
        let median = |histogram: &Histogram| histogram.median().filter(|_| is_known(histogram));
        let usual = is_known(newest).then(|| learn(newest, &Histogram::default()).usual());
        Self { pairs: newest.total(), usual, median: median(newest), median_before: median(earlier) }
    }

    /// Returns the earlier and the current median if they differ by more than chance explains: by at least 20 seconds
    /// and half of the usual range.
    pub fn moved(&self) -> Option<(i16, i16)> {
        let (from, to, (first, last)) = (self.median_before?, self.median?, self.usual?);
        let least = MOVED.max(last.abs_diff(first) / 2);
        (from.abs_diff(to) >= least).then_some((from, to))
    }
}
