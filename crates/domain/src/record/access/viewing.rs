//! Joins the accesses of one reader into viewings.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::group::{AccessGroup, AccessGroupKey};
use super::line::AccessKind;
use super::set::BlobAccesses;
use super::span::LifeSpan;
use crate::record::accessor::{Accessor, ReaderId};
use crate::record::blob::ETag;
use crate::record::catalogue::Life;

/// Longest pause between two accesses of one viewing.
pub const WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// Accesses of one kind by one reader, none more than [`WITHIN`] after the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewing {
    /// The reader, over all addresses and tokens.
    pub reader: ReaderId,
    /// Kind of access.
    pub kind: AccessKind,
    /// Identity or token of the first access.
    pub accessor: Accessor,
    /// Addresses of the caller.
    pub addresses: BTreeSet<IpAddr>,
    /// Time of the first access.
    pub from: Timestamp,
    /// Time of the last access.
    pub to: Timestamp,
    /// Number of requests; a lower bound if `has_more`.
    pub requests: u64,
    /// Transferred bytes; a lower bound if `has_more`.
    pub bytes: u64,
    /// True if there were more requests than are kept.
    pub has_more: bool,
    /// Bytes of the largest transfer of each content. `None` if the log has no ETag.
    pub largest: BTreeMap<Option<ETag>, u64>,
}

impl Viewing {
    fn from_group(reader: ReaderId, key: &AccessGroupKey, group: &AccessGroup) -> Self {
        Self {
            reader,
            kind: key.kind,
            accessor: key.accessor.clone(),
            addresses: key.address.into_iter().collect(),
            from: group.first,
            to: group.last,
            requests: group.lines.len() as u64,
            bytes: group.bytes(),
            has_more: group.has_more,
            largest: group.largest.map(|bytes| (key.etag.clone(), bytes)).into_iter().collect(),
        }
    }

    fn join(&mut self, key: &AccessGroupKey, group: &AccessGroup) {
        self.addresses.extend(key.address);
        self.to = self.to.max(group.last);
        self.requests += group.lines.len() as u64;
        self.bytes = self.bytes.saturating_add(group.bytes());
        self.has_more |= group.has_more;
        if let Some(bytes) = group.largest {
            let largest = self.largest.entry(key.etag.clone()).or_default();
            *largest = bytes.max(*largest);
        }
    }
}

impl Viewing {
    /// Returns true if one request transferred the whole of a content that the life has or had. False if no size is
    /// known.
    pub fn is_download(&self, of: &Life) -> bool {
        self.largest.iter().any(|(etag, bytes)| {
            let size = etag.as_ref().and_then(|etag| of.size_of(etag)).or_else(|| of.largest_size());
            size.is_some_and(|size| size > 0 && *bytes >= size)
        })
    }
}

impl BlobAccesses {
    /// Returns the viewings within a life, by time: reads, and in the same way every other kind of access.
    pub fn viewings(&self, life: LifeSpan) -> Vec<Viewing> {
        let mut by_reader: BTreeMap<(ReaderId, AccessKind), Vec<(&AccessGroupKey, &AccessGroup)>> = BTreeMap::new();
        for (key, group) in self.groups.iter().filter(|(_, group)| life.holds(group.first, group.last)) {
            by_reader.entry((key.reader(), key.kind)).or_default().push((key, group));
        }
        let mut viewings: Vec<Viewing> = Vec::new();
        for ((reader, _), mut groups) in by_reader {
            groups.sort_by_key(|(key, group)| (group.first, group.last, *key));
            let mut current: Option<Viewing> = None;
            for (key, group) in groups {
                match current.as_mut().filter(|viewing| group.first.duration_since(viewing.to) <= WITHIN) {
                    Some(viewing) => viewing.join(key, group),
                    None => viewings.extend(current.replace(Viewing::from_group(reader.clone(), key, group))),
                }
            }
            viewings.extend(current);
        }
        viewings.sort_by(|one, other| (one.from, one.kind, &one.reader).cmp(&(other.from, other.kind, &other.reader)));
        viewings
    }
}
