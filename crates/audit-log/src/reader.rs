//! A log, read a chunk at a time.

use crate::held::Held;
use crate::order::Order;
use crate::scan::Scan;
use crate::{Feed, Reason, Rejected};

/// The most bytes a record may have, unless a reader is told otherwise. Real ones have one or two thousand.
pub const RECORD_LIMIT: usize = 1 << 20;

/// The most bytes of an object that are looked at for its end, if it is longer than a record may be. Beyond, what follows
/// is read as if the object had been broken here.
pub const OBJECT_LIMIT: u64 = 8 << 20;
/// A rejected piece that goes on is given in parts of about this many bytes, so that the checkpoint gets on in a line
/// without an end.
pub const PIECE_LIMIT: u64 = 1 << 20;

/// Reads a log from an offset on. Feed it the bytes from there in chunks of any size, cut anywhere.
///
/// What it holds between chunks is the beginning of one record, never more than the limit and a little.
#[derive(Debug)]
pub struct Reader {
    pub(crate) limit: usize,
    /// The next byte to be looked at.
    pub(crate) position: u64,
    /// Behind the last byte that was fed.
    pub(crate) end: u64,
    pub(crate) phase: Phase,
    /// A piece that cannot be read, and has not been told.
    pub(crate) junk: Option<Rejected>,
    pub(crate) held: Held,
    /// Whether a feed is open, or was left before its end.
    pub(crate) abandoned: bool,
    pub(crate) scanned: u64,
    pub(crate) order: Order,
}

/// What the bytes at the position are a part of.
#[derive(Debug)]
pub(crate) enum Phase {
    /// Between records; nothing that came before matters.
    Between,
    /// A piece that cannot be read, up to the end of its line or the next record.
    Junk {
        /// Whether the last byte that is not blank was a colon: then a brace begins no record.
        after_colon: bool,
    },
    /// An object.
    Object(Object),
    /// Behind an object, or behind the head of what wraps all records.
    Framed {
        /// Where it begins.
        start: u64,
        /// Whether it is but a head.
        head: bool,
    },
}

/// An object that is being scanned.
#[derive(Debug)]
pub(crate) struct Object {
    pub start: u64,
    pub scan: Scan,
    /// The two bytes before the position.
    pub last: [u8; 2],
    /// Behind the last byte that was not blank.
    pub solid: u64,
    /// The last object inside that began a line, and what was solid before it.
    pub line: Option<(u64, u64)>,
}

impl Object {
    pub fn at(start: u64) -> Self {
        Self { start, scan: Scan::new(), last: [0; 2], solid: start, line: None }
    }
}

impl Reader {
    /// A reader of the bytes from this offset of the log on: 0, or what another reader has
    /// [consumed](Self::consumed).
    pub fn at(offset: u64) -> Self {
        Self {
            limit: RECORD_LIMIT,
            position: offset,
            end: offset,
            phase: Phase::Between,
            junk: None,
            held: Held::default(),
            abandoned: false,
            scanned: 0,
            order: Order::unknown(),
        }
    }

    /// Rejects records of more than this many bytes, instead of [`RECORD_LIMIT`].
    #[must_use]
    pub fn with_limit(self, bytes: usize) -> Self {
        Self { limit: bytes, ..self }
    }

    /// Takes the bytes that follow those fed so far, and gives what is found in them.
    pub fn feed<'r, 'c>(&'r mut self, chunk: &'c [u8]) -> Feed<'r, 'c> {
        // Whoever left items behind would find a gap where they were.
        let chunk = if self.abandoned { &[] } else { chunk };
        let at = self.end;
        self.end += chunk.len() as u64;
        Feed::new(self, chunk, at)
    }

    /// The checkpoint: the offset behind the last item given, and behind the separators that follow it.
    ///
    /// A new reader [at](Self::at) this offset finds what this one would still find, and nothing twice.
    pub fn consumed(&self) -> u64 {
        match (&self.junk, &self.phase) {
            (Some(junk), _) => junk.range.start,
            (None, Phase::Object(object)) => object.start,
            (None, Phase::Framed { start, .. }) => *start,
            (None, Phase::Between | Phase::Junk { .. }) => self.position,
        }
    }

    /// Once no bytes will follow: the piece that the log ends inside of, if there is one.
    pub fn finish(self) -> Option<Rejected> {
        let range = self.consumed()..self.end;
        (!range.is_empty() && !self.abandoned).then_some(Rejected { range, reason: Reason::Unfinished })
    }

    /// The bytes of memory it holds between chunks.
    pub fn held(&self) -> usize {
        self.held.capacity()
    }

    /// How often a byte was looked at: what reading costs, and in proportion to what was fed.
    pub fn scanned(&self) -> u64 {
        self.scanned
    }

    /// The first byte that is still needed.
    pub(crate) fn keep(&self) -> u64 {
        match &self.phase {
            Phase::Object(object) if !self.is_too_long(object.start, self.position) => object.start,
            Phase::Framed { start, .. } if !self.is_too_long(*start, self.position) => *start,
            _ => self.position,
        }
    }

    pub(crate) fn is_too_long(&self, start: u64, end: u64) -> bool {
        end - start > self.limit as u64
    }
}
