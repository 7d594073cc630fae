//! How far two times are usually apart.

use super::super::density::Density;
use super::super::histogram::Histogram;
use super::super::learn::ENOUGH;

/// A usual offset has moved if its median differs by at least this from that of the days before, in seconds.
const MOVED: u16 = 20;

/// How far two times are usually apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OffsetHabit {
    /// Number of lonely pairs that it was learned from.
    pub pairs: u32,
    /// First and last usual offset in seconds. `None` if there are fewer than [`ENOUGH`] pairs.
    pub usual: Option<(i16, i16)>,
    /// Median of these pairs in seconds. `None` if there are too few.
    pub median: Option<i16>,
    /// Median of the pairs of the days before. `None` if there are too few.
    pub median_before: Option<i16>,
}

/// Learns a density from the pairs of days and of the days before.
pub(super) type Learn = fn(&Histogram, &Histogram) -> Density;

impl OffsetHabit {
    pub(super) fn learn(newest: &Histogram, earlier: &Histogram, learn: Learn) -> Self {
        let is_known = |histogram: &Histogram| histogram.total() >= ENOUGH;
        let median = |histogram: &Histogram| histogram.median().filter(|_| is_known(histogram));
        let usual = is_known(newest).then(|| learn(newest, &Histogram::default()).usual());
        Self { pairs: newest.total(), usual, median: median(newest), median_before: median(earlier) }
    }

    /// The median before and now if it has moved farther than chance explains: by more than half of the usual range.
    pub fn moved(&self) -> Option<(i16, i16)> {
        let (from, to, (first, last)) = (self.median_before?, self.median?, self.usual?);
        let least = MOVED.max(last.abs_diff(first) / 2);
        (from.abs_diff(to) >= least).then_some((from, to))
    }
}
