//! Log-likelihood ratios that are equal on every platform.

use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

/// Log-likelihood ratio: ten times the decimal logarithm, stored in tenths of a point. 30 points are odds of 1,000 to
/// 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Points(i32);

/// Tenths of a point per doubling: 100 · log10(2).
const OF_DOUBLING: f64 = 30.102_999_566_398_12;
/// Number of computed binary digits of the logarithm.
const DIGITS: u32 = 14;

impl Points {
    /// Even odds.
    pub const ZERO: Self = Self(0);
    /// Bound that no difference exceeds.
    pub const MOST: Self = Self(10_000);

    /// Converts from whole points.
    pub const fn whole(points: i32) -> Self {
        Self(points * 10)
    }

    /// Converts a likelihood ratio to points. Zero, negative numbers and NaN give the minimum, infinity the maximum.
    ///
    /// Uses only the four basic operations, which every platform rounds alike, instead of the platform's logarithm.
    pub fn of_ratio(ratio: f64) -> Self {
        if ratio.is_nan() || ratio < f64::MIN_POSITIVE {
            return -Self::MOST;
        }
        if ratio.is_infinite() {
            return Self::MOST;
        }
        let bits = ratio.to_bits();
        let exponent = i32::try_from(bits >> 52).unwrap_or_default() - 1023;
        let mut mantissa = f64::from_bits(bits & 0x000f_ffff_ffff_ffff | 0x3ff0_0000_0000_0000);
        let (mut logarithm, mut digit) = (f64::from(exponent), 1.0);
        for _ in 0..DIGITS {
            mantissa *= mantissa;
            digit /= 2.0;
            if mantissa >= 2.0 {
                mantissa /= 2.0;
                logarithm += digit;
            }
        }
        let tenths = (logarithm * OF_DOUBLING).round();
        #[expect(clippy::cast_possible_truncation, reason = "the logarithm of a double has four digits")]
        let tenths = tenths as i32;
        Self(tenths.clamp(-Self::MOST.0, Self::MOST.0))
    }

    /// Returns tenths of a point.
    pub const fn tenths(self) -> i32 {
        self.0
    }

    /// Converts from tenths of a point.
    pub const fn from_tenths(tenths: i32) -> Self {
        Self(tenths)
    }

    /// Returns whole points, rounded down.
    pub const fn floor(self) -> i32 {
        self.0.div_euclid(10)
    }
}

impl Add for Points {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Points {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Points {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_of_ten_is_ten_points() {
        let of = |ratio| Points::of_ratio(ratio).tenths();
        assert_eq!([of(1.0), of(10.0), of(1000.0), of(0.01), of(2.0)], [0, 100, 300, -200, 30]);
        assert_eq!([of(0.0), of(f64::NAN), of(-1.0), of(f64::INFINITY)], [-10_000, -10_000, -10_000, 10_000]);
    }

    #[test]
    fn points_are_the_logarithm_to_the_tenth() {
        for step in 1..2000 {
            let ratio = f64::from(step) * f64::from(step) / 777.0;
            let wanted = ratio.log10() * 100.0;
            assert!((f64::from(Points::of_ratio(ratio).tenths()) - wanted).abs() < 0.51, "{ratio}");
        }
    }
}
