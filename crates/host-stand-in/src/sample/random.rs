//! Small random number generator with a fixed sequence on every machine.

use jiff::SignedDuration;

/// SplitMix64: sufficient for sample data and eight lines long.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from `first` to `last`, inclusive.
    pub(super) fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.next() % (last - first + 1)
    }

    /// Returns whole seconds from `first` to `last`, inclusive.
    pub(super) fn seconds(&mut self, first: u32, last: u32) -> SignedDuration {
        SignedDuration::from_secs(i64::from(first) + (self.next() % u64::from(last - first + 1)) as i64)
    }

    /// Returns whole milliseconds from `first` to `last`, inclusive.
    pub(super) fn millis(&mut self, first: u32, last: u32) -> SignedDuration {
        SignedDuration::from_millis(i64::from(first) + (self.next() % u64::from(last - first + 1)) as i64)
    }

    /// Returns true in `percent` of 100 cases.
    pub(super) fn happens(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    /// Returns a random element.
    pub(super) fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[(self.next() % from.len() as u64) as usize]
    }
}
