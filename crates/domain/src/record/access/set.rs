//! The accesses of one blob name as a bounded set.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::group::{AccessGroup, AccessGroupKey};
use super::line::{AccessKind, AccessLine};
use super::viewing::{Viewing, WITHIN};
use crate::record::accessor::ReaderId;
use crate::record::notification::Event;
use crate::record::recording_id::RecordingId;

/// Groups kept of one blob name; older ones are folded into a count.
pub const GROUPS_KEPT: usize = 128;
/// Numbers kept of folded groups; beyond this, their count is a lower bound.
const FOLDED_KEPT: usize = 64;

/// Accesses of one blob name, over all its lives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlobAccesses {
    /// The newest groups; those of content stay longer.
    pub groups: BTreeMap<AccessGroupKey, AccessGroup>,
    /// Older groups.
    pub folded: FoldedGroups,
    /// Accesses that people were notified of, in the order of the decisions.
    pub announced: Vec<AnnouncedAccess>,
}

/// Groups that are only counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoldedGroups {
    /// The smallest numbers of folded groups: the same groups give the same numbers in any order.
    pub numbers: BTreeSet<u64>,
    /// True if there were more.
    pub has_more: bool,
}

impl FoldedGroups {
    fn add(&mut self, number: u64) {
        self.numbers.insert(number);
        while self.numbers.len() > FOLDED_KEPT {
            self.numbers.pop_last();
            self.has_more = true;
        }
    }
}

impl BlobAccesses {
    /// Adds a line. A line that is known already, or older than every kept group, changes no kept group.
    pub fn add(&mut self, line: &AccessLine) {
        let (key, group) = (AccessGroupKey::from_line(line), AccessGroup::from_line(line));
        match self.groups.get_mut(&key) {
            Some(known) => known.merge(&group),
            None => drop(self.groups.insert(key, group)),
        }
        while self.groups.len() > GROUPS_KEPT {
            let lowest = self.groups.keys().min_by_key(|key| (key.rank(), *key)).cloned();
            let Some(lowest) = lowest else { break };
            self.groups.remove(&lowest);
            self.folded.add(lowest.number());
        }
        self.extend_announced();
    }

    /// Returns the accessor of the delete request with this id.
    pub fn deleted_by(&self, request_id: &str) -> Option<&AccessGroupKey> {
        let id = AccessLine::id_of_request(request_id);
        let deletes = self.groups.iter().filter(|(key, _)| key.kind == AccessKind::Delete);
        deletes.into_iter().find(|(_, group)| group.lines.contains_key(&id)).map(|(key, _)| key)
    }

    /// Extends announced accesses over the groups that belong to them, so that they still cover these groups after the
    /// older ones were folded. Drops those older than every kept group.
    fn extend_announced(&mut self) {
        let groups = &self.groups;
        for announced in &mut self.announced {
            let of_it = groups.iter().filter(|(key, _)| key.kind == announced.kind && key.reader() == announced.reader);
            let mut spans: Vec<_> = of_it.map(|(_, group)| (group.first, group.last)).collect();
            spans.sort_unstable();
            // Groups later in the list can only be reached through earlier ones; earlier groups are reached backwards.
            for (first, last) in spans.iter().chain(spans.iter().rev()) {
                if announced.touches(*first, *last) {
                    announced.from = announced.from.min(*first);
                    announced.to = announced.to.max(*last);
                }
            }
        }
        if groups.len() < GROUPS_KEPT {
            return;
        }
        let oldest = groups.iter().filter(|(key, _)| key.kind.concerns_content()).map(|(_, group)| group.first).min();
        self.announced.retain(|announced| {
            let ends = announced.to.saturating_add(WITHIN).unwrap_or(announced.to);
            !announced.is_sent || oldest.is_none_or(|oldest| ends >= oldest)
        });
    }
}

/// An access that people are notified of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncedAccess {
    /// The recording.
    pub recording: RecordingId,
    /// The event.
    pub event: Event,
    /// Kind of access.
    pub kind: AccessKind,
    /// The reader.
    pub reader: ReaderId,
    /// Time of the first known access; grows with the viewing.
    pub from: Timestamp,
    /// Time of the last known access; grows with the viewing.
    pub to: Timestamp,
    /// Occurrence in the id of the notification; never changes.
    pub occurrence: String,
    /// False until the notification was handed over.
    pub is_sent: bool,
}

impl AnnouncedAccess {
    /// Returns true if accesses from `first` to `last` belong to this one.
    pub fn touches(&self, first: Timestamp, last: Timestamp) -> bool {
        first.duration_since(self.to) <= WITHIN && self.from.duration_since(last) <= WITHIN
    }

    /// Returns true if the viewing is part of this access.
    pub(crate) fn covers(&self, viewing: &Viewing) -> bool {
        self.kind == viewing.kind && self.reader == viewing.reader && self.touches(viewing.from, viewing.to)
    }
}
