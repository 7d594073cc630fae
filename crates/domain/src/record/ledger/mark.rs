//! Detects that a ledger was truncated or rewritten since the last verification.

use super::chain::{Break, ChainBreak};
use super::segment::SegmentNumber;
use super::sha256::Sha256;

/// End of a ledger at its last verification. A ledger does not reveal that its own end is missing; comparing it with a
/// stored mark does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Last segment.
    pub segment: SegmentNumber,
    /// Length in bytes of its complete lines.
    pub bytes: u64,
    /// Hash of the last complete line, which covers everything before it. `None` if that line could not be parsed.
    pub hash: Option<Sha256>,
}

/// Result of comparing a position with a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// The position is before the mark.
    NotYet,
    /// The content up to the mark is unchanged.
    Intact,
    /// The content up to the mark is missing or different.
    Lost(ChainBreak),
}

impl Mark {
    /// Compares a position behind a line with the mark. `hash` is the hash of that line, or `None` if it could not be
    /// parsed.
    pub fn at(&self, segment: SegmentNumber, byte: u64, hash: Option<Sha256>) -> Passed {
        if segment != self.segment || self.bytes == 0 || byte < self.bytes {
            return Passed::NotYet;
        }
        // A line without a readable hash is reported as a break of its own.
        let is_other = self.hash.zip(hash).is_some_and(|(known, found)| known != found);
        if byte > self.bytes || is_other {
            Passed::Lost(ChainBreak::Anew)
        } else {
            Passed::Intact
        }
    }

    /// Compares the end of a segment with the mark.
    pub fn end(&self, segment: SegmentNumber, byte: u64, hash: Option<Sha256>) -> Passed {
        if segment == self.segment && byte < self.bytes {
            return Passed::Lost(ChainBreak::CutOff);
        }
        self.at(segment, byte, hash)
    }

    /// Compares the end of the ledger with the mark; `last` is its last segment. Returns a break at the first segment
    /// that has disappeared.
    pub fn gone(&self, last: Option<SegmentNumber>) -> Option<Break> {
        let first = last.map_or(Some(SegmentNumber::FIRST), SegmentNumber::next)?;
        (first <= self.segment).then_some(Break { segment: first, line: 1, offset: 0, reason: ChainBreak::CutOff })
    }
}
