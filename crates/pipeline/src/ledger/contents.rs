//! Compares the recordings with their hashes in the ledger.

use domain::address::BlobAddress;
use domain::record::ledger::{LedgerEvent, LedgerFact, LedgerLine, LineContent};
use domain::record::recording_id::RecordingId;
use jiff::Timestamp;

use super::deletions::Deletions;
use super::hash::{Hashed, hash_with_progress};
use super::position::StoredVerification;
use super::verify::{HashedRecordings, LedgerFinding, OnStep, VerificationStep};
use super::walk::{SegmentWalk, WalkItem};
use crate::ports::{BlobStore, Checkpoints, Fault, FaultKind, Ledger};
use crate::stored::fact::decode;

/// Recordings between two saves of the position.
const RECORDINGS_PER_SAVE: u64 = 100;
/// Bytes of recordings between two saves, if the recordings are few and large.
const BYTES_PER_SAVE: u64 = 1 << 30;

/// Recordings, and the deletions in the ledger.
pub(super) struct Contents<'a> {
    pub ledger: &'a dyn Ledger,
    pub blobs: &'a dyn BlobStore,
    pub deletions: Deletions,
}

/// Recording with a hash in the ledger.
struct HashedFact {
    recording: RecordingId,
    address: BlobAddress,
    at: Timestamp,
    hashed: Hashed,
}

impl Contents<'_> {
    /// Compares each recording, continuing an interrupted verification.
    pub(super) async fn run(
        mut self,
        checkpoints: &dyn Checkpoints,
        from_start: bool,
        on_step: OnStep<'_>,
    ) -> Result<HashedRecordings, Fault> {
        let (mut kept, place, mut done) = StoredVerification::load(checkpoints, from_start).await?;
        on_step(VerificationStep::RecordingBytes(done.bytes));
        let mut walk = SegmentWalk::from(self.ledger, place).await?;
        let (mut since, mut bytes_then) = (0, done.bytes);
        while let Some(item) = walk.next().await? {
            let WalkItem::Line(_, bytes) = item else { continue };
            let Some(fact) = hashed_fact(bytes) else { continue };
            self.compare(fact, &mut done, on_step).await?;
            since += 1;
            if since >= RECORDINGS_PER_SAVE || done.bytes - bytes_then >= BYTES_PER_SAVE {
                kept.save(walk.place(), &done).await?;
                (since, bytes_then) = (0, done.bytes);
            }
        }
        kept.remove().await?;
        Ok(done)
    }

    async fn compare(
        &mut self,
        fact: HashedFact,
        done: &mut HashedRecordings,
        on_step: OnStep<'_>,
    ) -> Result<(), Fault> {
        let HashedFact { recording, address, at, hashed } = fact;
        if self.deletions.knows(recording) && !self.is_back(&address, &hashed).await? {
            done.deleted += 1;
            on_step(VerificationStep::RecordingBytes(hashed.size));
            return Ok(());
        }
        let finding = match self.content(&address, &hashed, done, on_step).await {
            Ok(Some(found)) if (found.sha256, found.size) == (hashed.sha256, hashed.size) => {
                done.intact += 1;
                return Ok(());
            }
            Ok(Some(Hashed { etag, sha256: found, .. })) => {
                if self.is_created_after(&address, at).await? {
                    return self.gone(recording, address, true, done, on_step).await;
                }
                done.changed += 1;
                LedgerFinding::Changed { recording, address, recorded: hashed.sha256, found, etag }
            }
            Ok(None) => {
                on_step(VerificationStep::RecordingBytes(hashed.size));
                return self.gone(recording, address, false, done, on_step).await;
            }
            Err(fault) if matches!(fault.kind, FaultKind::Transient { .. }) => return Err(fault),
            Err(fault) => {
                done.unread += 1;
                LedgerFinding::Unread { recording, address, reason: fault.to_string() }
            }
        };
        on_step(VerificationStep::Found(finding));
        Ok(())
    }

    /// Counts a recording that is gone as deleted if the ledger has a line about it by now, else as missing.
    async fn gone(
        &mut self,
        recording: RecordingId,
        address: BlobAddress,
        is_replaced: bool,
        done: &mut HashedRecordings,
        on_step: OnStep<'_>,
    ) -> Result<(), Fault> {
        self.deletions.read_on(self.ledger).await?;
        if self.deletions.knows(recording) {
            done.deleted += 1;
            return Ok(());
        }
        done.missing += 1;
        on_step(VerificationStep::Found(LedgerFinding::Missing { recording, address, is_replaced }));
        Ok(())
    }

    /// Returns true if the blob was created after `at`: it then is another recording under the same name, because a
    /// rewrite keeps the creation time.
    async fn is_created_after(&self, address: &BlobAddress, at: Timestamp) -> Result<bool, Fault> {
        match self.blobs.properties(address).await {
            Ok(found) => Ok(found.is_some_and(|found| found.created_at > at)),
            Err(fault) if matches!(fault.kind, FaultKind::Transient { .. }) => Err(fault),
            Err(_) => Ok(false),
        }
    }

    /// Returns true if the deleted content exists again. New content has a line of its own.
    async fn is_back(&self, at: &BlobAddress, hashed: &Hashed) -> Result<bool, Fault> {
        match self.blobs.properties(at).await {
            Ok(found) => Ok(found.is_some_and(|found| found.etag == hashed.etag)),
            Err(fault) if matches!(fault.kind, FaultKind::Transient { .. }) => Err(fault),
            // A deleted recording does not have to be readable.
            Err(_) => Ok(false),
        }
    }

    /// Hashes the content with the known ETag, or else the current content: a new version may have the same bytes.
    async fn content(
        &self,
        at: &BlobAddress,
        hashed: &Hashed,
        done: &mut HashedRecordings,
        on_step: OnStep<'_>,
    ) -> Result<Option<Hashed>, Fault> {
        let mut read = |bytes| {
            done.bytes += bytes;
            on_step(VerificationStep::RecordingBytes(bytes));
        };
        match hash_with_progress(self.blobs, at, Some(&hashed.etag), &mut read).await? {
            Some(found) => Ok(Some(found)),
            None => hash_with_progress(self.blobs, at, None, &mut read).await,
        }
    }
}

fn hashed_fact(bytes: &[u8]) -> Option<HashedFact> {
    let LineContent::Fact { text, .. } = LedgerLine::parse(bytes).ok()?.body else {
        return None;
    };
    let LedgerFact { at, what: LedgerEvent::RecordingHashed { recording, address, etag, size, sha256 }, .. } =
        decode(text).ok()?
    else {
        return None;
    };
    Some(HashedFact { recording, address, at, hashed: Hashed { etag, size, sha256 } })
}
