//! Reads a log from its saved position.

use std::collections::BTreeMap;
use std::sync::Arc;

use audit_log::{AuditFormat, AuditRecord, Feed, LogFormat, LogItem, Reader};
use domain::address::BlobAddress;
use domain::record::estate::{BastionName, Estate};
use domain::record::session::{Records, SessionId};
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::junk::{Junk, Rejects};
use super::place::LogPlace;
use super::position::{LogCheckpoint, Trail, key};
use super::records::{RecordFacts, record_facts};
use super::sink::{AccessSink, LogSink};
use crate::access::ApplyAccesses;
use crate::apply_audit_records::ApplyAuditRecords;
use crate::audit_log::AuditLogPositions;
use crate::deadline::MayGoOn;
use crate::ports::{BlobStore, Checkpoint, CheckpointKind, Checkpoints, Fault, Piece, Version};
use crate::quarantine_input::QuarantineInput;
use crate::stored::checkpoint::{decode, encode};
use crate::stores::KnownStores;
use crate::time::TimeSource;
use crate::watermark::Watermarks;

/// Bytes per read. Longer than the longest record, so every read advances.
const PIECE: usize = 2 << 20;
/// Sessions to apply before the position is saved.
const SESSIONS: usize = 256;

/// Counts of one read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadOn {
    /// Records read.
    pub records: usize,
    /// Records of unconfigured bastions or of other kinds.
    pub foreign: usize,
    /// Unreadable pieces put into quarantine.
    pub rejected: usize,
    /// Sessions and recordings changed.
    pub changed: usize,
    /// True if the end was reached. False if another reader took over or the deadline passed.
    pub is_at_end: bool,
}

/// Part of an audit log, applied and saved together.
#[derive(Default)]
pub(super) struct SessionBatch {
    sessions: BTreeMap<SessionId, Records>,
    newest: BTreeMap<BastionName, Timestamp>,
}

/// Progress of this pass through one log.
struct ReadProgress<'a> {
    log: &'a BlobAddress,
    version: Version,
    /// Position as saved last.
    position: LogCheckpoint,
    /// True if it was noted that the log was read to its end.
    is_noted: bool,
    rejects: Rejects,
}

/// Reads one audit log, or one log of accesses, from its saved position.
pub struct ReadAuditLog {
    pub(crate) checkpoints: Arc<dyn Checkpoints>,
    pub(crate) blobs: Arc<dyn BlobStore>,
    pub(crate) estate: Arc<Estate>,
    pub(crate) stores: Arc<KnownStores>,
    pub(crate) time: Arc<TimeSource>,
    pub(crate) watermarks: Arc<Watermarks>,
    pub(crate) audit_records: Arc<ApplyAuditRecords>,
    pub(crate) accesses: Arc<ApplyAccesses>,
    pub(crate) quarantined: Arc<QuarantineInput>,
    pub(crate) log_positions: Arc<AuditLogPositions>,
}

impl ReadAuditLog {
    /// Reads an open log to its end or until `may_go_on` returns false, but at least one batch. Each batch is saved
    /// before the position.
    ///
    /// Concurrent readers of a log read the same records; the slower one stops when its conditional save fails.
    pub(crate) async fn read_on(
        &self,
        log: &BlobAddress,
        checkpoint: Checkpoint,
        may_go_on: MayGoOn<'_>,
    ) -> Result<ReadOn, Fault> {
        if self.estate.bastions_of_access_logs(&log.container()).next().is_some() {
            let sink = AccessSink { accesses: &self.accesses };
            return self.read_into(&sink, log, checkpoint, may_go_on).await;
        }
        self.read_into(self, log, checkpoint, may_go_on).await
    }

