//! How far a ledger once went, and whether it still does.

use super::chain::{Break, Reason};
use super::segment::SegmentNumber;
use super::sha256::Sha256;

/// Where a ledger ended when it was last read to its end. Nothing in a ledger tells that its end is missing; whoever
/// remembers this knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The last segment.
    pub segment: SegmentNumber,
    /// How many bytes of it were whole lines.
    pub bytes: u64,
    /// The hash of the last one, which is that of all that stood before it. `None` where that line did not tell.
    pub hash: Option<Sha256>,
}

/// What a reader has come to, against a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// The mark lies further on.
    NotYet,
    /// What stood there is still there.
    Intact,
    /// It is not.
    Lost(Reason),
}

impl Mark {
    /// A reader stands at a byte of a segment, behind a line of this hash. `None` where that line does not tell.
    pub fn at(&self, segment: SegmentNumber, byte: u64, hash: Option<Sha256>) -> Passed {
        if segment != self.segment || self.bytes == 0 || byte < self.bytes {
            return Passed::NotYet;
        }
        // A line that does not tell its hash is told of by itself.
        let is_other = self.hash.zip(hash).is_some_and(|(known, found)| known != found);
        if byte > self.bytes || is_other {
            Passed::Lost(Reason::Anew)
        } else {
            Passed::Intact
        }
    }

    /// A segment ends there.
    pub fn end(&self, segment: SegmentNumber, byte: u64, hash: Option<Sha256>) -> Passed {
        if segment == self.segment && byte < self.bytes {
            return Passed::Lost(Reason::CutOff);
        }
        self.at(segment, byte, hash)
    }

    /// The ledger has ended, and no later segment came. Gives the first segment that was there and is not.
    pub fn gone(&self, last: Option<SegmentNumber>) -> Option<Break> {
        let first = last.map_or(Some(SegmentNumber::FIRST), SegmentNumber::next)?;
        (first <= self.segment).then_some(Break { segment: first, line: 1, offset: 0, reason: Reason::CutOff })
    }
}
