//! The time of one life of a blob name.

use jiff::{SignedDuration, Timestamp};

use crate::record::catalogue::Entry;

/// Difference between the times of a request in the log and in the blob's properties.
const SLACK: SignedDuration = SignedDuration::from_secs(5);

/// Time in which an access belongs to an entry: from creation to deletion. `None` means unbounded or not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LifeSpan {
    /// Earliest access.
    pub from: Option<Timestamp>,
    /// Latest access.
    pub until: Option<Timestamp>,
}

impl LifeSpan {
    /// Returns the time of an entry among all entries of its name. A later life ends it if its deletion is not known; an
    /// earlier deletion begins it if its creation is not known, or if the blob was restored after it.
    pub fn from_entry(entry: &Entry, lives: &[Entry]) -> Self {
        let gone = |entry: &Entry| {
            entry.life.deleted_at().or_else(|| entry.custody.tombstone.as_ref().map(|tombstone| tombstone.at))
        };
        let others = || lives.iter().filter(|other| other.id != entry.id);
        let own_end = gone(entry);
        let before = || others().filter_map(gone).filter(|at| own_end.is_none_or(|end| *at < end)).max();
        let from = entry.created_at().or_else(before);
        let next = from.and_then(|from| others().filter_map(Entry::created_at).filter(|at| *at > from).min());
        let until = own_end.into_iter().chain(next).min();
        let until = until.map(|at| at.saturating_add(SLACK).unwrap_or(at));
        if let Some(restored) = entry.life.restored_after() {
            // The request that deleted it belongs to the life before.
            return Self { from: restored.saturating_add(SLACK + SignedDuration::from_nanos(1)).ok(), until };
        }
        Self { from: from.map(|at| at.saturating_sub(SLACK).unwrap_or(at)), until }
    }

    /// Returns true if an access from `first` to `last` lies within the time.
    pub fn holds(&self, first: Timestamp, last: Timestamp) -> bool {
        self.from.is_none_or(|from| last >= from) && self.until.is_none_or(|until| first <= until)
    }
}
