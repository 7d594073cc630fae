//! Checks the segments of the ledger: their chain, and their facts about the recordings of the bundle.

use std::collections::HashMap;

use domain::record::ledger::{Chain, Hashing, LedgerLine, LineContent, Seam, SegmentNumber, Sha256};

use super::finding::{Finding, Problem};
use super::recordings::Recordings;
use crate::archive::MOST_FILES;
use crate::documents::{FactForm, FactReference};
use crate::manifest::{AnchorForm, HeadForm};
use crate::names::{ANCHORS, segment_name};

/// State of the check.
#[derive(Default)]
pub struct LedgerCheck {
    chain: Chain,
    segment: Option<SegmentNumber>,
    is_at_begin: bool,
    anchors: HashMap<(String, u64), AnchorForm>,
    /// Hash that the verifier knows from elsewhere.
    wanted: Option<Sha256>,
    /// Hash of the expected list of facts.
    references: Hashing,
    /// Last line read.
    pub last: Option<HeadForm>,
    /// Facts about recordings and holds of the bundle.
    pub facts: u64,
    /// Facts that a later anchored head of the bundle covers, and those since the last such head.
    anchored: Covered,
    /// Facts that the wanted head covers.
    wanted_covers: Covered,
    is_wanted_found: bool,
}

#[derive(Default)]
struct Covered {
    covered: u64,
    open: u64,
}

type Report<'r> = &'r mut dyn FnMut(Finding);

impl LedgerCheck {
    /// Starts a check that looks for the line with this hash.
    pub fn looking_for(wanted: Option<Sha256>) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// Takes a line of `anchors.jsonl`.
    pub fn anchor(&mut self, line: &[u8], report: Report<'_>) {
        match serde_json::from_slice::<AnchorForm>(line) {
            Ok(anchor) if self.anchors.len() < MOST_FILES => {
                self.anchors.insert((anchor.head.segment.clone(), anchor.head.seq), anchor);
            }
            _ => report(Finding::of(ANCHORS, Problem::Format, "a line is no anchor, or there are too many")),
        }
    }

    /// Begins a segment.
    pub fn begin(&mut self, segment: SegmentNumber) {
        let follows = self.segment.and_then(SegmentNumber::next) == Some(segment);
        self.is_at_begin = !follows;
        if follows {
            // The successor exists, so this is never a gap.
            self.chain.begin(segment);
        } else {
            // An earlier segment is not here, so what follows proves nothing about it.
            (self.anchored.open, self.wanted_covers.open) = (0, 0);
        }
        self.segment = Some(segment);
    }

    /// Checks a line of the current segment.
    pub fn line(&mut self, offset: u64, bytes: &[u8], recordings: &mut Recordings, report: Report<'_>) {
        let Some(segment) = self.segment else { return };
        let file = segment_name(segment);
        let parsed = LedgerLine::parse(bytes).ok();
        if std::mem::take(&mut self.is_at_begin) {
            self.chain = first_of_run(segment, parsed.as_ref());
            self.chain.begin(segment);
        }
        let taken = self.chain.take(offset, bytes);
        if let Some(broken) = taken.broken {
            report(Finding::of(
                &file,
                Problem::Ledger,
                format!("line {} (byte {offset}): {}", broken.line, broken.reason),
            ));
        }
        let Some(line) = parsed else { return };
        if let LineContent::Fact { text, .. } = line.body {
            match FactForm::parse(text) {
                Some(fact) => self.fact(&fact, &file, line.seq, recordings, report),
                None => report(Finding::of(
                    &file,
                    Problem::Format,
                    format!("line {}: its fact is not readable", taken.line),
                )),
            }
        }
        self.pass_heads(segment, &line, report);
    }

    fn fact(&mut self, fact: &FactForm, file: &str, seq: u64, recordings: &mut Recordings, report: Report<'_>) {
        let (Some(about), Some(segment)) = (recordings.fact(fact, file, report), self.segment) else {
            return;
        };
        self.facts += 1;
        self.anchored.open += 1;
        self.wanted_covers.open += u64::from(!self.is_wanted_found);
        let (kind, fact, segment) = (fact.kind.clone(), fact.id.clone(), segment.to_string());
        self.references.add(FactReference { about, kind, fact, segment, seq }.line().as_bytes());
    }

    fn pass_heads(&mut self, segment: SegmentNumber, line: &LedgerLine<'_>, report: Report<'_>) {
        let hash = line.hash.to_string();
        if let Some(anchor) = self.anchors.get(&(segment.to_string(), line.seq)) {
            if anchor.head.hash == hash {
                self.anchored.pass();
            } else {
                let detail =
                    format!("the head of segment {segment}, line {} has another hash in the ledger", line.seq + 1);
                report(Finding::of(ANCHORS, Problem::Contradiction, detail));
            }
        }
        if self.wanted == Some(line.hash) {
            self.is_wanted_found = true;
            self.wanted_covers.pass();
        }
        self.last = Some(HeadForm { segment: segment.to_string(), seq: line.seq, at: line.at.to_string(), hash });
    }

    /// Ends the current segment. `torn` are the bytes behind its last line.
    pub fn end(&mut self, offset: u64, torn: &[u8], report: Report<'_>) {
        if let (Some(broken), Some(segment)) = (self.chain.end(offset, torn), self.segment) {
            let detail = format!("line {} (byte {}): {}", broken.line, broken.offset, broken.reason);
            report(Finding::of(&segment_name(segment), Problem::Ledger, detail));
        }
    }

    /// Returns the hash of the expected list of facts.
    pub fn references(&self) -> Sha256 {
        self.references.clone().done()
    }

    /// Returns the number of facts that a later anchored head covers.
    pub fn anchored(&self) -> u64 {
        self.anchored.covered
    }

    /// Returns the number of facts that the wanted head covers. `None` if it was not found.
    pub fn under_wanted(&self) -> Option<u64> {
        self.is_wanted_found.then_some(self.wanted_covers.covered)
    }
}

impl Covered {
    fn pass(&mut self) {
        self.covered += std::mem::take(&mut self.open);
    }
}

/// Returns the chain before a segment whose predecessor is not in the bundle: its first line is taken as it is.
fn first_of_run(segment: SegmentNumber, line: Option<&LedgerLine<'_>>) -> Chain {
    let Some(before) = segment.before() else { return Chain::new() };
    let torn = line.and_then(|line| match line.body {
        LineContent::Opening { torn, .. } => torn,
        _ => None,
    });
    let torn = torn.map(|hash| (before, 1, 0, hash));
    Chain::behind(Seam { segment: before, lines: 0, expected: None, closed: true, torn })
}