    /// Reads a log into the sink of its format.
    async fn read_into<S: LogSink>(
        &self,
        sink: &S,
        log: &BlobAddress,
        checkpoint: Checkpoint,
        may_go_on: MayGoOn<'_>,
    ) -> Result<ReadOn, Fault> {
        let position = decode::<LogCheckpoint>(&checkpoint.doc, self.time.now())?;
        let rejects = Rejects::starting_at(position.pieces);
        let is_noted = position.is_noted;
        let mut progress = ReadProgress { log, version: checkpoint.version, position, is_noted, rejects };
        let mut reader = Reader::<S::Format>::of_format(progress.position.offset);
        let mut from = progress.position.trail_from();
        let mut total = ReadOn::default();
        while let Some(piece) = self.blobs.read(log, from, PIECE, None).await? {
            let Some(fresh) = progress.position.fresh(&piece, from) else {
                // Another log has replaced this one. Records read twice change nothing.
                progress.position.restart();
                progress.rejects = Rejects::starting_at(progress.position.pieces);
                (reader, from) = (Reader::of_format(0), 0);
                continue;
            };
            let is_last = from + piece.bytes.len() as u64 >= piece.size;
            let mut feed = reader.feed(fresh);
            loop {
                let (batch, mut read, is_drained) = batch(sink, &mut feed, &mut progress.rejects, log);
                total.is_at_end = is_drained && is_last;
                if total.is_at_end {
                    progress.rejects.pause();
                }
                for junk in &progress.rejects.whole() {
                    self.set_piece_aside(log, junk).await?;
                    read.rejected += 1;
                }
                read.changed = sink.store(log, batch).await?;
                total.add(read);
                if total.is_at_end && !progress.position.is_noted {
                    progress.is_noted = sink.note_read(log).await?;
                }
                if !self.save_progress(&mut progress, feed.consumed(), &piece, from).await? {
                    return Ok(ReadOn { is_at_end: false, ..total });
                }
                if total.is_at_end || !may_go_on() {
                    return Ok(total);
                }
                if is_drained {
                    break;
                }
            }
            from += piece.bytes.len() as u64;
        }
        // The log is gone. Nothing of it is left to read.
        Ok(ReadOn { is_at_end: true, ..total })
    }

    /// Saves the position if it changed. Returns false if another reader saved first.
    async fn save_progress(
        &self,
        progress: &mut ReadProgress<'_>,
        consumed: u64,
        piece: &Piece,
        from: u64,
    ) -> Result<bool, Fault> {
        let offset = progress.rejects.open_from().unwrap_or(consumed).min(consumed);
        let mut next = progress.position.clone();
        if offset != next.offset {
            // An open piece can begin before the bytes of this read.
            let before = offset.checked_sub(from).and_then(|length| usize::try_from(length).ok());
            next.trail = before.and_then(|length| Trail::from_preceding(&piece.bytes[..length]));
        }
        (next.offset, next.size, next.etag) = (offset, piece.size, Some(piece.etag.as_str().to_owned()));
        (next.pieces, next.is_noted) = (progress.rejects.pieces(), progress.is_noted);
        if next == progress.position {
            return Ok(true);
        }
        next.grown_at = self.time.now();
        let open = key(CheckpointKind::OpenLog, progress.log);
        let saved = self.checkpoints.save(&open, Some(progress.version), &encode(&next)?).await?;
        progress.version = saved.unwrap_or(progress.version);
        progress.position = next;
        Ok(saved.is_some())
    }

    /// Puts the incomplete record at the end of a log into quarantine.
    pub(super) async fn give_up_rest(&self, log: &BlobAddress, position: &LogCheckpoint) -> Result<(), Fault> {
        if position.offset < position.size {
            self.set_piece_aside(log, &Junk::unfinished(position.offset..position.size)).await?;
        }
        Ok(())
    }

    async fn store_sessions(&self, log: &BlobAddress, batch: SessionBatch) -> Result<usize, Fault> {
        let changed = self.audit_records.apply_audit_records(batch.sessions).await?;
        let prefix = LogPlace::parse(log.name.as_str()).map(|place| place.prefix.to_owned());
        let now = self.time.now();
        for (bastion, newest) in &batch.newest {
            self.watermarks
                .mark(bastion, |watermark| {
                    // A record dated in the future would keep the log alive until then.
                    watermark.newest_record = watermark.newest_record.max(Some(now.min(*newest)));
                    watermark.prefix = watermark.prefix.take().or_else(|| prefix.clone());
                })
                .await?;
        }
        Ok(changed)
    }

