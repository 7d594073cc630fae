//! The ledger is verified: its chain, and the recordings whose content it tells.

use domain::address::BlobAddress;
use domain::blob::ETag;
use domain::ledger::{Break, Chain, Fact, Flaw, Reason, Sha256, What};
use domain::recording_id::RecordingId;
use serde::{Deserialize, Serialize};

use super::contents::Contents;
use super::deletions::Deletions;
use super::walk::{Item, Place, Walk};
use crate::ports::{BlobStore, Checkpoints, Fault, Ledger};
use crate::stored::fact::decode;

/// What a verification found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The chain is broken.
    Broken(Break),
    /// The content of a recording is not the one that was hashed.
    Changed {
        /// Which recording.
        recording: RecordingId,
        /// Where it is.
        address: BlobAddress,
        /// The hash that stands in the ledger.
        told: Sha256,
        /// The hash of what is there.
        found: Sha256,
        /// The version of what is there.
        etag: ETag,
    },
    /// The recording is not there, and no line tells that it was deleted.
    Missing {
        /// Which recording.
        recording: RecordingId,
        /// Where it was.
        address: BlobAddress,
    },
    /// The recording cannot be read, and trying again does not help.
    Unread {
        /// Which recording.
        recording: RecordingId,
        /// Where it is.
        address: BlobAddress,
        /// Why.
        reason: String,
    },
}

/// What a verification tells while it is at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The lines are read: so many bytes of them there are.
    Lines(u64),
    /// So many more of them were read.
    LineBytes(u64),
    /// The recordings are read: so many bytes of them there are by what stands in the ledger.
    Recordings(u64),
    /// So many more of them were read, or need not be.
    RecordingBytes(u64),
    /// Something is wrong.
    Found(Finding),
}

/// What a verification comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// How many segments there are.
    pub segments: u64,
    /// How many lines.
    pub lines: u64,
    /// How many of them tell a fact.
    pub facts: u64,
    /// How many of these tell one again.
    pub repeated: u64,
    /// At how many places the chain is broken.
    pub broken: u64,
    /// What came of the recordings. `None` where only the chain was verified.
    pub recordings: Option<Recordings>,
}

impl Verified {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        let fine = |Recordings { changed, missing, unread, .. }: &Recordings| changed + missing + unread == 0;
        self.broken == 0 && self.recordings.as_ref().is_none_or(fine)
    }

    fn found(&mut self, broken: Option<Break>, tell: Tell<'_>) {
        if let Some(broken) = broken {
            self.broken += 1;
            tell(Step::Found(Finding::Broken(broken)));
        }
    }
}

/// What came of the recordings whose hash stands in the ledger, where an interrupted verification read some as well.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recordings {
    /// Their content is the one that was hashed.
    pub intact: u64,
    /// They were deleted, as the ledger tells.
    pub deleted: u64,
    /// Their content is another one.
    pub changed: u64,
    /// They are not there, and the ledger does not tell why.
    pub missing: u64,
    /// They cannot be read.
    pub unread: u64,
    /// How many bytes were read.
    pub bytes: u64,
}

/// A verification of a ledger.
pub struct Verify<'a> {
    /// The ledger.
    pub ledger: &'a dyn Ledger,
    /// Where the recordings are, with where it is kept how far they were read. `None` verifies the chain only.
    pub recordings: Option<(&'a dyn BlobStore, &'a dyn Checkpoints)>,
    /// Whether the recordings are read from the first one on, also where a verification was interrupted.
    pub from_start: bool,
}

/// What is told while it is at work goes here.
pub(super) type Tell<'t> = &'t mut (dyn FnMut(Step) + Send);

impl Verify<'_> {
    /// Reads the whole chain, and then each recording whose hash stands there; of these it goes on where an interrupted
    /// verification stopped. Memory does not grow with the ledger, but for some bytes per deletion.
    ///
    /// # Errors
    /// Where ledger, storage or checkpoints fail; the same call goes on. *Refused* where another one is at work.
    pub async fn run(&self, tell: Tell<'_>) -> Result<Verified, Fault> {
        let mut verified = Verified::default();
        let (deletions, hashed) = self.chain(&mut verified, tell).await?;
        if let Some((blobs, checkpoints)) = self.recordings {
            tell(Step::Recordings(hashed));
            let contents = Contents { ledger: self.ledger, blobs, deletions };
            verified.recordings = Some(contents.run(checkpoints, self.from_start, tell).await?);
        }
        Ok(verified)
    }

    /// Gives the deletions, and how many bytes of recordings were hashed.
    async fn chain(&self, verified: &mut Verified, tell: Tell<'_>) -> Result<(Deletions, u64), Fault> {
        tell(Step::Lines(self.size().await?));
        let mut walk = Walk::from(self.ledger, Place::BEGIN).await?;
        let (mut chain, mut deletions, mut hashed) = (Chain::new(), Deletions::default(), 0);
        let mut segment = Place::BEGIN.segment;
        while let Some(item) = walk.next().await? {
            let broken = match item {
                Item::Begin(begun) => {
                    segment = begun;
                    verified.segments += 1;
                    chain.begin(begun)
                }
                Item::Line(offset, bytes) => {
                    let taken = chain.take(offset, bytes);
                    let fact = taken.fact.map(|(_, text)| decode(text));
                    tell(Step::LineBytes(bytes.len() as u64 + 1));
                    verified.lines += 1;
                    verified.facts += u64::from(fact.is_some());
                    verified.repeated += u64::from(taken.repeated);
                    hashed += fact.iter().flatten().map(|fact| note(fact, &mut deletions)).sum::<u64>();
                    // Whoever chained it did not write it as we do.
                    let is_other = fact.is_some_and(|fact| fact.is_err());
                    let other = Break { segment, line: taken.line, offset, reason: Reason::Flaw(Flaw::Form) };
                    taken.broken.or(is_other.then_some(other))
                }
                Item::End(offset, torn) => chain.end(offset, torn),
            };
            verified.found(broken, tell);
        }
        verified.found(chain.finish(), tell);
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

/// Takes up a deletion; gives the bytes of a recording that was hashed.
fn note(fact: &Fact, deletions: &mut Deletions) -> u64 {
    match &fact.what {
        What::RecordingDeleted { recording, .. } => {
            deletions.add(*recording);
            0
        }
        What::RecordingHashed { size, .. } => *size,
        What::HoldPlaced { .. }
        | What::HoldReleased { .. }
        | What::RetentionApproved { .. }
        | What::RetentionShortened { .. }
        | What::RecordingConfirmed { .. }
        | What::SessionDisconnecting { .. }
        | What::SessionNotDisconnected { .. }
        | What::SessionDisconnected { .. } => 0,
    }
}
