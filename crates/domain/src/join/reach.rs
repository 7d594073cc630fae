//! How far to look around a recording or a session.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::group::Group;
use super::key::JoinKey;
use super::matching::Matching;
use super::sides::{Attended, Recorded};
use crate::session::{SessionEntry, SessionFacts, Span};

/// Which recordings and sessions a group may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// What they are named after.
    pub keys: BTreeSet<JoinKey>,
    /// When they began.
    pub starts: Span,
    /// When sessions ended of which no start is known.
    pub ends: Span,
}

impl Reach {
    /// All that may directly belong to a recording.
    pub fn of_recording(recorded: &Recorded, matching: &Matching) -> Self {
        Self {
            keys: recorded.keys.iter().cloned().collect(),
            starts: Span::around(recorded.created_at, matching.start_tolerance),
            ends: Span::around(recorded.last_modified, matching.end_tolerance.max(matching.start_tolerance)),
        }
    }

    /// All that may directly belong to a session. `None` where its start is not known.
    pub fn of_session(attended: &Attended, matching: &Matching) -> Option<Self> {
        let started_at = attended.facts.started_at?;
        let ended_at = attended.ended_at.unwrap_or(started_at);
        Some(Self {
            keys: attended.keys.iter().cloned().collect(),
            starts: Span::around(started_at, matching.start_tolerance),
            ends: Span::around(ended_at, matching.end_tolerance),
        })
    }

    /// All that may have belonged to a session at any time, by whichever of its records were known then. `None` where
    /// none of them tells a time.
    ///
    /// `longest` is how long a session may be of which no start is known.
    pub fn of_records(entry: &SessionEntry, longest: SignedDuration, matching: &Matching) -> Option<Self> {
        let records = &entry.records;
        let told = [records.starts, records.connected, records.failed].into_iter().flatten().reduce(Span::with);
        let ends = records.ends.or(records.end_written);
        let counted_back = |length: SignedDuration| {
            let back = |at: Timestamp| at.saturating_sub(length).unwrap_or(Timestamp::MIN);
            ends.map(|ends| Span { first: back(ends.first), last: back(ends.last) })
        };
        let somewhere_before = || Some(Span { first: counted_back(longest)?.first, last: ends?.last });
        let starts = [told, records.duration.and_then(counted_back)].into_iter().flatten().reduce(Span::with);
        let starts = starts.or_else(somewhere_before)?;
        let (first, last) =
            (Span::around(starts.first, matching.start_tolerance), Span::around(starts.last, matching.start_tolerance));
        let ends = ends.unwrap_or(starts);
        let (ends_first, ends_last) =
            (Span::around(ends.first, matching.end_tolerance), Span::around(ends.last, matching.end_tolerance));
        Some(Self {
            keys: keys_of_records(entry, matching),
            starts: first.with(last),
            ends: ends_first.with(ends_last),
        })
    }

    /// This, and all that may directly belong to any member of a group.
    #[must_use]
    pub fn around(self, group: &Group<'_>, matching: &Matching) -> Self {
        let of_recordings = group.recordings.iter().map(|recorded| Self::of_recording(recorded, matching));
        let of_sessions = group.sessions.iter().filter_map(|attended| Self::of_session(attended, matching));
        of_recordings.chain(of_sessions).fold(self, Self::with)
    }

    fn with(mut self, other: Self) -> Self {
        self.keys.extend(other.keys);
        Self { keys: self.keys, starts: self.starts.with(other.starts), ends: self.ends.with(other.ends) }
    }
}

/// The names by every account and machine that any record gives.
fn keys_of_records(entry: &SessionEntry, matching: &Matching) -> BTreeSet<JoinKey> {
    let facts = entry.session().facts;
    let nowhere = SessionFacts { target_resource_id: None, target_ip: None, ..facts };
    let by_id = entry.records.target_resource_id.shared();
    let by_id = by_id.map(|id| SessionFacts { target_resource_id: Some(id.clone()), ..nowhere.clone() });
    let by_address = entry.records.target_ip.shared();
    let by_address = by_address.map(|ip| SessionFacts { target_ip: Some(ip.clone()), ..nowhere.clone() });
    let machines: Vec<SessionFacts> = by_id.chain(by_address).collect();
    let accounts = entry.records.user_name.shared();
    let named = accounts.flat_map(|account| {
        machines.iter().map(|machine| SessionFacts { user_name: Some(account.clone()), ..machine.clone() })
    });
    named.flat_map(|facts| matching.naming.keys_of_session(&facts)).chain(entry.keys.iter().cloned()).collect()
}
