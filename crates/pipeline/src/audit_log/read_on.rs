//! Reads a log on from where one stopped.

use std::collections::BTreeMap;

use audit_log::{Feed, Item, Reader};
use domain::address::BlobAddress;
use domain::estate::BastionName;
use domain::session::{Records, SessionId};
use jiff::Timestamp;

use super::junk::{Junk, Rejects};
use super::place::LogPlace;
use super::position::{Position, Trail, key};
use super::records::{Heard, heard};
use crate::archivist::{Archivist, MayGoOn};
use crate::ports::{Checkpoint, CheckpointKind, Fault, Piece, Version};
use crate::stored::checkpoint::{decode, encode};

/// How many bytes are read at a time. Longer than the longest record, so that every read gets on.
const PIECE: usize = 2 << 20;
/// How many sessions are taken in before the position is saved.
const SESSIONS: usize = 256;

/// What reading on did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadOn {
    /// Records that were read.
    pub records: usize,
    /// Records of other bastions than the configured ones, and of other kinds.
    pub foreign: usize,
    /// Pieces of what is no record that were put into quarantine.
    pub rejected: usize,
    /// Sessions that changed.
    pub changed: usize,
    /// Whether the end was reached; else somebody else reads, or the time was over.
    pub is_at_end: bool,
}

/// A part of a log that is saved together.
#[derive(Default)]
struct Batch {
    sessions: BTreeMap<SessionId, Records>,
    newest: BTreeMap<BastionName, Timestamp>,
    junk: Vec<Junk>,
    read: ReadOn,
}

/// How far a log has been read in this pass.
struct Course<'a> {
    log: &'a BlobAddress,
    version: Version,
    /// As it was saved last.
    position: Position,
    rejects: Rejects,
}

impl Archivist {
    /// Reads on in an open log, as far as there is anything and `may_go_on` allows; one batch at least. What was read is
    /// saved before the position is, batch by batch.
    ///
    /// Two who read the same log at once read the same, and the slower one stops when it cannot save its position.
    pub(crate) async fn read_on(
        &self,
        log: &BlobAddress,
        checkpoint: Checkpoint,
        may_go_on: MayGoOn<'_>,
    ) -> Result<ReadOn, Fault> {
        let position = decode::<Position>(&checkpoint.doc, self.now())?;
        let rejects = Rejects::of(position.pieces);
        let mut course = Course { log, version: checkpoint.version, position, rejects };
        let (mut reader, mut from) = (Reader::at(course.position.offset), course.position.trail_from());
        let mut total = ReadOn::default();
        while let Some(piece) = self.ports.blobs.read(log, from, PIECE, None).await? {
            let Some(fresh) = course.position.fresh(&piece, from) else {
                // Another log is here now: what it repeats changes nothing.
                course.position.restart();
                course.rejects = Rejects::of(course.position.pieces);
                (reader, from) = (Reader::at(0), 0);
                continue;
            };
            let is_last = from + piece.bytes.len() as u64 >= piece.size;
            let mut feed = reader.feed(fresh);
            loop {
                let (mut batch, is_drained) = self.batch(&mut feed, &mut course.rejects, log);
                total.is_at_end = is_drained && is_last;
                if total.is_at_end {
                    course.rejects.pause();
                }
                batch.junk = course.rejects.whole();
                total.add(self.store(log, batch).await?);
                if !self.save_course(&mut course, feed.consumed(), &piece, from).await? {
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
        // The log is gone; what it said has been read, or never will be.
        Ok(ReadOn { is_at_end: true, ..total })
    }

    /// Saves how far a log has been read, if that has changed. False if somebody else saved meanwhile.
    async fn save_course(
        &self,
        course: &mut Course<'_>,
        consumed: u64,
        piece: &Piece,
        from: u64,
    ) -> Result<bool, Fault> {
        let offset = course.rejects.open_from().unwrap_or(consumed).min(consumed);
        let mut next = course.position.clone();
        if offset != next.offset {
            // A piece that may still grow can begin before the bytes that are here.
            let before = offset.checked_sub(from).and_then(|length| usize::try_from(length).ok());
            next.trail = before.and_then(|length| Trail::of(&piece.bytes[..length]));
        }
        (next.offset, next.size, next.etag) = (offset, piece.size, Some(piece.etag.as_str().to_owned()));
        next.pieces = course.rejects.pieces();
        if next == course.position {
            return Ok(true);
        }
        next.grown_at = self.now();
        let open = key(CheckpointKind::OpenLog, course.log);
        let saved = self.ports.checkpoints.save(&open, Some(course.version), &encode(&next)?).await?;
        course.version = saved.unwrap_or(course.version);
        course.position = next;
        Ok(saved.is_some())
    }

    /// Puts what a log ends with that is no whole record into quarantine.
    pub(super) async fn give_up_rest(&self, log: &BlobAddress, position: &Position) -> Result<(), Fault> {
        if position.offset < position.size {
            self.set_piece_aside(log, &Junk::unfinished(position.offset..position.size)).await?;
        }
        Ok(())
    }

    /// What can be taken in at once, and whether there is no more.
    fn batch(&self, feed: &mut Feed<'_, '_>, rejects: &mut Rejects, log: &BlobAddress) -> (Batch, bool) {
        let mut batch = Batch::default();
        while let Some(item) = feed.next_item() {
            match item {
                Item::Rejected(rejected) => {
                    rejects.take(rejected);
                    continue;
                }
                Item::Record(record) => {
                    batch.read.records += 1;
                    let heard = heard(&record);
                    match self.bastion_of(&heard, log) {
                        Some(bastion) => batch.take(bastion, &heard),
                        None => batch.read.foreign += 1,
                    }
                }
                Item::Foreign { .. } => batch.read.foreign += 1,
            }
            rejects.pass();
            if batch.sessions.len() >= SESSIONS {
                return (batch, false);
            }
        }
        (batch, true)
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
        for junk in &batch.junk {
            self.set_piece_aside(log, junk).await?;
        }
        let changed = self.attend(batch.sessions).await?;
        let prefix = LogPlace::parse(log.name.as_str()).map(|place| place.prefix.to_owned());
        let now = self.now();
        for (bastion, newest) in &batch.newest {
            self.mark(bastion, |watermark| {
                // A date of the future would have the log speak until then.
                watermark.newest_record = watermark.newest_record.max(Some(now.min(*newest)));
                watermark.prefix = watermark.prefix.take().or_else(|| prefix.clone());
            })
            .await?;
        }
        Ok(ReadOn { changed, rejected: batch.junk.len(), ..batch.read })
    }

    async fn set_piece_aside(&self, log: &BlobAddress, junk: &Junk) -> Result<(), Fault> {
        let range = &junk.range;
        let length = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        // What is gone by now has left nothing that could be kept.
        let Some(piece) = self.ports.blobs.read(log, range.start, length, None).await? else {
            return Ok(());
        };
        self.set_piece_of_log_aside(&piece.bytes, log, range, &junk.reason()).await
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
