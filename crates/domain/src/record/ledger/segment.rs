//! Number of a ledger segment.

use std::fmt;

/// Number of a segment, from 1 without gaps; written with six digits, so segments sort as text.
///
/// The number alone names a segment, so concurrent writers create the same next segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentNumber(u32);

impl SegmentNumber {
    /// First segment of a ledger.
    pub const FIRST: Self = Self(1);

    const LAST: u32 = 999_999;

    /// Returns the next segment. `None` after the last number: 83,000 years at one segment per month.
    pub fn next(self) -> Option<Self> {
        (self.0 < Self::LAST).then_some(Self(self.0 + 1))
    }

    /// Returns the previous segment. `None` for the first.
    pub fn before(self) -> Option<Self> {
        (self != Self::FIRST).then(|| Self(self.0 - 1))
    }

    /// Parses six digits. Returns `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let is_number = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| is_number && *number >= Self::FIRST.0).map(Self)
    }
}

impl fmt::Display for SegmentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_back_and_has_neighbours() {
        let second = SegmentNumber::FIRST.next().unwrap();
        assert_eq!((second.to_string().as_str(), SegmentNumber::parse("000002")), ("000002", Some(second)));
        assert_eq!((second.before(), SegmentNumber::FIRST.before()), (Some(SegmentNumber::FIRST), None));
        assert_eq!(SegmentNumber::parse("999999").unwrap().next(), None);
        for text in ["000000", "1", "0000001", "+00001", "00000a", ""] {
            assert_eq!(SegmentNumber::parse(text), None, "{text}");
        }
    }
}
