//! Reads a log on from where one stopped.

use std::collections::BTreeMap;

use audit_log::{Item, Reader, Rejected};
use domain::address::BlobAddress;
use domain::estate::BastionName;
use domain::session::{Records, SessionId};
use jiff::Timestamp;

use super::place::LogPlace;
use super::position::{Position, key};
use super::records::{Heard, heard};
use crate::archivist::{Archivist, MayGoOn};
use crate::ports::{Checkpoint, CheckpointKind, Fault};
use crate::stored::checkpoint::{decode, encode};

/// How many bytes are read at a time. Longer than the longest record, so that every read gets on.
const PIECE: usize = 2 << 20;
/// How many bytes of a rejected piece are kept; the rest stays where it is.
const KEPT: u64 = 256 << 10;
/// Whose input a log is.
const ORIGIN: &str = "audit_log_tail";

/// What reading on did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadOn {
    /// Records that were read.
    pub records: usize,
    /// Records of other bastions than the configured ones, and of other kinds.
    pub foreign: usize,
    /// Pieces that are no records.
    pub rejected: usize,
    /// Sessions that changed.
    pub changed: usize,
    /// Whether the end was reached; else somebody else reads, or the time was over.
    pub is_at_end: bool,
}

/// What one piece holds.
#[derive(Default)]
struct Batch {
    sessions: BTreeMap<SessionId, Records>,
    newest: BTreeMap<BastionName, Timestamp>,
    rejected: Vec<Rejected>,
    read: ReadOn,
}

impl Archivist {
    /// Reads on in an open log, as far as there is anything. What was read is saved before the position is.
    ///
    /// Two who read the same log at once read the same, and the slower one stops when it cannot save its position.
    pub(crate) async fn read_on(
        &self,
        log: &BlobAddress,
        checkpoint: Checkpoint,
        may_go_on: MayGoOn<'_>,
    ) -> Result<ReadOn, Fault> {
        let (mut version, mut position) = (checkpoint.version, decode::<Position>(&checkpoint.doc)?);
        let mut reader = Reader::at(position.offset);
        let (mut fed, mut longest, mut total) = (position.offset, position.size, ReadOn::default());
        while let Some(piece) = self.ports.blobs.read(log, fed, PIECE, None).await? {
            if piece.size < longest {
                // A log only grows, so another one is here now: what it repeats changes nothing.
                (fed, longest, position.offset) = (0, 0, 0);
                reader = Reader::at(0);
                continue;
            }
            total.is_at_end = fed + piece.bytes.len() as u64 >= piece.size;
            let batch = self.batch(&mut reader, &piece.bytes, log);
            fed += piece.bytes.len() as u64;
            total.add(self.store(log, batch).await?);
            let (offset, size) = (reader.consumed(), piece.size);
            longest = size;
            if (position.offset, position.size) != (offset, size) {
                (position.offset, position.size, position.grown_at) = (offset, size, self.ports.clock.now());
                let open = key(CheckpointKind::OpenLog, log);
                let saved = self.ports.checkpoints.save(&open, Some(version), &encode(&position)?).await?;
                let Some(saved) = saved else {
                    return Ok(ReadOn { is_at_end: false, ..total });
                };
                version = saved;
            }
            if total.is_at_end || !may_go_on() {
                return Ok(total);
            }
        }
        // The log is gone; what it said has been read, or never will be.
        Ok(ReadOn { is_at_end: true, ..total })
    }

    /// Puts the piece that a log ends inside of into quarantine.
    pub(super) async fn give_up_rest(&self, log: &BlobAddress, position: &Position) -> Result<(), Fault> {
        if position.offset < position.size {
            let range = position.offset..position.size;
            self.set_piece_aside(log, &Rejected { range, reason: audit_log::Reason::Unfinished }).await?;
        }
        Ok(())
    }

    fn batch(&self, reader: &mut Reader, bytes: &[u8], log: &BlobAddress) -> Batch {
        let mut batch = Batch::default();
        let mut feed = reader.feed(bytes);
        while let Some(item) = feed.next_item() {
            match item {
                Item::Record(record) => {
                    batch.read.records += 1;
                    let heard = heard(&record);
                    match self.bastion_of(&heard, log) {
                        Some(bastion) => batch.take(bastion, &heard),
                        None => batch.read.foreign += 1,
                    }
                }
                Item::Foreign { .. } => batch.read.foreign += 1,
                Item::Rejected(rejected) => batch.rejected.push(rejected),
            }
        }
        batch
    }

    /// The bastion that a record names, or else the log's name, or else the only one whose logs are there.
    fn bastion_of(&self, heard: &Heard, log: &BlobAddress) -> Option<BastionName> {
        let estate = &self.settings.estate;
        let by_path = || LogPlace::parse(log.name.as_str()).map(|place| place.resource_id);
        let named = heard.resource_id.as_deref().or_else(by_path);
        if let Some(bastion) = named.and_then(|id| estate.bastion_with_resource_id(id)) {
            return Some(bastion.name.clone());
        }
        let container = log.container();
        let mut there = estate.bastions_of_audit_logs(&container);
        // One that has a resource id would have been named by it.
        there
            .next()
            .filter(|bastion| there.next().is_none() && bastion.resource_id.is_none())
            .map(|only| only.name.clone())
    }

    async fn store(&self, log: &BlobAddress, batch: Batch) -> Result<ReadOn, Fault> {
        for rejected in &batch.rejected {
            self.set_piece_aside(log, rejected).await?;
        }
        let changed = self.attend(batch.sessions).await?;
        let prefix = LogPlace::parse(log.name.as_str()).map(|place| place.prefix.to_owned());
        let now = self.ports.clock.now();
        for (bastion, newest) in &batch.newest {
            self.mark(bastion, |watermark| {
                // A date of the future would have the log speak until then.
                watermark.newest_record = watermark.newest_record.max(Some(now.min(*newest)));
                watermark.prefix = watermark.prefix.take().or_else(|| prefix.clone());
            })
            .await?;
        }
        Ok(ReadOn { changed, rejected: batch.rejected.len(), ..batch.read })
    }

    async fn set_piece_aside(&self, log: &BlobAddress, rejected: &Rejected) -> Result<(), Fault> {
        let range = &rejected.range;
        let limit = usize::try_from((range.end - range.start).min(KEPT)).unwrap_or(usize::MAX);
        // What is gone by now has left nothing that could be kept.
        let Some(piece) = self.ports.blobs.read(log, range.start, limit, None).await? else {
            return Ok(());
        };
        let reason = format!("{}: bytes {}..{} of audit log {log}", rejected.reason, range.start, range.end);
        let place = format!("{log} {}", range.start);
        self.set_aside_from(&piece.bytes, &place, &reason, ORIGIN).await.map(drop)
    }
}

impl Batch {
    fn take(&mut self, bastion: BastionName, heard: &Heard) {
        if let Some(at) = heard.written_at {
            let newest = self.newest.entry(bastion.clone()).or_insert(at);
            *newest = at.max(*newest);
        }
        let id = SessionId { bastion, tunnel: heard.tunnel.clone() };
        self.sessions.entry(id).or_default().merge(&heard.records);
    }
}

impl ReadOn {
    pub(super) fn add(&mut self, other: Self) {
        self.records += other.records;
        self.foreign += other.foreign;
        self.rejected += other.rejected;
        self.changed += other.changed;
    }
}
