//! Writes ledgers for the tests.

use domain::record::ledger::{Break, Chain, LedgerEvent, LedgerFact, LedgerLine, LineContent, SegmentNumber, Sha256};
use jiff::Timestamp;

/// A ledger as left by a writer, with methods for violations that a real writer never commits.
pub struct WrittenLedger {
    pub segments: Vec<(SegmentNumber, Vec<u8>)>,
    seq: u64,
    prev: Sha256,
}

impl Default for WrittenLedger {
    fn default() -> Self {
        Self { segments: Vec::new(), seq: 0, prev: Sha256::NOTHING }
    }
}

impl WrittenLedger {
    /// Begins the next segment without its opening.
    pub fn begin(&mut self, segment: SegmentNumber) {
        self.segments.push((segment, Vec::new()));
        self.seq = 0;
    }

    /// Opens the next segment.
    pub fn open(&mut self, torn: Option<Sha256>) {
        let segment = self.segments.last().map_or(SegmentNumber::FIRST, |(last, _)| last.next().unwrap());
        self.begin(segment);
        self.write(LineContent::Opening { segment, torn });
    }

    /// Appends a fact about a subject.
    pub fn tell(&mut self, about: &str, says: &str) {
        let what =
            LedgerEvent::HoldPlaced { hold: about.to_owned(), case: String::new(), scope: None, by: String::new() };
        let id = LedgerFact::new(Timestamp::UNIX_EPOCH, what).id;
        let text = format!(r#"{{"id":"{id}","says":"{says}"}}"#);
        self.write(LineContent::fact(&text).unwrap());
    }

    /// Closes the segment.
    pub fn close(&mut self) {
        self.write(LineContent::Closing);
    }

    /// Appends any line.
    pub fn write(&mut self, body: LineContent<'_>) {
        let line = LedgerLine::new(self.seq, Timestamp::UNIX_EPOCH, self.prev, body);
        self.segments.last_mut().unwrap().1.extend(line.text().bytes());
        (self.seq, self.prev) = (self.seq + 1, line.hash);
    }

    /// Lines of a segment.
    pub fn lines(&self, segment: usize) -> Vec<&[u8]> {
        let whole = self.segments[segment].1.split(|byte| *byte == b'\n');
        whole.filter(|line| !line.is_empty()).collect()
    }

    /// Byte offset of a line in its segment; both are counted from 0.
    pub fn offset_of(&self, segment: usize, line: usize) -> usize {
        self.lines(segment)[..line].iter().map(|line| line.len() + 1).sum()
    }
}

/// Breaks in the chain.
pub fn breaks(segments: &[(SegmentNumber, Vec<u8>)]) -> Vec<Break> {
    read(segments).0
}

/// Facts in their stored form.
pub fn facts(segments: &[(SegmentNumber, Vec<u8>)]) -> Vec<String> {
    read(segments).1
}

fn read(segments: &[(SegmentNumber, Vec<u8>)]) -> (Vec<Break>, Vec<String>) {
    let (mut chain, mut breaks, mut facts) = (Chain::new(), Vec::new(), Vec::new());
    for (segment, content) in segments {
        breaks.extend(chain.begin(*segment));
        let mut at = 0;
        while let Some(length) = content[at..].iter().position(|byte| *byte == b'\n') {
            let taken = chain.take(at as u64, &content[at..at + length]);
            breaks.extend(taken.broken);
            facts.extend(taken.fact.map(|(_, text)| text.to_owned()));
            at += length + 1;
        }
        breaks.extend(chain.end(at as u64, &content[at..]));
    }
    breaks.extend(chain.finish());
    (breaks, facts)
}
