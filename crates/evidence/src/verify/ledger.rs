//! Checks the segments of the ledger: their chain, and their facts about the recordings of the bundle.

use std::collections::{BTreeMap, BTreeSet};

use domain::record::ledger::{Chain, Hashing, LedgerLine, LineContent, Seam, SegmentNumber, Sha256};

use super::finding::{BundleProblem, Finding};
use super::recordings::Recordings;
use crate::archive::MOST_FILES;
use crate::documents::{FactForm, FactReference};
use crate::manifest::{AnchorForm, HeadForm, Manifest};
use crate::names::{ANCHORS, MANIFEST, segment_name};

/// State of the check.
#[derive(Default)]
pub struct LedgerCheck {
    chain: Chain,
    segment: Option<SegmentNumber>,
    is_at_begin: bool,
    /// True if nothing can follow in the current segment, as far as it is read.
    is_whole: bool,
    /// True if the current segment ends in a partial line.
    has_torn: bool,
    /// Segments of the bundle.
    segments: BTreeSet<String>,
    /// Last segment of each earlier run.
    ends: Vec<RunEnd>,
    /// Anchors by line.
    anchors: BTreeMap<(String, u64), Vec<Anchored>>,
    anchors_read: usize,
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

/// Anchor of the bundle.
struct Anchored {
    anchor: AnchorForm,
    is_found: bool,
}

/// Last segment of a run of segments.
struct RunEnd {
    segment: SegmentNumber,
    is_whole: bool,
    /// Number of facts that no head of the run covers.
    open: u64,
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
            Ok(anchor) if self.anchors_read < MOST_FILES => {
                self.anchors_read += 1;
                let place = (anchor.head.segment.clone(), anchor.head.seq);
                self.anchors.entry(place).or_default().push(Anchored { anchor, is_found: false });
            }
            _ => report(Finding::new(ANCHORS, BundleProblem::Format, "a line is no anchor, or there are too many")),
        }
    }

    /// Begins a segment.
    pub fn begin(&mut self, segment: SegmentNumber) {
        let follows = self.segment.and_then(SegmentNumber::next) == Some(segment);
        (self.is_at_begin, self.is_whole) = (!follows, false);
        self.segments.insert(segment.to_string());
        if follows {
            // The successor exists, so this is never a gap.
            self.chain.begin(segment);
        } else {
            self.ends.extend(self.run_end());
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
            report(Finding::new(
                &file,
                BundleProblem::Ledger,
                format!("line {} (byte {offset}): {}", broken.line, broken.reason),
            ));
        }
        let Some(line) = parsed else { return };
        if let LineContent::Fact { text, .. } = line.body {
            match FactForm::parse(text) {
                Some(fact) => self.fact(&fact, line.seq, recordings),
                None => report(Finding::new(
                    &file,
                    BundleProblem::Format,
                    format!("line {}: its fact is not readable", taken.line),
                )),
            }
        }
        self.pass_heads(segment, &line, report);
    }

    fn fact(&mut self, fact: &FactForm, seq: u64, recordings: &mut Recordings) {
        let (Some(about), Some(segment)) = (recordings.fact(fact), self.segment) else {
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
        let head = HeadForm { segment: segment.to_string(), seq: line.seq, at: line.at.to_string(), hash };
        for sent in self.anchors.get_mut(&(head.segment.clone(), head.seq)).into_iter().flatten() {
            sent.is_found = true;
            if sent.anchor.head == head {
                self.anchored.pass();
            } else {
                let detail = format!("the head of segment {segment}, line {} differs from the ledger", line.seq + 1);
                report(Finding::new(ANCHORS, BundleProblem::Contradiction, detail));
            }
        }
        if self.wanted == Some(line.hash) {
            self.is_wanted_found = true;
            self.wanted_covers.pass();
        }
        self.last = Some(head);
    }

    /// Ends the current segment. `torn` are the bytes behind its last line.
    pub fn end(&mut self, offset: u64, torn: &[u8], report: Report<'_>) {
        self.is_whole = torn.is_empty() && self.chain.seam().is_some_and(|seam| seam.closed);
        self.has_torn = !torn.is_empty();
        if let (Some(broken), Some(segment)) = (self.chain.end(offset, torn), self.segment) {
            let detail = format!("line {} (byte {}): {}", broken.line, broken.offset, broken.reason);
            report(Finding::new(&segment_name(segment), BundleProblem::Ledger, detail));
        }
    }

    fn run_end(&self) -> Option<RunEnd> {
        let (is_whole, open) = (self.is_whole, self.anchored.open);
        self.segment.map(|segment| RunEnd { segment, is_whole, open })
    }

    /// Compares the segments, whose end is known now, with the heads of the manifest.
    pub fn finish(&self, manifest: &Manifest, report: Report<'_>) {
        self.compare_head(manifest.head.as_ref(), report);
        self.compare_ends(manifest.head.as_ref(), report);
        self.compare_anchors(manifest, report);
    }

    fn compare_head(&self, head: Option<&HeadForm>, report: Report<'_>) {
        let Some(last) = &self.last else { return };
        let detail = match head {
            None => "it says that there is no ledger, but the bundle has lines of one",
            Some(head) if head.segment < last.segment => "its head of the ledger comes before lines of the bundle",
            Some(head) if head.segment == last.segment && head != last => {
                "its head of the ledger is not the last line of the ledger in the bundle"
            }
            Some(_) => return,
        };
        report(Finding::new(MANIFEST, BundleProblem::Contradiction, detail));
    }

    /// Finds segments that were cut off. The end of a segment is known from the next one, from its closing line, or from
    /// the head.
    fn compare_ends(&self, head: Option<&HeadForm>, report: Report<'_>) {
        let last = self.run_end();
        for end in self.ends.iter().chain(&last) {
            let name = segment_name(end.segment);
            let mut find = |detail: &str| report(Finding::new(&name, BundleProblem::Ledger, detail));
            if head.is_some_and(|head| head.segment == end.segment.to_string()) {
                if self.has_torn {
                    find("bytes follow the head of the ledger");
                }
                continue;
            }
            if !end.is_whole {
                find("it has no closing line, and the next segment is not in the bundle: lines may be missing");
            }
            if end.open > 0 {
                find("the segments from here to the next anchored head, or to the head of the ledger, are missing");
            }
        }
    }

    fn compare_anchors(&self, manifest: &Manifest, report: Report<'_>) {
        let mut find = |detail: String| report(Finding::new(ANCHORS, BundleProblem::Contradiction, detail));
        for ((segment, seq), sent) in &self.anchors {
            if sent.iter().any(|sent| !sent.is_found) {
                let why = if self.segments.contains(segment) {
                    "is not in it: the ledger was cut, or the head is of another one"
                } else {
                    "is of a segment that the bundle does not have"
                };
                find(format!("the head of segment {segment}, line {} {why}", seq + 1));
            }
        }
        let place = |head: &HeadForm| (head.segment.clone(), head.seq);
        let Some(last) = &manifest.anchor else {
            if !self.anchors.is_empty() {
                find("it has heads that were sent, but the manifest says that none was".to_owned());
            }
            return;
        };
        if manifest.head.as_ref().is_none_or(|head| place(head) < place(&last.head)) {
            find(
                "the last head that was sent is not in the ledger: it was cut, or the head is of another one"
                    .to_owned(),
            );
        }
        let is_listed =
            self.anchors.get(&place(&last.head)).is_some_and(|sent| sent.iter().any(|sent| sent.anchor == *last));
        let is_later = self.anchors.last_key_value().is_some_and(|(later, _)| *later > place(&last.head));
        if is_later || (self.segments.contains(&last.head.segment) && !is_listed) {
            find("the last head that was sent, as the manifest says, is not the last one of this list".to_owned());
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
