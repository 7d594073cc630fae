//! Iterates over the items of one chunk.

use std::mem;
use std::ops::Range;

use crate::format::{DecodedObject, LogFormat};
use crate::held::slice_from;
use crate::reader::{OBJECT_LIMIT, Object, PIECE_LIMIT, PieceKind};
use crate::scan::ByteClass;
use crate::{AuditFormat, LogItem, Reader, RejectReason, Rejected};

/// Minimum number of bytes to append to the held bytes when a piece continues in the next chunk.
const STEP: usize = 4096;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Items of one chunk. Call [`next_item`](Self::next_item) until it returns `None`: if a feed is dropped earlier, its
/// reader accepts no further chunks, because the remaining items would be lost.
#[derive(Debug)]
#[must_use = "the items of a chunk are parsed lazily"]
pub struct Feed<'r, 'c, F: LogFormat = AuditFormat> {
    reader: &'r mut Reader<F>,
    chunk: &'c [u8],
    /// Offset of the chunk in the log.
    at: u64,
    /// Part of the chunk that is verified UTF-8, and its offset in the log.
    text: &'c str,
    text_at: u64,
    /// An earlier feed was dropped before its end.
    stale: bool,
    /// Bytes of the record returned last.
    record: Range<u64>,
}

enum Step {
    Again,
    /// More bytes are needed.
    Starved,
    /// The record has been filled.
    Record,
    Foreign(Range<u64>),
    Rejected(Rejected),
    /// A complete object; its bytes are still available.
    Object(Range<u64>),
}

impl<'r, 'c, F: LogFormat> Feed<'r, 'c, F> {
    pub(crate) fn new(reader: &'r mut Reader<F>, chunk: &'c [u8], at: u64) -> Self {
        let stale = mem::replace(&mut reader.abandoned, true);
        Self { reader, chunk, at, text: "", text_at: at, stale, record: at..at }
    }

