//! Lines in order, and where their chain is broken.

use std::fmt;

use super::fact::FactId;
use super::line::{Body, Flaw, Line};
use super::seen::{Known, Seen};
use super::segment::SegmentNumber;
use super::sha256::Sha256;

/// Where the chain of a ledger is broken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// In which segment.
    pub segment: SegmentNumber,
    /// At which of its lines, counted from 1.
    pub line: u64,
    /// Where that line begins, in bytes from the segment's beginning.
    pub offset: u64,
    /// Why.
    pub reason: Reason,
}

/// Why a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The line by itself is wrong.
    Flaw(Flaw),
    /// It is not chained to the line before: something was changed, taken away or put in between.
    Predecessor,
    /// It has another number than the one that follows.
    Sequence {
        /// The number that follows.
        expected: u64,
        /// The one it has.
        found: u64,
    },
    /// A segment does not begin with its opening, or an opening stands elsewhere.
    Opening,
    /// It stands behind the closing line of its segment.
    AfterClosing,
    /// Half a line that no later opening knows of.
    Torn,
    /// Its fact has the id of an earlier one and says something else.
    Contradiction,
    /// The segment is not there, though later ones are.
    MissingSegment,
    /// The ledger ends before it, and went further when it was last read.
    CutOff,
    /// Something else stood before it when it was last read, though all lines fit.
    Anew,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "segment {}, line {} (byte {}): {}", self.segment, self.line, self.offset, self.reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flaw(flaw) => flaw.fmt(f),
            Self::Predecessor => f.write_str("it is not chained to the line before"),
            Self::Sequence { expected, found } => write!(f, "its number is {found}, and {expected} follows"),
            Self::Opening => f.write_str("it is not the line that a segment begins with, or not where that belongs"),
            Self::AfterClosing => f.write_str("it stands behind the closing line of its segment"),
            Self::Torn => f.write_str("it is half a line, and nothing that was written later knows of it"),
            Self::Contradiction => f.write_str("its fact has the id of an earlier one and says something else"),
            Self::MissingSegment => f.write_str("the segment is not there, though later ones are"),
            Self::CutOff => f.write_str("what stood from here on when the ledger was last verified is gone"),
            Self::Anew => {
                f.write_str("what stands up to here is not what stood there when the ledger was last verified")
            }
        }
    }
}

/// A line that was taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken<'a> {
    /// Which line of its segment it is, counted from 1.
    pub line: u64,
    /// The fact it tells, with its stored form, if it tells one and is as it was written.
    pub fact: Option<(FactId, &'a str)>,
    /// Whether the very same fact was told before.
    pub repeated: bool,
    /// What is wrong with it.
    pub broken: Option<Break>,
}

/// A place behind a line: what the next one is chained to. Whoever keeps it can go on from there another time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seam {
    /// The segment.
    pub segment: SegmentNumber,
    /// How many of its lines were taken.
    pub lines: u64,
    /// The hash of the last line, and the number that the next one of this segment has. `None` where that line does not
    /// tell.
    pub expected: Option<(Sha256, u64)>,
    /// Whether that line closes the segment.
    pub closed: bool,
    /// Half a line that no opening has told of yet: in which segment, which line it is, at which byte it begins, and the hash
    /// of what is there.
    pub torn: Option<(SegmentNumber, u64, u64, Sha256)>,
}

/// Lines taken in order. After a break it goes on with what the line itself says, so that one change is told once.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    segment: Option<SegmentNumber>,
    /// The line that follows, from 0 on.
    line: u64,
    /// What it is chained to, and which number it has. `None` where the line before tells neither.
    expected: Option<(Sha256, u64)>,
    closed: bool,
    torn: Option<(Break, Sha256)>,
    seen: Seen,
}

impl Chain {
    /// A chain of which nothing was taken yet.
    pub fn new() -> Self {
        Self { expected: Some((Sha256::NOTHING, 0)), ..Self::default() }
    }

    /// A chain that goes on from there. What was told before it is not known to it.
    pub fn behind(seam: Seam) -> Self {
        let Seam { segment, lines, expected, closed, torn } = seam;
        let half = |(segment, line, offset, hash)| (Break { segment, line, offset, reason: Reason::Torn }, hash);
        Self { segment: Some(segment), line: lines, expected, closed, torn: torn.map(half), seen: Seen::default() }
    }

