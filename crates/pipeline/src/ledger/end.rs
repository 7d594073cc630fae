//! Where the ledger ends.

use std::fmt::Display;

use domain::ledger::{Body, LONGEST_LINE, Line, SegmentNumber, Sha256};
use jiff::Timestamp;

use super::append::Waiting;
use crate::ports::{Fault, Ledger};

/// How much of a segment's end is read to find its last line: with half a line behind it, there is room for two.
const TAIL: usize = 2 * (LONGEST_LINE + 1);
/// How many bytes are read at a time.
const PIECE: usize = 1 << 20;

/// The end of the ledger, as far as it was read.
#[derive(Debug, Clone)]
pub(super) struct End {
    /// The last segment.
    pub segment: SegmentNumber,
    /// How many bytes of it are whole lines.
    pub size: u64,
    /// How many blocks it has.
    pub blocks: u64,
    /// The number that the next line has in it.
    pub seq: u64,
    /// The hash that the next line is chained to.
    pub hash: Sha256,
    /// When its last line was written.
    pub at: Timestamp,
    /// Whether anything more may stand in it.
    pub state: State,
    /// The hash of half a line at the end of the segment before, which the opening of this one must know.
    pub torn_before: Option<Sha256>,
}

/// Whether a segment can be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It can.
    Open,
    /// It is closed, or the store takes no more of it.
    Over,
    /// It ends with half a line, of which this is the hash.
    Torn(Sha256),
}

impl End {
    /// Finds the end by the last line of the last segment that has one. Reads from there on, and strikes out what waits
    /// and stands there already.
    pub(super) async fn find(ledger: &dyn Ledger, waiting: &mut Waiting) -> Result<Self, Fault> {
        let segments = ledger.segments().await?;
        if segments.is_empty() {
            ledger.create(SegmentNumber::FIRST).await?;
        }
        let mut end = Self::beginning();
        for segment in segments.into_iter().rev() {
            if let Some(found) = Self::before_last_line(ledger, segment).await? {
                end = found;
                break;
            }
        }
        end.read_on(ledger, waiting).await?;
        Ok(end)
    }

    fn beginning() -> Self {
        Self {
            segment: SegmentNumber::FIRST,
            size: 0,
            blocks: 0,
            seq: 0,
            hash: Sha256::NOTHING,
            at: Timestamp::UNIX_EPOCH,
            state: State::Open,
            torn_before: None,
        }
    }

    /// Where the whole lines begin that are among the last bytes of a segment. `None` where there is none.
    async fn before_last_line(ledger: &dyn Ledger, segment: SegmentNumber) -> Result<Option<Self>, Fault> {
        let size = ledger.extent(segment).await?.map_or(0, |extent| extent.size);
        let from = size.saturating_sub(TAIL as u64);
        let bytes = ledger.read(segment, from, TAIL).await?.unwrap_or_default();
        let feeds: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'\n').collect();
        let begin = if from == 0 { 0 } else { feeds.first().map_or(bytes.len(), |feed| feed + 1) };
        let Some(first) = feeds.iter().find(|feed| **feed >= begin) else {
            let is_torn = bytes.len() <= LONGEST_LINE;
            return if is_torn {
                Ok(None)
            } else {
                Err(damaged(segment, &"no line is near its end"))
            };
        };
        let line = Line::parse(&bytes[begin..*first]).map_err(|flaw| damaged(segment, &flaw))?;
        let mut end = Self { segment, size: from + begin as u64, ..Self::beginning() };
        (end.seq, end.hash) = (line.seq, line.prev);
        Ok(Some(end))
    }

    /// Reads what stands behind this end, over all segments that follow, and strikes out what waits and stands there.
    pub(super) async fn read_on(&mut self, ledger: &dyn Ledger, waiting: &mut Waiting) -> Result<(), Fault> {
        loop {
            // Where the next segment is there, this one changes no more: it is read to its very end.
            let next = self.segment.next().ok_or_else(|| damaged(self.segment, &"its number is the last"))?;
            let is_last = ledger.extent(next).await?.is_none();
            self.read_segment(ledger, waiting).await?;
            if is_last {
                self.blocks = ledger.extent(self.segment).await?.map_or(0, |extent| extent.blocks);
                return Ok(());
            }
            let torn = if let State::Torn(torn) = self.state { Some(torn) } else { None };
            let (hash, at) = (self.hash, self.at);
            *self = Self { segment: next, hash, at, torn_before: torn, ..Self::beginning() };
        }
    }

    async fn read_segment(&mut self, ledger: &dyn Ledger, waiting: &mut Waiting) -> Result<(), Fault> {
        loop {
            let bytes = ledger.read(self.segment, self.size, PIECE).await?.unwrap_or_default();
            let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |feed| feed + 1);
            for line in bytes[..whole].split_inclusive(|byte| *byte == b'\n') {
                self.take(&line[..line.len() - 1], waiting)?;
                self.size += line.len() as u64;
            }
            if whole == 0 {
                return self.end_with(&bytes);
            }
        }
    }

    fn take(&mut self, bytes: &[u8], waiting: &mut Waiting) -> Result<(), Fault> {
        let line = Line::parse(bytes).map_err(|flaw| damaged(self.segment, &flaw))?;
        if (line.prev, line.seq) != (self.hash, self.seq) {
            return Err(damaged(self.segment, &"its last lines are not chained"));
        }
        (self.hash, self.seq, self.at) = (line.hash, line.seq + 1, line.at);
        match line.body {
            Body::Fact { id, text } => waiting.strike(id, text),
            Body::Closing => self.state = State::Over,
            Body::Opening { .. } => {}
        }
        Ok(())
    }

    fn end_with(&mut self, rest: &[u8]) -> Result<(), Fault> {
        if rest.len() > LONGEST_LINE {
            return Err(damaged(self.segment, &"its last line is too long"));
        }
        if !rest.is_empty() {
            self.state = State::Torn(Sha256::of(rest));
        }
        Ok(())
    }
}

/// Nothing is appended behind lines that cannot be relied on, until somebody has looked at them.
fn damaged(segment: SegmentNumber, reason: &dyn Display) -> Fault {
    let reason = format!("{reason}; `archivist ledger verify` tells more");
    Fault::refused(format!("append to segment {segment} of the ledger"), reason)
}
