//! Reads a log chunk by chunk.

use crate::held::HeldBytes;
use crate::scan::Scan;
use crate::{AuditFormat, Feed, LogFormat, RejectReason, Rejected};

/// Default maximum length of a record, in bytes. Real records have one to two thousand.
pub const RECORD_LIMIT: usize = 1 << 20;

/// Number of bytes within which the end of an object is searched, if the object is longer than a record may be. Beyond
/// this, the object counts as broken here.
pub const OBJECT_LIMIT: u64 = 8 << 20;
/// Approximate size in bytes of the parts in which a long rejected piece is reported, so the checkpoint advances in an
/// endless line.
pub const PIECE_LIMIT: u64 = 1 << 20;

/// Reads a log from an offset on. Feed it the bytes from this offset in chunks of any size, cut anywhere.
///
/// Between chunks it holds at most the beginning of one record: the limit plus a few kilobytes. The [format](LogFormat)
/// decides what a record is; without one, the reader is for audit logs.
#[derive(Debug)]
pub struct Reader<F: LogFormat = AuditFormat> {
    pub(crate) limit: usize,
    /// Offset of the next byte to read.
    pub(crate) position: u64,
    /// Offset behind the last byte fed.
    pub(crate) end: u64,
    pub(crate) phase: PieceKind,
    /// Unreadable piece that has not been reported yet.
    pub(crate) junk: Option<Rejected>,
    pub(crate) held: HeldBytes,
    /// A feed is open, or was dropped before its end.
    pub(crate) abandoned: bool,
    pub(crate) scanned: u64,
    pub(crate) memory: F::Memory,
}

/// Kind of the piece at the current position.
#[derive(Debug)]
pub(crate) enum PieceKind {
    /// Between records; no earlier byte matters.
    Between,
    /// Unreadable piece, up to the end of its line or the next record.
    Junk {
        /// The last non-whitespace byte was a colon, so a brace does not begin a record.
        after_colon: bool,
    },
    Object(Object),
    /// Behind an object, or behind the head of `{"records":[…]}`.
    Framed {
        start: u64,
        /// True for the head of `{"records":[…]}`.
        head: bool,
    },
}

/// Object that is being scanned.
#[derive(Debug)]
pub(crate) struct Object {
    pub start: u64,
    pub scan: Scan,
    /// The two bytes before the current position.
    pub last: [u8; 2],
    /// Offset behind the last non-whitespace byte.
    pub solid: u64,
    /// Last nested object at the beginning of a line: its offset, and the value of `solid` before it.
    pub line: Option<(u64, u64)>,
}

impl Object {
    pub fn at(start: u64) -> Self {
        Self { start, scan: Scan::new(), last: [0; 2], solid: start, line: None }
    }
}

impl Reader {
    /// Creates a reader of an audit log that starts at this offset: 0, or the [`consumed`](Self::consumed) offset of
    /// another reader.
    pub fn at(offset: u64) -> Self {
        Self::of_format(offset)
    }
}

impl<F: LogFormat> Reader<F> {
    /// Creates a reader of any format that starts at this offset of the log.
    pub fn of_format(offset: u64) -> Self {
        Self {
            limit: RECORD_LIMIT,
            position: offset,
            end: offset,
            phase: PieceKind::Between,
            junk: None,
            held: HeldBytes::default(),
            abandoned: false,
            scanned: 0,
            memory: F::Memory::default(),
        }
    }

    /// Sets the maximum length of a record in bytes, instead of [`RECORD_LIMIT`].
    #[must_use]
    pub fn with_limit(self, bytes: usize) -> Self {
        Self { limit: bytes, ..self }
    }

    /// Accepts the bytes that follow those fed so far and returns an iterator over their items.
    pub fn feed<'r, 'c>(&'r mut self, chunk: &'c [u8]) -> Feed<'r, 'c, F> {
        // After a dropped feed, more bytes would leave a gap; ignore them.
        let chunk = if self.abandoned { &[] } else { chunk };
        let at = self.end;
        self.end += chunk.len() as u64;
        Feed::new(self, chunk, at)
    }

    /// Returns the checkpoint: the offset behind the last returned item and the separators that follow it.
    ///
    /// A new reader [at](Self::at) this offset returns the remaining items and repeats none.
    pub fn consumed(&self) -> u64 {
        match (&self.junk, &self.phase) {
            (Some(junk), _) => junk.range.start,
            (None, PieceKind::Object(object)) => object.start,
            (None, PieceKind::Framed { start, .. }) => *start,
            (None, PieceKind::Between | PieceKind::Junk { .. }) => self.position,
        }
    }

    /// Ends the log. Returns the unfinished piece at its end, or `None` if the log ends between records.
    pub fn finish(self) -> Option<Rejected> {
        let range = self.consumed()..self.end;
        (!range.is_empty() && !self.abandoned).then_some(Rejected { range, reason: RejectReason::Unfinished })
    }

    /// Returns the size in bytes of the buffer held between chunks.
    pub fn held(&self) -> usize {
        self.held.capacity()
    }

    /// Returns how many bytes were examined, counting repeated reads: a measure of cost, proportional to the bytes fed.
    pub fn scanned(&self) -> u64 {
        self.scanned
    }

    /// Offset of the first byte that is still needed.
    pub(crate) fn keep(&self) -> u64 {
        match &self.phase {
            PieceKind::Object(object) if !self.is_too_long(object.start, self.position) => object.start,
            PieceKind::Framed { start, .. } if !self.is_too_long(*start, self.position) => *start,
            _ => self.position,
        }
    }

    pub(crate) fn is_too_long(&self, start: u64, end: u64) -> bool {
        end - start > self.limit as u64
    }
}
