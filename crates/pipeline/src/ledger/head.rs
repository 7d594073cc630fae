//! Reads the last line of the ledger without writing anything.

use domain::record::ledger::{LONGEST_LINE, LedgerLine, SegmentNumber, Sha256};
use jiff::Timestamp;

use crate::ports::{Fault, Ledger};

/// Bytes read at the end of a segment: room for two lines, in case half a line follows.
const TAIL: u64 = 2 * (LONGEST_LINE as u64 + 1);

/// Last complete line of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerHead {
    /// Segment of the line.
    pub segment: SegmentNumber,
    /// Number of the line in its segment, from 0.
    pub seq: u64,
    /// Time of the line.
    pub at: Timestamp,
    /// Hash of the line, which covers everything before it.
    pub hash: Sha256,
    /// Offset behind the line in its segment, in bytes.
    pub end: u64,
}

impl LedgerHead {
    /// Reads the last line. Returns `None` if the ledger has no complete line.
    ///
    /// # Errors
    /// The ledger cannot be read, or its last complete line is damaged.
    pub async fn read(ledger: &dyn Ledger) -> Result<Option<Self>, Fault> {
        for segment in ledger.segments().await?.into_iter().rev() {
            let size = ledger.extent(segment).await?.map_or(0, |extent| extent.size);
            let from = size.saturating_sub(TAIL);
            let limit = usize::try_from(size - from).unwrap_or(usize::MAX);
            let bytes = ledger.read(segment, from, limit).await?.unwrap_or_default();
            let Some(feed) = bytes.iter().rposition(|byte| *byte == b'\n') else {
                continue;
            };
            let begin = bytes[..feed].iter().rposition(|byte| *byte == b'\n').map_or(0, |before| before + 1);
            let line = LedgerLine::parse(&bytes[begin..feed]).map_err(|flaw| {
                let reason = format!("{flaw}; `archivist ledger verify` shows details");
                Fault::refused(format!("read the last line of segment {segment} of the ledger"), reason)
            })?;
            let (seq, at, hash, end) = (line.seq, line.at, line.hash, from + feed as u64 + 1);
            return Ok(Some(Self { segment, seq, at, hash, end }));
        }
        Ok(None)
    }
}