    async fn set_piece_aside(&self, log: &BlobAddress, junk: &Junk) -> Result<(), Fault> {
        let range = &junk.range;
        let length = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        // If the log is gone, there are no bytes to keep.
        let Some(piece) = self.blobs.read(log, range.start, length, None).await? else {
            return Ok(());
        };
        self.quarantined.set_piece_of_log_aside(&piece.bytes, log, range, &junk.reason()).await
    }
}

impl LogSink for ReadAuditLog {
    type Format = AuditFormat;
    type Batch = SessionBatch;

    fn take(&self, batch: &mut SessionBatch, record: &AuditRecord<'_>, log: &BlobAddress) -> bool {
        let facts = record_facts(record);
        let bastion = bastion_of(&self.estate, &facts, log);
        let is_ours = bastion.is_some();
        bastion.into_iter().for_each(|bastion| batch.take(bastion, &facts));
        is_ours
    }

    fn is_full(&self, batch: &SessionBatch) -> bool {
        batch.sessions.len() >= SESSIONS
    }

    fn store<'a>(&'a self, log: &'a BlobAddress, batch: SessionBatch) -> BoxFuture<'a, Result<usize, Fault>> {
        Box::pin(self.store_sessions(log, batch))
    }

    fn note_read<'a>(&'a self, _: &'a BlobAddress) -> BoxFuture<'a, Result<bool, Fault>> {
        Box::pin(async { Ok(false) })
    }
}

/// Collects the next batch of records. The flag is true if the feed is drained.
fn batch<S: LogSink>(
    sink: &S,
    feed: &mut Feed<'_, '_, S::Format>,
    rejects: &mut Rejects,
    log: &BlobAddress,
) -> (S::Batch, ReadOn, bool) {
    let (mut batch, mut read) = (S::Batch::default(), ReadOn::default());
    while let Some(item) = feed.next_item() {
        match item {
            LogItem::Rejected(rejected) => {
                rejects.take(rejected);
                continue;
            }
            LogItem::Record(record) => {
                let record = S::Format::shortened(record);
                read.records += 1;
                read.foreign += usize::from(!sink.take(&mut batch, &record, log));
            }
            LogItem::Foreign { .. } => read.foreign += 1,
        }
        rejects.pass();
        if sink.is_full(&batch) {
            return (batch, read, false);
        }
    }
    (batch, read, true)
}

/// Returns the bastion of a record: by the resource id in the record, else in the log's name, else the only bastion
/// with logs in the container.
pub(crate) fn bastion_of(estate: &Estate, facts: &RecordFacts, log: &BlobAddress) -> Option<BastionName> {
    let by_path = || LogPlace::parse(log.name.as_str()).map(|place| place.resource_id);
    let named = facts.resource_id.as_deref().or_else(by_path);
    if let Some(bastion) = named.and_then(|id| estate.bastion_with_resource_id(id)) {
        return Some(bastion.name.clone());
    }
    let container = log.container();
    let mut there = estate.bastions_of_audit_logs(&container);
    // If this bastion had a resource id, the id would have matched above.
    there.next().filter(|bastion| there.next().is_none() && bastion.resource_id.is_none()).map(|only| only.name.clone())
}

impl SessionBatch {
    fn take(&mut self, bastion: BastionName, facts: &RecordFacts) {
        if let Some(at) = facts.written_at {
            let newest = self.newest.entry(bastion.clone()).or_insert(at);
            *newest = at.max(*newest);
        }
        let id = SessionId { bastion, tunnel: facts.tunnel.clone() };
        self.sessions.entry(id).or_default().merge(&facts.records);
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
