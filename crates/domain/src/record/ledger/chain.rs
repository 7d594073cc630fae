//! Verifies the hash chain of the ledger's lines in order.

use std::fmt;

use super::fact::FactId;
use super::line::{Flaw, LedgerLine, LineContent};
use super::seen::{RecentFacts, Relation};
use super::segment::SegmentNumber;
use super::sha256::Sha256;

/// Break of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// Segment with the break.
    pub segment: SegmentNumber,
    /// Line of the segment, from 1.
    pub line: u64,
    /// Offset of the line in the segment, in bytes.
    pub offset: u64,
    /// Reason of the break.
    pub reason: ChainBreak,
}

/// Reason why a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainBreak {
    /// The line itself is invalid.
    Flaw(Flaw),
    /// The line is not chained to the previous one: a line was changed, removed or inserted.
    Predecessor,
    /// The line has an unexpected sequence number.
    Sequence {
        /// Expected sequence number.
        expected: u64,
        /// Actual sequence number.
        found: u64,
    },
    /// A segment does not begin with its opening line, or an opening line is elsewhere.
    Opening,
    /// The line follows the closing line of its segment.
    AfterClosing,
    /// A partial line that no later opening line mentions.
    Torn,
    /// The fact has the id of an earlier fact and different content.
    Contradiction,
    /// The segment is missing, although later ones exist.
    MissingSegment,
    /// The ledger ends earlier than when it was last verified.
    CutOff,
    /// The content up to here differs from when the ledger was last verified, although all lines are chained.
    Anew,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "segment {}, line {} (byte {}): {}", self.segment, self.line, self.offset, self.reason)
    }
}

impl fmt::Display for ChainBreak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flaw(flaw) => flaw.fmt(f),
            Self::Predecessor => f.write_str("it is not chained to the previous line"),
            Self::Sequence { expected, found } => write!(f, "its number is {found} instead of {expected}"),
            Self::Opening => {
                f.write_str("it is not the opening line of a segment, or it is an opening line in the wrong place")
            }
            Self::AfterClosing => f.write_str("it follows the closing line of its segment"),
            Self::Torn => f.write_str("it is half a line, and no later line mentions it"),
            Self::Contradiction => f.write_str("its fact has the id of an earlier fact but other content"),
            Self::MissingSegment => f.write_str("the segment is missing, but later ones exist"),
            Self::CutOff => f.write_str("the lines from here on, present when the ledger was last verified, are gone"),
            Self::Anew => f.write_str("the lines up to here differ from those of the last verification"),
        }
    }
}

/// A line after verification.
#[derive(Debug, PartialEq, Eq)]
pub struct VerifiedLine<'a> {
    /// Line of the segment, from 1.
    pub line: u64,
    /// Fact of the line with its stored form. `None` if the line has no fact or is invalid.
    pub fact: Option<(FactId, &'a str)>,
    /// True if the same fact occurred before.
    pub repeated: bool,
    /// Break at this line.
    pub broken: Option<Break>,
}

/// Position behind a line, with the state needed to resume verification there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seam {
    /// Segment of the line.
    pub segment: SegmentNumber,
    /// Number of verified lines of the segment.
    pub lines: u64,
    /// Hash of the last line and sequence number of the next. `None` if the last line could not be parsed.
    pub expected: Option<(Sha256, u64)>,
    /// True if the last line closes the segment.
    pub closed: bool,
    /// Partial line that no opening line has mentioned yet: its segment, line, byte offset, and the hash of its bytes.
    pub torn: Option<(SegmentNumber, u64, u64, Sha256)>,
}

/// State of the verification. After a break it continues from the values in the line itself, so one change is reported
/// once.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    segment: Option<SegmentNumber>,
    /// Number of verified lines of the segment.
    line: u64,
    /// Expected hash of the previous line and expected sequence number. `None` if the previous line could not be
    /// parsed.
    expected: Option<(Sha256, u64)>,
    closed: bool,
    torn: Option<(Break, Sha256)>,
    seen: RecentFacts,
}

impl Chain {
    /// Creates a chain at the beginning of a ledger.
    pub fn new() -> Self {
        Self { expected: Some((Sha256::NOTHING, 0)), ..Self::default() }
    }

    /// Resumes at a seam. Earlier facts are unknown, so their repetition is not detected.
    pub fn behind(seam: Seam) -> Self {
        let Seam { segment, lines, expected, closed, torn } = seam;
        let half = |(segment, line, offset, hash)| (Break { segment, line, offset, reason: ChainBreak::Torn }, hash);
        Self {
            segment: Some(segment),
            line: lines,
            expected,
            closed,
            torn: torn.map(half),
            seen: RecentFacts::default(),
        }
    }

