//! Histogram of offsets.

use std::collections::BTreeMap;

use jiff::SignedDuration;

/// Number of observations per offset in whole seconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Histogram(BTreeMap<i16, u32>);

impl Histogram {
    /// Counts one offset. Counts saturate.
    pub fn add(&mut self, offset: SignedDuration) {
        self.add_many(seconds(offset), 1);
    }

    /// Counts an offset `times` times.
    pub fn add_many(&mut self, second: i16, times: u32) {
        let count = self.0.entry(second).or_default();
        *count = count.saturating_add(times);
    }

    /// Adds the counts of another histogram.
    pub fn merge(&mut self, other: &Self) {
        for (second, times) in &other.0 {
            self.add_many(*second, *times);
        }
    }

    /// Iterates over offsets and their counts, in ascending order.
    pub fn counts(&self) -> impl Iterator<Item = (i16, u32)> {
        self.0.iter().map(|(second, times)| (*second, *times))
    }

    /// Returns the number of counted offsets.
    pub fn total(&self) -> u32 {
        self.0.values().fold(0, |sum, times| sum.saturating_add(*times))
    }

    /// Returns the median. `None` if the histogram is empty.
    pub fn median(&self) -> Option<i16> {
        let half = self.total().div_ceil(2);
        let mut seen = 0_u32;
        self.counts().find_map(|(second, times)| {
            seen = seen.saturating_add(times);
            (seen >= half && half > 0).then_some(second)
        })
    }
}

/// Rounds an offset to whole seconds, clamped to the range of `i16`.
pub(crate) fn seconds(offset: SignedDuration) -> i16 {
    let seconds = (offset.as_millis() + 500).div_euclid(1000);
    i16::try_from(seconds).unwrap_or(if seconds < 0 { i16::MIN } else { i16::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_covers_half_of_the_offsets() {
        let median = |seen: &[(i16, u32)]| {
            let mut histogram = Histogram::default();
            seen.iter().for_each(|(second, times)| histogram.add_many(*second, *times));
            histogram.median()
        };
        assert_eq!([median(&[]), median(&[(7, 1)]), median(&[(-9, 2), (4, 2)])], [None, Some(7), Some(-9)]);
        assert_eq!(median(&[(-9, 2), (4, 5), (300, 1)]), Some(4));
    }

    #[test]
    fn an_offset_is_rounded_to_the_nearest_second() {
        let of = |millis| seconds(SignedDuration::from_millis(millis));
        assert_eq!([of(499), of(500), of(-500), of(-501)], [0, 1, 0, -1]);
        assert_eq!([of(i64::MAX / 2), of(i64::MIN / 2)], [i16::MAX, i16::MIN]);
    }
}
