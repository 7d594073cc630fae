//! Verifies the ledger: its chain, and the recordings whose hashes it holds.

use domain::address::BlobAddress;
use domain::record::blob::ETag;
use domain::record::ledger::{Break, Chain, ChainBreak, Flaw, LedgerEvent, LedgerFact, SegmentNumber, Sha256};
use domain::record::recording_id::RecordingId;
use serde::{Deserialize, Serialize};

use super::contents::Contents;
use super::deletions::Deletions;
use super::walk::{LedgerPlace, SegmentWalk, WalkItem};
use crate::ports::{BlobStore, Checkpoints, Fault, Ledger};
use crate::stored::fact::decode;

/// Problem found by a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerFinding {
    /// The chain is broken.
    Broken(Break),
    /// The content of a recording differs from the hashed one.
    Changed {
        /// Recording id.
        recording: RecordingId,
        /// Address of the blob.
        address: BlobAddress,
        /// Hash in the ledger.
        recorded: Sha256,
        /// Hash of the current content.
        found: Sha256,
        /// ETag of the current content.
        etag: ETag,
    },
    /// The recording is gone, and the ledger has no line about its deletion.
    Missing {
        /// Recording id.
        recording: RecordingId,
        /// Former address of the blob.
        address: BlobAddress,
        /// True if the name belongs to a blob that was created after the hash was taken.
        is_replaced: bool,
    },
    /// No line has the head that the caller knows.
    HeadMissing(Sha256),
    /// The recording cannot be read, and a retry does not help.
    Unread {
        /// Recording id.
        recording: RecordingId,
        /// Address of the blob.
        address: BlobAddress,
        /// Reason of the failure.
        reason: String,
    },
}

/// Progress report of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerificationStep {
    /// Start of the chain, with the total bytes of its lines.
    Lines(u64),
    /// Bytes of lines read since the last report.
    LineBytes(u64),
    /// Start of the recordings, with their total bytes according to the ledger.
    Recordings(u64),
    /// Bytes of recordings read or skipped since the last report.
    RecordingBytes(u64),
    /// A problem was found.
    Found(LedgerFinding),
}

/// Result of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Segments of the ledger.
    pub segments: u64,
    /// Lines of the ledger.
    pub lines: u64,
    /// Lines with a fact.
    pub facts: u64,
    /// Lines repeating a fact.
    pub repeated: u64,
    /// Breaks of the chain.
    pub broken: u64,
    /// Line with the head that the caller knows: everything up to it existed when the caller received the head.
    pub head: Option<HeadLine>,
    /// True if the caller gave a head, and no line has it.
    pub is_head_missing: bool,
    /// Result for the recordings, or `None` if only the chain was verified.
    pub recordings: Option<HashedRecordings>,
}

impl Verified {
    /// Returns true if no problem was found.
    pub fn is_sound(&self) -> bool {
        let fine =
            |HashedRecordings { changed, missing, unread, .. }: &HashedRecordings| changed + missing + unread == 0;
        self.broken == 0 && !self.is_head_missing && self.recordings.as_ref().is_none_or(fine)
    }

    fn found(&mut self, broken: Option<Break>, on_step: OnStep<'_>) {
        if let Some(broken) = broken {
            self.broken += 1;
            on_step(VerificationStep::Found(LedgerFinding::Broken(broken)));
        }
    }
}

/// Place of a line in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadLine {
    /// Segment of the line.
    pub segment: SegmentNumber,
    /// Line of the segment, from 1.
    pub line: u64,
}

/// Counts of the recordings with a hash in the ledger, including those of an interrupted verification.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HashedRecordings {
    /// Content equal to the hashed one.
    pub intact: u64,
    /// Deleted according to the ledger.
    pub deleted: u64,
    /// Content different from the hashed one.
    pub changed: u64,
    /// Gone without a line about the deletion.
    pub missing: u64,
    /// Not readable.
    pub unread: u64,
    /// Bytes read.
    pub bytes: u64,
}

/// Verification of a ledger.
pub struct Verify<'a> {
    /// Ledger to verify.
    pub ledger: &'a dyn Ledger,
    /// Store of the recordings, and of the verification's position. `None` verifies only the chain.
    pub recordings: Option<(&'a dyn BlobStore, &'a dyn Checkpoints)>,
    /// Start with the first recording even if a verification was interrupted.
    pub from_start: bool,
    /// Hash of a line that the caller knows from elsewhere.
    pub head: Option<Sha256>,
}