    /// Returns the position to resume from. `None` before the first segment.
    pub fn seam(&self) -> Option<Seam> {
        let torn = self.torn.as_ref().map(|(at, hash)| (at.segment, at.line, at.offset, *hash));
        let (lines, expected, closed) = (self.line, self.expected, self.closed);
        Some(Seam { segment: self.segment?, lines, expected, closed, torn })
    }

    /// Begins the next segment. Returns a break at the first missing segment, if any.
    pub fn begin(&mut self, segment: SegmentNumber) -> Option<Break> {
        let follows = self.segment.map_or(Some(SegmentNumber::FIRST), SegmentNumber::next);
        let missing = follows.filter(|follows| *follows != segment);
        let last = self.expected.filter(|_| missing.is_none());
        (self.segment, self.line, self.closed) = (Some(segment), 0, false);
        self.expected = last.map(|(hash, _)| (hash, 0));
        missing.map(|segment| Break { segment, line: 1, offset: 0, reason: ChainBreak::MissingSegment })
    }

    /// Verifies the next line of the segment. `offset` is the offset of the line in bytes; `bytes` excludes the line
    /// feed.
    pub fn take<'a>(&mut self, offset: u64, bytes: &'a [u8]) -> VerifiedLine<'a> {
        let place = self.here(offset, ChainBreak::Torn);
        self.line += 1;
        let was_closed = std::mem::replace(&mut self.closed, false);
        let line = match LedgerLine::parse(bytes) {
            Ok(line) => line,
            Err(flaw) => {
                // The next line shows the hash and number that this one should have had.
                self.expected = None;
                return VerifiedLine {
                    line: place.line,
                    fact: None,
                    repeated: false,
                    broken: Some(Break { reason: ChainBreak::Flaw(flaw), ..place }),
                };
            }
        };
        let reason = self.reason(&line, place.line == 1, was_closed);
        self.expected = Some((line.hash, line.seq + 1));
        self.closed = line.body == LineContent::Closing;
        let LineContent::Fact { id, text } = line.body else {
            return VerifiedLine {
                line: place.line,
                fact: None,
                repeated: false,
                broken: reason.map(|reason| Break { reason, ..place }),
            };
        };
        let known = self.seen.take(id, text);
        let reason = reason.or((known == Relation::Other).then_some(ChainBreak::Contradiction));
        let (line, broken) = (place.line, reason.map(|reason| Break { reason, ..place }));
        VerifiedLine { line, fact: Some((id, text)), repeated: known == Relation::Repeated, broken }
    }

    fn reason(&mut self, line: &LedgerLine<'_>, is_first: bool, was_closed: bool) -> Option<ChainBreak> {
        let (prev, seq) = self.expected.unwrap_or((line.prev, line.seq));
        let opened = match line.body {
            LineContent::Opening { segment, torn } => Some((segment, torn)),
            LineContent::Fact { .. } | LineContent::Closing => None,
        };
        // An opening line contains the hash of a partial line before it. A partial line that it does not mention is
        // reported separately.
        let torn_fits = match (opened, &self.torn) {
            (Some((_, Some(known))), Some((_, torn))) if known == *torn => {
                self.torn = None;
                true
            }
            (Some((_, Some(_))), None) => false,
            _ => true,
        };
        let is_placed = if is_first {
            opened.map(|(segment, _)| segment) == self.segment
        } else {
            opened.is_none()
        };
        if line.prev != prev || !torn_fits {
            Some(ChainBreak::Predecessor)
        } else if line.seq != seq {
            Some(ChainBreak::Sequence { expected: seq, found: line.seq })
        } else if !is_placed {
            Some(ChainBreak::Opening)
        } else {
            was_closed.then_some(ChainBreak::AfterClosing)
        }
    }

    /// Ends the segment. `torn` are the bytes behind its last complete line, at `offset`; empty if there are none.
    /// Returns a break for an earlier partial line that this segment does not mention.
    pub fn end(&mut self, offset: u64, torn: &[u8]) -> Option<Break> {
        let unknown = self.torn.take().map(|(unknown, _)| unknown);
        if !torn.is_empty() {
            self.torn = Some((self.here(offset, ChainBreak::Torn), Sha256::hash(torn)));
        }
        unknown
    }

    /// Ends the ledger. Returns a break if it ends in a partial line.
    pub fn finish(&mut self) -> Option<Break> {
        self.torn.take().map(|(torn, _)| torn)
    }

    fn here(&self, offset: u64, reason: ChainBreak) -> Break {
        let segment = self.segment.unwrap_or(SegmentNumber::FIRST);
        Break { segment, line: self.line + 1, offset, reason }
    }
}
