//! All lines of the ledger, one after the other.

use std::collections::VecDeque;

use domain::ledger::{LONGEST_LINE, SegmentNumber};

use crate::ports::{Fault, Ledger};

/// How many bytes are read, and held, at a time.
const PIECE: usize = 1 << 20;

/// A place in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The segment.
    pub segment: SegmentNumber,
    /// How many bytes of it lie before.
    pub offset: u64,
}

impl Place {
    /// Where the ledger begins.
    pub(super) const BEGIN: Self = Self { segment: SegmentNumber::FIRST, offset: 0 };
}

/// What comes next in the ledger.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// A segment begins.
    Begin(SegmentNumber),
    /// A line that begins at this byte, without its line feed; of one that is too long only the beginning.
    Line(u64, &'a [u8]),
    /// A segment ends with these bytes from this one on, which are none where its last line is whole.
    End(u64, &'a [u8]),
}

/// A walk over the segments that were there when it began.
pub(super) struct Walk<'a> {
    ledger: &'a dyn Ledger,
    segments: VecDeque<SegmentNumber>,
    place: Place,
    is_begun: bool,
    /// What was read and not given yet begins at this byte of the buffer.
    given: usize,
    buffer: Vec<u8>,
    /// How many bytes of a line that is too long were dropped from the middle of the buffer.
    dropped: u64,
}

impl<'a> Walk<'a> {
    /// A walk from a place on, which is the beginning of a line.
    pub(super) async fn from(ledger: &'a dyn Ledger, place: Place) -> Result<Self, Fault> {
        let segments = ledger.segments().await?.into_iter().filter(|segment| *segment >= place.segment).collect();
        Ok(Self { ledger, segments, place, is_begun: false, given: 0, buffer: Vec::new(), dropped: 0 })
    }

    /// Behind the last whole line that was given.
    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// The next item. `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Item<'_>>, Fault> {
        if !self.is_begun {
            let Some(segment) = self.segments.pop_front() else { return Ok(None) };
            let offset = if segment == self.place.segment { self.place.offset } else { 0 };
            self.place = Place { segment, offset };
            (self.is_begun, self.given, self.dropped) = (true, 0, 0);
            self.buffer.clear();
            return Ok(Some(Item::Begin(segment)));
        }
        loop {
            let rest = &self.buffer[self.given..];
            if let Some(length) = rest.iter().position(|byte| *byte == b'\n') {
                let (begin, offset) = (self.given, self.place.offset);
                self.given += length + 1;
                self.place.offset += length as u64 + 1 + self.dropped;
                self.dropped = 0;
                return Ok(Some(Item::Line(offset, &self.buffer[begin..begin + length])));
            }
            self.drop_too_long();
            if !self.read().await? {
                self.is_begun = false;
                return Ok(Some(Item::End(self.place.offset, &self.buffer[self.given..])));
            }
        }
    }

    /// Keeps no more of a line than shows that it is too long.
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