/// Receiver of progress reports.
pub(super) type OnStep<'t> = &'t mut (dyn FnMut(VerificationStep) + Send);

impl Verify<'_> {
    /// Verifies the whole chain, then each recording with a hash in the ledger, continuing an interrupted verification.
    /// Memory use does not grow with the ledger, except for some bytes per deletion.
    ///
    /// Returns an error if ledger, storage or checkpoints fail; the next call continues. The error is *refused* if
    /// another verification is running.
    pub async fn run(&self, on_step: OnStep<'_>) -> Result<Verified, Fault> {
        let mut verified = Verified::default();
        let (deletions, hashed) = self.chain(&mut verified, on_step).await?;
        if let Some((blobs, checkpoints)) = self.recordings {
            on_step(VerificationStep::Recordings(hashed));
            let contents = Contents { ledger: self.ledger, blobs, deletions };
            verified.recordings = Some(contents.run(checkpoints, self.from_start, on_step).await?);
        }
        Ok(verified)
    }

    /// Verifies the chain. Returns the deletions and the total bytes of hashed recordings.
    async fn chain(&self, verified: &mut Verified, on_step: OnStep<'_>) -> Result<(Deletions, u64), Fault> {
        on_step(VerificationStep::Lines(self.size().await?));
        let mut walk = SegmentWalk::from(self.ledger, LedgerPlace::BEGIN).await?;
        let (mut chain, mut deletions, mut hashed) = (Chain::new(), Deletions::default(), 0);
        let mut segment = LedgerPlace::BEGIN.segment;
        while let Some(item) = walk.next().await? {
            let broken = match item {
                WalkItem::Begin(begun) => {
                    segment = begun;
                    verified.segments += 1;
                    chain.begin(begun)
                }
                WalkItem::Line(offset, bytes) => {
                    let taken = chain.take(offset, bytes);
                    let hash = chain.seam().and_then(|seam| seam.expected).map(|(hash, _)| hash);
                    if self.head.is_some() && self.head == hash {
                        verified.head = verified.head.or(Some(HeadLine { segment, line: taken.line }));
                    }
                    let fact = taken.fact.map(|(_, text)| decode(text));
                    on_step(VerificationStep::LineBytes(bytes.len() as u64 + 1));
                    verified.lines += 1;
                    verified.facts += u64::from(fact.is_some());
                    verified.repeated += u64::from(taken.repeated);
                    hashed += fact.iter().flatten().map(|fact| note(fact, &mut deletions)).sum::<u64>();
                    // The line is chained, but not in our form.
                    let is_other = fact.is_some_and(|fact| fact.is_err());
                    let other = Break { segment, line: taken.line, offset, reason: ChainBreak::Flaw(Flaw::Form) };
                    taken.broken.or(is_other.then_some(other))
                }
                WalkItem::End(offset, torn) => chain.end(offset, torn),
            };
            verified.found(broken, on_step);
        }
        verified.found(chain.finish(), on_step);
        if let Some(head) = self.head.filter(|_| verified.head.is_none()) {
            verified.is_head_missing = true;
            on_step(VerificationStep::Found(LedgerFinding::HeadMissing(head)));
        }
        deletions.read_to(walk.place());
        Ok((deletions, hashed))
    }

    async fn size(&self) -> Result<u64, Fault> {
        let mut size = 0;
        for segment in self.ledger.segments().await? {
            size += self.ledger.extent(segment).await?.map_or(0, |extent| extent.size);
        }
        Ok(size)
    }
}

/// Notes a deletion, or returns the size of a hashed recording.
fn note(fact: &LedgerFact, deletions: &mut Deletions) -> u64 {
    match &fact.what {
        LedgerEvent::RecordingDeleted { recording, .. } => {
            deletions.add(*recording);
            0
        }
        LedgerEvent::RecordingHashed { size, .. } => *size,
        LedgerEvent::HoldPlaced { .. }
        | LedgerEvent::HoldReleased { .. }
        | LedgerEvent::RetentionApproved { .. }
        | LedgerEvent::RetentionShortened { .. }
        | LedgerEvent::RecordingConfirmed { .. }
        | LedgerEvent::RecordingReviewed { .. }
        | LedgerEvent::SessionDisconnecting { .. }
        | LedgerEvent::SessionNotDisconnected { .. }
        | LedgerEvent::SessionDisconnected { .. } => 0,
    }
}
