//! Appends facts to the ledger.

use std::collections::VecDeque;

use domain::past::past;
use domain::record::blob::whole_second;
use domain::record::ledger::{FactId, LONGEST_LINE, LedgerFact, LedgerLine, LineContent};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::end::{End, SegmentState};
use crate::ports::{Appended, Clock, Fault, FaultKind, Ledger};
use crate::stored::fact::encode;

/// Maximum lines per block.
const LINES: usize = 1_000;
/// Maximum bytes per block: the limit of the oldest version of the storage service.
const BYTES: usize = 4 << 20;
/// Maximum blocks per segment. The service allows 50,000, which leaves room for the closing line.
const BLOCKS: u64 = 40_000;
/// Maximum number of consecutive lost races.
const TRIES: usize = 32;
/// Maximum number of consecutive faults with an unknown result. The adapters have retried by themselves.
const FAULTS: usize = 4;

const OBJECT: &str = "append to the ledger";

/// Appends the facts to the ledger in as few blocks as possible, and skips facts already at its end. Returns the number
/// of facts written.
///
/// May be interrupted at any point, repeated, and run concurrently: every fact is then in the ledger at least once and
/// the chain is intact. A fact repeated after others may be there twice, which is harmless.
///
/// Returns an error: *refused* if the last lines of the ledger are damaged, *permanent* if a fact does not fit a line.
pub async fn append(ledger: &dyn Ledger, clock: &dyn Clock, facts: &[LedgerFact]) -> Result<usize, Fault> {
    let mut waiting = Waiting::from_facts(facts)?;
    if waiting.facts.is_empty() {
        return Ok(0);
    }
    let mut end = End::find(ledger, &mut waiting).await?;
    let (mut written, mut tries, mut faults) = (0, 0, 0);
    while !waiting.facts.is_empty() && tries < TRIES {
        // Another machine's clock may be slightly ahead. Times never go back from one line to the next, so a month
        // begins once. A line dated further ahead comes from a wrong clock and does not affect later lines.
        let now = whole_second(clock.now());
        let now = past(Some(end.at), now).map_or(now, |end| now.max(end));
        if end.state != SegmentState::Open {
            // Concurrent writers create the same segment, and exactly one of their opening lines comes first.
            let next = end.segment.next().ok_or_else(|| Fault::permanent(OBJECT, "it has no free segment number"))?;
            ledger.create(next).await?;
            end.read_on(ledger, &mut waiting).await?;
            tries += 1;
            continue;
        }
        let block = Block::next(&end, &waiting, now);
        match ledger.append(end.segment, end.size, &block.bytes).await {
            Ok(Appended::Done) => {
                waiting.facts.drain(..block.facts);
                written += block.facts;
                (tries, faults) = if block.facts > 0 { (0, 0) } else { (tries, faults) };
                end = block.end;
                continue;
            }
            Ok(Appended::Full) => end.state = SegmentState::Over,
            Ok(Appended::Moved) => end.read_on(ledger, &mut waiting).await?,
            Err(fault) if faults < FAULTS && matches!(fault.kind, FaultKind::Transient { .. }) => {
                faults += 1;
                end.read_on(ledger, &mut waiting).await?;
            }
            Err(fault) => return Err(fault),
        }
        tries += 1;
    }
    if waiting.facts.is_empty() {
        return Ok(written);
    }
    Err(Fault::transient(OBJECT, "other processes always wrote first"))
}

/// Facts still missing from the ledger, in their stored form.
pub(super) struct Waiting {
    facts: VecDeque<(FactId, String)>,
}

impl Waiting {
    fn from_facts(facts: &[LedgerFact]) -> Result<Self, Fault> {
        let mut waiting = Self { facts: VecDeque::with_capacity(facts.len()) };
        for fact in facts {
            let object = || format!("append fact {} to the ledger", fact.id);
            let text = encode(fact).map_err(|error| error.fault(object()))?;
            // The other parts of a line take about two hundred bytes.
            if text.len() > LONGEST_LINE - 1024 {
                return Err(Fault::permanent(object(), "it is too long for a line"));
            }
            waiting.strike(fact.id, &text);
            waiting.facts.push_back((fact.id, text));
        }
        Ok(waiting)
    }

    /// Removes a fact found in the ledger.
    pub(super) fn strike(&mut self, id: FactId, text: &str) {
        self.facts.retain(|(waiting, written)| (*waiting, written.as_str()) != (id, text));
    }
}

/// Block to append at once.
struct Block {
    bytes: Vec<u8>,
    /// Number of waiting facts in the block.
    facts: usize,
    /// End of the ledger after this block.
    end: End,
}

impl Block {
    /// Builds the next block: the closing line if the month or the segment is over, else as many facts as fit.
    fn next(end: &End, waiting: &Waiting, now: Timestamp) -> Self {
        let mut block = Self { bytes: Vec::new(), facts: 0, end: end.clone() };
        block.end.blocks += 1;
        if end.seq > 0 && (end.blocks >= BLOCKS || month(now) > month(end.at)) {
            block.add(now, LineContent::Closing);
            block.end.state = SegmentState::Over;
            return block;
        }
        if end.seq == 0 {
            block.add(now, LineContent::Opening { segment: end.segment, torn: end.torn_before });
        }
        for (id, text) in waiting.facts.iter().take(LINES) {
            if block.bytes.len() + LONGEST_LINE > BYTES {
                break;
            }
            block.add(now, LineContent::Fact { id: *id, text });
            block.facts += 1;
        }
        block
    }

    fn add(&mut self, now: Timestamp, body: LineContent<'_>) {
        let line = LedgerLine::new(self.end.seq, now, self.end.hash, body);
        let text = line.text();
        self.bytes.extend_from_slice(text.as_bytes());
        self.end.size += text.len() as u64;
        (self.end.seq, self.end.hash, self.end.at) = (line.seq + 1, line.hash, now);
    }
}

/// Returns the UTC year and month.
fn month(at: Timestamp) -> (i16, i8) {
    let date = at.to_zoned(TimeZone::UTC).date();
    (date.year(), date.month())
}
