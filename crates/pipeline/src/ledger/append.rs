//! Facts are appended.

use std::collections::VecDeque;

use domain::blob::whole_second;
use domain::ledger::{Body, Fact, FactId, LONGEST_LINE, Line};
use domain::past::past;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::end::{End, State};
use crate::ports::{Appended, Clock, Fault, FaultKind, Ledger};
use crate::stored::fact::encode;

/// The most lines of a block.
const LINES: usize = 1_000;
/// The most bytes of a block: what the oldest version of the storage service takes.
const BYTES: usize = 4 << 20;
/// The most blocks of a segment; the service takes 50,000, so there is room to close it.
const BLOCKS: u64 = 40_000;
/// How often in a row others may be first.
const TRIES: usize = 32;
/// How often in a row nobody may know whether a block was added; the adapters have tried again by themselves.
const FAULTS: usize = 4;

const OBJECT: &str = "append to the ledger";

/// Appends the facts to the ledger, in as few blocks as they need. What stands at its end already is left out; gives how
/// many were written.
///
/// May be interrupted at any point and called again, by anybody, at the same time: every fact then stands there at least
/// once, and the chain is whole. A fact that is told again after others may stand there twice, which is as good as once.
///
/// # Errors
/// *Refused* where the last lines of the ledger are damaged; *permanent* where a fact cannot be written as a line.
pub async fn append(ledger: &dyn Ledger, clock: &dyn Clock, facts: &[Fact]) -> Result<usize, Fault> {
    let mut waiting = Waiting::of(facts)?;
    if waiting.facts.is_empty() {
        return Ok(0);
    }
    let mut end = End::find(ledger, &mut waiting).await?;
    let (mut written, mut tries, mut faults) = (0, 0, 0);
    while !waiting.facts.is_empty() && tries < TRIES {
        // The clock of another machine may be a little ahead: no line is older than the one before, so a month begins
        // once. A line that is dated further ahead was written by a wrong clock and dates no other.
        let now = whole_second(clock.now());
        let now = past(Some(end.at), now).map_or(now, |end| now.max(end));
        if end.state != State::Open {
            // Whoever gets here makes the same segment, and one opening of it comes first.
            let next = end.segment.next().ok_or_else(|| Fault::permanent(OBJECT, "it has no more segments"))?;
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
            Ok(Appended::Full) => end.state = State::Over,
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
    Err(Fault::transient(OBJECT, "somebody else was always first"))
}

/// Facts that do not stand in the ledger yet, in their stored form.
pub(super) struct Waiting {
    facts: VecDeque<(FactId, String)>,
}

impl Waiting {
    fn of(facts: &[Fact]) -> Result<Self, Fault> {
        let mut waiting = Self { facts: VecDeque::with_capacity(facts.len()) };
        for fact in facts {
            let object = || format!("append fact {} to the ledger", fact.id);
            let text = encode(fact).map_err(|error| error.fault(object()))?;
            // What else stands in a line takes some two hundred bytes.
            if text.len() > LONGEST_LINE - 1024 {
                return Err(Fault::permanent(object(), "it is too long for a line"));
            }
            waiting.strike(fact.id, &text);
            waiting.facts.push_back((fact.id, text));
        }
        Ok(waiting)
    }

    /// This fact stands in the ledger.
    pub(super) fn strike(&mut self, id: FactId, text: &str) {
        self.facts.retain(|(waiting, said)| (*waiting, said.as_str()) != (id, text));
    }
}

/// What is written at once.
struct Block {
    bytes: Vec<u8>,
    /// How many of those that wait it holds.
    facts: usize,
    /// Where the ledger ends with it.
    end: End,
}

impl Block {
    /// What comes next: the closing line where the month or the segment is over, else as many facts as there is room for.
    fn next(end: &End, waiting: &Waiting, now: Timestamp) -> Self {
        let mut block = Self { bytes: Vec::new(), facts: 0, end: end.clone() };
        block.end.blocks += 1;
        if end.seq > 0 && (end.blocks >= BLOCKS || month(now) > month(end.at)) {
            block.add(now, Body::Closing);
            block.end.state = State::Over;
            return block;
        }
        if end.seq == 0 {
            block.add(now, Body::Opening { segment: end.segment, torn: end.torn_before });
        }
        for (id, text) in waiting.facts.iter().take(LINES) {
            if block.bytes.len() + LONGEST_LINE > BYTES {
                break;
            }
            block.add(now, Body::Fact { id: *id, text });
            block.facts += 1;
        }
        block
    }

    fn add(&mut self, now: Timestamp, body: Body<'_>) {
        let line = Line::new(self.end.seq, now, self.end.hash, body);
        let text = line.text();
        self.bytes.extend_from_slice(text.as_bytes());
        self.end.size += text.len() as u64;
        (self.end.seq, self.end.hash, self.end.at) = (line.seq + 1, line.hash, now);
    }
}

/// A month of a year, in UTC.
fn month(at: Timestamp) -> (i16, i8) {
    let date = at.to_zoned(TimeZone::UTC).date();
    (date.year(), date.month())
}
