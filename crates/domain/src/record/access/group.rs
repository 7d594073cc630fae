//! Groups the lines of one reader within half an hour.

use core::net::IpAddr;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::line::{AccessKind, AccessLine};
use crate::digest;
use crate::record::accessor::{Accessor, ReaderId};
use crate::record::blob::ETag;

/// Lines kept of a group. A player reads a recording in many ranges; beyond this, counts are lower bounds.
pub const LINES_KEPT: usize = 16;
/// Length of a group in seconds.
const SECONDS: i64 = 30 * 60;

/// What the lines of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccessGroupKey {
    /// Number of the half hour since 1970.
    pub half_hour: i64,
    /// Kind of access.
    pub kind: AccessKind,
    /// Identity or token.
    pub accessor: Accessor,
    /// Address of the caller.
    pub address: Option<IpAddr>,
    /// Content that was read, so that reads of two blobs under one name stay apart.
    pub etag: Option<ETag>,
}

/// Lines of a group. Every value depends on the set of lines only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessGroup {
    /// Time of the first line.
    pub first: Timestamp,
    /// Time of the last line.
    pub last: Timestamp,
    /// Bytes of the largest transfer.
    pub largest: Option<u64>,
    /// The lines with the [`LINES_KEPT`] smallest ids, with their bytes.
    pub lines: BTreeMap<u64, Option<u64>>,
    /// True if there were more lines.
    pub has_more: bool,
}

impl AccessGroupKey {
    pub(super) fn from_line(line: &AccessLine) -> Self {
        Self {
            half_hour: line.at.as_second().div_euclid(SECONDS),
            kind: line.kind,
            accessor: line.accessor.clone(),
            address: line.address,
            etag: line.etag.clone().filter(|_| line.kind == AccessKind::Read),
        }
    }

    /// Returns the reader of the group.
    pub fn reader(&self) -> ReaderId {
        self.accessor.reader(self.address)
    }

    /// Orders groups by how long they are kept: content before tags and properties, then newer ones.
    pub(super) fn rank(&self) -> (bool, i64) {
        (self.kind.concerns_content(), self.half_hour)
    }

    /// Returns a number that stands for the group after it was folded.
    pub(super) fn number(&self) -> u64 {
        digest::number(&[format!("{self:?}").as_bytes()], 63)
    }
}

impl AccessGroup {
    pub(super) fn from_line(line: &AccessLine) -> Self {
        let lines = BTreeMap::from([(line.id, line.bytes)]);
        Self { first: line.at, last: line.at, largest: line.bytes, lines, has_more: false }
    }

    /// Merges the lines of two groups with the same key.
    pub(super) fn merge(&mut self, other: &Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.largest = self.largest.max(other.largest);
        self.has_more |= other.has_more;
        for (id, bytes) in &other.lines {
            let known = self.lines.entry(*id).or_insert(*bytes);
            *known = (*known).max(*bytes);
        }
        while self.lines.len() > LINES_KEPT {
            self.lines.pop_last();
            self.has_more = true;
        }
    }

    /// Returns the transferred bytes of the kept lines: a lower bound if there are [more](Self::has_more) or a line has
    /// no bytes.
    pub fn bytes(&self) -> u64 {
        self.lines.values().flatten().fold(0, |sum, bytes| sum.saturating_add(*bytes))
    }
}
