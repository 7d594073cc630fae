//! Finds the end of the ledger.

use std::fmt::Display;

use domain::record::ledger::{LONGEST_LINE, LedgerLine, LineContent, SegmentNumber, Sha256};
use jiff::Timestamp;

use super::append::Waiting;
use crate::ports::{Fault, Ledger};

/// Bytes read at the end of a segment to find its last line: room for two lines, in case half a line follows.
const TAIL: usize = 2 * (LONGEST_LINE + 1);
/// Bytes per read.
const PIECE: usize = 1 << 20;

/// End of the ledger, as far as read.
#[derive(Debug, Clone)]
pub(super) struct End {
    /// Last segment.
    pub segment: SegmentNumber,
    /// Bytes of complete lines.
    pub size: u64,
    /// Blocks in the segment.
    pub blocks: u64,
    /// Number of the next line in the segment.
    pub seq: u64,
    /// Hash to which the next line is chained.
    pub hash: Sha256,
    /// Time of the last line.
    pub at: Timestamp,
    /// Whether the segment accepts more lines.
    pub state: SegmentState,
    /// Hash of half a line at the end of the previous segment, to be stored in the opening line of this one.
    pub torn_before: Option<Sha256>,
}

/// State of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SegmentState {
    Open,
    /// Closed, or the store accepts no more blocks.
    Over,
    /// Ends with half a line, which has this hash.
    Torn(Sha256),
}

impl End {
    /// Finds the end by the last line of the last segment that has one. Reads on from there, and removes waiting facts
    /// found there.
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
            state: SegmentState::Open,
            torn_before: None,
        }
    }

    /// Returns the position before the first complete line within the last bytes of a segment. Returns `None` if the
    /// segment has no complete line.
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
        let line = LedgerLine::parse(&bytes[begin..*first]).map_err(|flaw| damaged(segment, &flaw))?;
        let mut end = Self { segment, size: from + begin as u64, ..Self::beginning() };
        (end.seq, end.hash) = (line.seq, line.prev);
        Ok(Some(end))
    }

    /// Reads on from this end through all following segments, and removes waiting facts found there.
    pub(super) async fn read_on(&mut self, ledger: &dyn Ledger, waiting: &mut Waiting) -> Result<(), Fault> {
        loop {
            // If the next segment exists, this one no longer changes and is read to its end.
            let next = self.segment.next().ok_or_else(|| damaged(self.segment, &"its number is the last"))?;
            let is_last = ledger.extent(next).await?.is_none();
            self.read_segment(ledger, waiting).await?;
            if is_last {
                self.blocks = ledger.extent(self.segment).await?.map_or(0, |extent| extent.blocks);
                return Ok(());
            }
            let torn = if let SegmentState::Torn(torn) = self.state { Some(torn) } else { None };
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
        let line = LedgerLine::parse(bytes).map_err(|flaw| damaged(self.segment, &flaw))?;
        if (line.prev, line.seq) != (self.hash, self.seq) {
            return Err(damaged(self.segment, &"its last lines are not chained"));
        }
        (self.hash, self.seq, self.at) = (line.hash, line.seq + 1, line.at);
        match line.body {
            LineContent::Fact { id, text } => waiting.strike(id, text),
            LineContent::Closing => self.state = SegmentState::Over,
            LineContent::Opening { .. } => {}
        }
        Ok(())
    }

    fn end_with(&mut self, rest: &[u8]) -> Result<(), Fault> {
        if rest.len() > LONGEST_LINE {
            return Err(damaged(self.segment, &"its last line is too long"));
        }
        if !rest.is_empty() {
            self.state = SegmentState::Torn(Sha256::hash(rest));
        }
        Ok(())
    }
}

/// Nothing is appended after damaged lines until an operator has checked them.
fn damaged(segment: SegmentNumber, reason: &dyn Display) -> Fault {
    let reason = format!("{reason}; `archivist ledger verify` shows details");
    Fault::refused(format!("append to segment {segment} of the ledger"), reason)
}