    /// Where it stands. `None` before the first segment has begun.
    pub fn seam(&self) -> Option<Seam> {
        let torn = self.torn.as_ref().map(|(at, hash)| (at.segment, at.line, at.offset, *hash));
        let (lines, expected, closed) = (self.line, self.expected, self.closed);
        Some(Seam { segment: self.segment?, lines, expected, closed, torn })
    }

    /// The next segment begins. Gives the first of those that should stand before it and do not.
    pub fn begin(&mut self, segment: SegmentNumber) -> Option<Break> {
        let follows = self.segment.map_or(Some(SegmentNumber::FIRST), SegmentNumber::next);
        let missing = follows.filter(|follows| *follows != segment);
        let last = self.expected.filter(|_| missing.is_none());
        (self.segment, self.line, self.closed) = (Some(segment), 0, false);
        self.expected = last.map(|(hash, _)| (hash, 0));
        missing.map(|segment| Break { segment, line: 1, offset: 0, reason: Reason::MissingSegment })
    }

    /// Takes the next line of the segment, which begins at this byte of it, without its line feed.
    pub fn take<'a>(&mut self, offset: u64, bytes: &'a [u8]) -> Taken<'a> {
        let place = self.here(offset, Reason::Torn);
        self.line += 1;
        let was_closed = std::mem::replace(&mut self.closed, false);
        let line = match Line::parse(bytes) {
            Ok(line) => line,
            Err(flaw) => {
                // The next line tells what this one was meant to be.
                self.expected = None;
                return Taken {
                    line: place.line,
                    fact: None,
                    repeated: false,
                    broken: Some(Break { reason: Reason::Flaw(flaw), ..place }),
                };
            }
        };
        let reason = self.reason(&line, place.line == 1, was_closed);
        self.expected = Some((line.hash, line.seq + 1));
        self.closed = line.body == Body::Closing;
        let Body::Fact { id, text } = line.body else {
            return Taken {
                line: place.line,
                fact: None,
                repeated: false,
                broken: reason.map(|reason| Break { reason, ..place }),
            };
        };
        let known = self.seen.take(id, text);
        let reason = reason.or((known == Known::Other).then_some(Reason::Contradiction));
        let (line, broken) = (place.line, reason.map(|reason| Break { reason, ..place }));
        Taken { line, fact: Some((id, text)), repeated: known == Known::Repeated, broken }
    }

    fn reason(&mut self, line: &Line<'_>, is_first: bool, was_closed: bool) -> Option<Reason> {
        let (prev, seq) = self.expected.unwrap_or((line.prev, line.seq));
        let opened = match line.body {
            Body::Opening { segment, torn } => Some((segment, torn)),
            Body::Fact { .. } | Body::Closing => None,
        };
        // An opening knows how the segment before ends; half a line that it does not know of is told by itself.
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
            Some(Reason::Predecessor)
        } else if line.seq != seq {
            Some(Reason::Sequence { expected: seq, found: line.seq })
        } else if !is_placed {
            Some(Reason::Opening)
        } else {
            was_closed.then_some(Reason::AfterClosing)
        }
    }

    /// The segment ends with these bytes, from this one on; there are none where its last line is whole. Gives the half
    /// line of an earlier segment that nothing after it knew of.
    pub fn end(&mut self, offset: u64, torn: &[u8]) -> Option<Break> {
        let unknown = self.torn.take().map(|(unknown, _)| unknown);
        if !torn.is_empty() {
            self.torn = Some((self.here(offset, Reason::Torn), Sha256::of(torn)));
        }
        unknown
    }

    /// No segment follows. Gives the half line at the very end.
    pub fn finish(&mut self) -> Option<Break> {
        self.torn.take().map(|(torn, _)| torn)
    }

    fn here(&self, offset: u64, reason: Reason) -> Break {
        let segment = self.segment.unwrap_or(SegmentNumber::FIRST);
        Break { segment, line: self.line + 1, offset, reason }
    }
}
