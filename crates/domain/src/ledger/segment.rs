//! Which segment of the ledger.

use std::fmt;

/// The number of a segment, from 1 on without a gap; six digits, so that the order of texts is that of segments.
///
/// The number alone names a segment: whoever makes the next one, and whenever, makes the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentNumber(u32);

impl SegmentNumber {
    /// The first segment of a ledger.
    pub const FIRST: Self = Self(1);

    const LAST: u32 = 999_999;

    /// The segment after this one. `None` after 83,000 years of months.
    pub fn next(self) -> Option<Self> {
        (self.0 < Self::LAST).then_some(Self(self.0 + 1))
    }

    /// The segment before this one. `None` for the first.
    pub fn before(self) -> Option<Self> {
        (self != Self::FIRST).then(|| Self(self.0 - 1))
    }

    /// Reads six digits. `None` for any other text.
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
