//! Iterates over all lines of the ledger.

use std::collections::VecDeque;

use domain::record::ledger::{LONGEST_LINE, SegmentNumber};

use crate::ports::{Fault, Ledger};

/// Bytes per read, also the size of the buffer.
const PIECE: usize = 1 << 20;

/// Position in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LedgerPlace {
    pub segment: SegmentNumber,
    /// Bytes of the segment before the position.
    pub offset: u64,
}

impl LedgerPlace {
    /// Begin of the ledger.
    pub(crate) const BEGIN: Self = Self { segment: SegmentNumber::FIRST, offset: 0 };
}

/// Item of a walk.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum WalkItem<'a> {
    /// Begin of a segment.
    Begin(SegmentNumber),
    /// Line at this byte offset, without its line feed; if too long, only its beginning.
    Line(u64, &'a [u8]),
    /// End of a segment, with the offset and bytes of an incomplete last line, if any.
    End(u64, &'a [u8]),
}

/// Iterator over the segments existing at its start.
pub(crate) struct SegmentWalk<'a> {
    ledger: &'a dyn Ledger,
    segments: VecDeque<SegmentNumber>,
    place: LedgerPlace,
    is_begun: bool,
    /// Buffer offset of the first byte not yet returned.
    given: usize,
    buffer: Vec<u8>,
    /// Bytes of an overlong line dropped from the middle of the buffer.
    dropped: u64,
}

impl<'a> SegmentWalk<'a> {
    /// Starts at a place, which must be the beginning of a line.
    pub(crate) async fn from(ledger: &'a dyn Ledger, place: LedgerPlace) -> Result<Self, Fault> {
        let segments = ledger.segments().await?.into_iter().filter(|segment| *segment >= place.segment).collect();
        Ok(Self { ledger, segments, place, is_begun: false, given: 0, buffer: Vec::new(), dropped: 0 })
    }

    /// Returns the position after the last complete line returned.
    pub(crate) fn place(&self) -> LedgerPlace {
        self.place
    }

    /// Returns the next item, or `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<WalkItem<'_>>, Fault> {
        if !self.is_begun {
            let Some(segment) = self.segments.pop_front() else { return Ok(None) };
            let offset = if segment == self.place.segment { self.place.offset } else { 0 };
            self.place = LedgerPlace { segment, offset };
            (self.is_begun, self.given, self.dropped) = (true, 0, 0);
            self.buffer.clear();
            return Ok(Some(WalkItem::Begin(segment)));
        }
        loop {
            let rest = &self.buffer[self.given..];
            if let Some(length) = rest.iter().position(|byte| *byte == b'\n') {
                let (begin, offset) = (self.given, self.place.offset);
                self.given += length + 1;
                self.place.offset += length as u64 + 1 + self.dropped;
                self.dropped = 0;
                return Ok(Some(WalkItem::Line(offset, &self.buffer[begin..begin + length])));
            }
            self.drop_too_long();
            if !self.read().await? {
                self.is_begun = false;
                return Ok(Some(WalkItem::End(self.place.offset, &self.buffer[self.given..])));
            }
        }
    }

    /// Shortens an overlong line to just above the limit.
    fn drop_too_long(&mut self) {
        self.buffer.drain(..self.given);
        self.given = 0;
        let kept = LONGEST_LINE + 1;
        self.dropped += self.buffer.len().saturating_sub(kept) as u64;
        self.buffer.truncate(kept);
    }

    async fn read(&mut self) -> Result<bool, Fault> {
        let from = self.place.offset + self.buffer.len() as u64 + self.dropped;
        let read = self.ledger.read(self.place.segment, from, PIECE).await?.unwrap_or_default();
        self.buffer.extend_from_slice(&read);
        Ok(!read.is_empty())
    }
}