    /// Returns the next item, or `None` at the end of the chunk.
    #[inline]
    pub fn next_item(&mut self) -> Option<LogItem<F::Record<'_>>> {
        if self.stale {
            return None;
        }
        let mut record = F::Record::default();
        loop {
            if self.reader.keep() >= self.at {
                self.reader.held.clear();
            }
            match self.step(&mut record) {
                Step::Again => {}
                Step::Record => return Some(LogItem::Record(F::shortened(record))),
                Step::Foreign(range) => return Some(LogItem::Foreign { range }),
                Step::Rejected(rejected) => return Some(LogItem::Rejected(rejected)),
                Step::Object(range) => return Some(self.object(range)),
                Step::Starved if self.refill() => {}
                Step::Starved => {
                    self.reader.abandoned = false;
                    return None;
                }
            }
        }
    }

    /// Returns the byte offsets in the log of the record returned last; empty before the first one.
    pub fn record_range(&self) -> Range<u64> {
        self.record.clone()
    }

    /// Returns the checkpoint; see [`Reader::consumed`].
    pub fn consumed(&self) -> u64 {
        self.reader.consumed()
    }

    #[inline]
    fn step(&mut self, record: &mut F::Record<'c>) -> Step {
        match self.reader.phase {
            PieceKind::Between => self.between(record),
            PieceKind::Junk { after_colon } => self.junk(after_colon, record),
            PieceKind::Object(_) => self.scan(),
            PieceKind::Framed { start, head } => self.framed(start, head),
        }
    }

    /// Available bytes from offset `from` on.
    fn bytes(&self, from: u64) -> &[u8] {
        let held = &self.reader.held;
        if held.is_empty() {
            slice_from(self.chunk, self.at, from)
        } else {
            held.from(from)
        }
    }

    fn go(&mut self, bytes: usize) {
        self.reader.position += bytes as u64;
        self.reader.scanned += bytes as u64;
    }

    #[inline]
    fn between(&mut self, record: &mut F::Record<'c>) -> Step {
        let bytes = self.bytes(self.reader.position);
        let separators = bytes.iter().take_while(|byte| is_separator(**byte)).count();
        let rest = &bytes[separators..];
        let mark = rest.get(..3.min(rest.len())).is_some_and(|start| BYTE_ORDER_MARK.starts_with(start));
        let (first, is_cut) = (rest.first().copied(), rest.len() < 3);
        self.go(separators);
        match first {
            None => return Step::Starved,
            Some(b'{') => return self.open(record),
            Some(_) if mark && is_cut => return Step::Starved,
            Some(_) if mark => self.go(3),
            Some(_) => {
                let start = self.reader.position;
                self.reader.junk = Some(Rejected { range: start..start, reason: RejectReason::Syntax });
                self.reader.phase = PieceKind::Junk { after_colon: false };
            }
        }
        Step::Again
    }

    /// Handles a brace that may begin a record.
    #[inline]
    fn open(&mut self, record: &mut F::Record<'c>) -> Step {
        let start = self.reader.position;
        let Some((decoded, length)) = self.whole(start, record) else {
            self.reader.phase = PieceKind::Object(Object::at(start));
            return Step::Again;
        };
        self.reader.phase = PieceKind::Between;
        if let Some(junk) = self.reader.junk.take() {
            // Report the junk before the object first; the next step decodes the object again.
            return Step::Rejected(junk);
        }
        self.reader.position += length as u64;
        match decoded {
            DecodedObject::Record => {
                self.record = start..self.reader.position;
                Step::Record
            }
            DecodedObject::Foreign => Step::Foreign(start..self.reader.position),
        }
    }

    /// Decodes the object at `start` into `record`. Returns `None` if the chunk does not hold the whole object, or if
    /// the object is malformed.
    #[inline]
    fn whole(&mut self, start: u64, record: &mut F::Record<'c>) -> Option<(DecodedObject, usize)> {
        if !self.reader.held.is_empty() {
            return None;
        }
        if start >= self.text_at + self.text.len() as u64 {
            (self.text, self.text_at) = (valid(slice_from(self.chunk, self.at, start)), start);
            self.reader.scanned += self.text.len() as u64;
        }
        let text = self.text.get(usize::try_from(start - self.text_at).ok()?..)?;
        let text = &text[..text.floor_char_boundary(self.reader.limit)];
        let mut reached = 0;
        let decoded = F::decode(text, &mut self.reader.memory, &mut reached, record);
        self.reader.scanned += reached as u64;
        decoded.ok()
    }

    fn scan(&mut self) -> Step {
        let position = self.reader.position;
        let PieceKind::Object(mut object) = mem::replace(&mut self.reader.phase, PieceKind::Between) else {
            return Step::Again;
        };
        let mut looked_at = 0;
        for (byte, at) in self.bytes(position).iter().zip(position..) {
            if at - object.start >= OBJECT_LIMIT {
                self.go(looked_at);
                self.broken(&object, RejectReason::Syntax);
                return Step::Again;
            }
            looked_at += 1;
            match object.scan.step(*byte) {
                ByteClass::More => {}
                ByteClass::Opens if object.last[1] == b'\n' => object.line = Some((at, object.solid)),
                ByteClass::Opens => {}
                verdict @ (ByteClass::Done | ByteClass::Head) => {
                    self.go(looked_at);
                    let head = verdict == ByteClass::Head;
                    self.reader.phase = PieceKind::Framed { start: object.start, head };
                    return Step::Again;
                }
                ByteClass::Broken(reason) => {
                    self.go(looked_at - 1);
                    self.broken(&object, reason);
                    return Step::Again;
                }
            }
            if !is_blank(*byte) {
                object.solid = at + 1;
            }
            object.last = [object.last[1], *byte];
        }
        self.go(looked_at);
        self.reader.phase = PieceKind::Object(object);
        Step::Starved
    }

    /// Handles a syntax error at the current position. A truncated record may have consumed the start of the next one:
    /// as a value if it was cut behind a colon, or as the end of a string if it was cut inside one. Scanning resumes at
    /// that start.
    fn broken(&mut self, object: &Object, reason: RejectReason) {
        let (start, at) = (object.start, self.reader.position);
        let is_too_long = self.reader.is_too_long(start, at);
        let (resume, solid) = match (object.line, object.last) {
            _ if is_too_long => (at, object.solid),
            (Some((line, solid)), _) => (line, solid),
            (None, [b'{', b'"']) if at - 2 > start => (at - 2, at - 2),
            (None, [_, b'{']) if at - 1 > start => (at - 1, at - 1),
            (None, _) => (at, object.solid),
        };
        let reason = if is_too_long { self.too_long() } else { reason };
        let junk = self.reader.junk.get_or_insert(Rejected { range: start..start, reason });
        junk.range.end = solid;
        self.reader.position = resume;
        self.reader.phase = PieceKind::Junk { after_colon: false };
    }

    fn junk(&mut self, mut after_colon: bool, record: &mut F::Record<'c>) -> Step {
        let position = self.reader.position;
        let (mut solid, mut end) = (None, None);
        let bytes = self.bytes(position);
        let begun = self.reader.junk.as_ref().map_or(position, |junk| junk.range.start);
        for (byte, at) in bytes.iter().zip(0..) {
            // A reader that restarts at this offset must find the same items without knowing `after_colon`, so never
            // split a piece right behind a colon.
            let is_full = position + at as u64 - begun >= PIECE_LIMIT && !after_colon;
            if is_full || *byte == b'\n' || (*byte == b'{' && !after_colon) {
                end = Some((at, *byte == b'{' && !is_full));
                break;
            }
            if !is_blank(*byte) {
                after_colon = *byte == b':';
                solid = Some(position + at as u64 + 1);
            }
        }
        let looked_at = end.map_or(bytes.len(), |(at, _)| at);
        self.go(looked_at);
        if let (Some(junk), Some(solid)) = (&mut self.reader.junk, solid) {
            junk.range.end = solid;
        }
        self.reader.phase = PieceKind::Junk { after_colon };
        match end {
            None => Step::Starved,
            Some((_, true)) => self.open(record),
            // End of a line, or of a part of a long line.
            Some((_, false)) => {
                self.reader.phase = PieceKind::Between;
                self.reader.junk.take().map_or(Step::Again, Step::Rejected)
            }
        }
    }

    fn framed(&mut self, start: u64, head: bool) -> Step {
        if let Some(junk) = self.reader.junk.take() {
            return Step::Rejected(junk);
        }
        self.reader.phase = PieceKind::Between;
        let range = start..self.reader.position;
        if head {
            Step::Again
        } else if self.reader.is_too_long(range.start, range.end) {
            Step::Rejected(Rejected { range, reason: self.too_long() })
        } else {
            Step::Object(range)
        }
    }

    /// Decodes an object delimited by scanning.
    fn object(&mut self, range: Range<u64>) -> LogItem<F::Record<'_>> {
        self.reader.scanned += range.end - range.start;
        self.record = range.clone();
        let length = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        let bytes = self.bytes(range.start);
        let text = str::from_utf8(bytes.get(..length).unwrap_or(bytes)).map_err(|_| RejectReason::NotUtf8);
        let mut record = F::Record::default();
        match text.and_then(|text| F::decode(text, &mut F::Memory::default(), &mut 0, &mut record)) {
            Ok((DecodedObject::Record, _)) => LogItem::Record(record),
            Ok((DecodedObject::Foreign, _)) => LogItem::Foreign { range },
            Err(reason) => LogItem::Rejected(Rejected { range, reason }),
        }
    }

    /// Appends bytes of the chunk to the held bytes. At the end of the chunk, stores the bytes that the next chunk
    /// needs and returns `false`.
    fn refill(&mut self) -> bool {
        let keep = self.reader.keep();
        let (limit, held) = (self.reader.limit, &mut self.reader.held);
        if held.is_empty() {
            held.extend(keep, keep, slice_from(self.chunk, self.at, keep));
            return false;
        }
        let (unfinished, at) = (held.from(keep).len(), held.end());
        let fresh = slice_from(self.chunk, self.at, at);
        // Growing steps keep the cost of appending proportional to the bytes read; the cap keeps the held bytes near
        // the record limit.
        let step = STEP.max(unfinished).min(limit.saturating_sub(unfinished) + STEP);
        held.extend(keep, at, &fresh[..step.min(fresh.len())]);
        !fresh.is_empty()
    }

    fn too_long(&self) -> RejectReason {
        RejectReason::TooLong { limit: self.reader.limit }
    }
}

/// Whitespace as JSON defines it; a form feed is not included.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_separator(byte: u8) -> bool {
    is_blank(byte) || matches!(byte, b',' | b'[' | b']' | b'}')
}

/// Longest prefix of `bytes` that is valid UTF-8.
fn valid(bytes: &[u8]) -> &str {
    match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}
