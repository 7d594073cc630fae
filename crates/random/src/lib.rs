//! A small random number generator with identical results on every machine and in every version.

use jiff::SignedDuration;

/// Generator with a seed: SplitMix64.
pub struct SplitMix(u64);

impl SplitMix {
    /// Starts the sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next number of the sequence.
    #[expect(clippy::should_implement_trait, reason = "the sequence has no end")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from `first` to `last`.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        first + (self.next() % (last - first + 1).unsigned_abs()).cast_signed()
    }

    /// Returns a number from `first` to `last`, biased to small ones: half of them are in the lower three tenths.
    pub fn mostly_low(&mut self, first: i64, last: i64) -> i64 {
        self.between(first, last).min(self.between(first, last))
    }

    /// Returns a number from `first` to `first << (doublings + 1)`; the middle doubling is the most likely one.
    /// `doublings` must be even.
    pub fn doublings(&mut self, first: i64, doublings: i64) -> i64 {
        let lowest = first << (self.between(0, doublings / 2) + self.between(0, doublings / 2));
        self.between(lowest, 2 * lowest)
    }

    /// Returns `first` to `last` milliseconds.
    pub fn millis(&mut self, first: i64, last: i64) -> SignedDuration {
        SignedDuration::from_millis(self.between(first, last))
    }

    /// Returns `first` to `last` whole seconds.
    pub fn whole_seconds(&mut self, first: i64, last: i64) -> SignedDuration {
        SignedDuration::from_secs(self.between(first, last))
    }

    /// Returns `first` to `last` seconds with milliseconds.
    pub fn seconds(&mut self, first: i64, last: i64) -> SignedDuration {
        self.millis(first * 1000, last * 1000)
    }

    /// Returns `first` to `last` minutes with milliseconds.
    pub fn minutes(&mut self, first: i64, last: i64) -> SignedDuration {
        self.seconds(first * 60, last * 60)
    }

    /// Returns true in `percent` of 100 cases.
    pub fn happens(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    /// Returns an element; panics if there is none.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[(self.next() % from.len() as u64) as usize].clone()
    }

    /// Returns `count` different elements.
    pub fn pick_several<T: Clone>(&mut self, from: &[T], count: usize) -> Vec<T> {
        let mut left = from.to_vec();
        (0..count.min(from.len())).map(|_| left.swap_remove((self.next() % left.len() as u64) as usize)).collect()
    }
}
