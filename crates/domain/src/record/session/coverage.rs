//! Coverage: recorded sessions out of those that a bastion can record.

use super::assemble::SessionState;
use super::entry::SessionEntry;

/// Number of recorded sessions out of the recordable ones.
///
/// The one definition for every figure: a session is recordable if it has ended, is not of a native client, and its
/// review has determined whether it has a recording; it is recorded if it has no gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SessionCoverage {
    /// Recordable sessions without a gap.
    pub recorded: u64,
    /// Sessions that should have a recording.
    pub recordable: u64,
}

impl SessionCoverage {
    /// Returns the coverage of one session.
    pub fn from_entry(entry: &SessionEntry) -> Self {
        let session = entry.session();
        let is_open = (entry.is_unclear || entry.wake_at.is_some()) && !entry.has_gap();
        let is_recordable = session.state == SessionState::Ended
            && session.facts.started_at.is_some()
            && !session.is_native
            && !is_open;
        Self { recorded: u64::from(is_recordable && !entry.has_gap()), recordable: u64::from(is_recordable) }
    }

    /// Adds the coverage of other sessions.
    pub fn add(&mut self, other: Self) {
        self.recorded += other.recorded;
        self.recordable += other.recordable;
    }

    /// Returns the share in whole per cent, rounded down: 100 only if every session is recorded. Returns `None` if no
    /// session was recordable.
    pub fn percent(self) -> Option<u64> {
        (self.recorded * 100).checked_div(self.recordable)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::record::estate::BastionName;
    use crate::record::session::{Gap, GapCause, Records, SessionId, TimeSpan, TunnelId};

    fn ended() -> SessionEntry {
        let at = |second| Some(TimeSpan::at(Timestamp::from_second(second).unwrap()));
        let id = SessionId { bastion: BastionName::new("hub"), tunnel: TunnelId::parse("t").unwrap() };
        let records =
            Records { starts: at(0), ends: at(600), end_written: at(600), written: at(600), ..Records::default() };
        SessionEntry { records, ..SessionEntry::new(id) }
    }

    fn of(entry: &SessionEntry) -> (u64, u64) {
        let SessionCoverage { recorded, recordable } = SessionCoverage::from_entry(entry);
        (recorded, recordable)
    }

    #[test]
    fn a_session_counts_once_its_review_is_over() {
        let gap = Gap { found_at: Timestamp::UNIX_EPOCH, cause: GapCause::Unknown, closed_at: None };
        assert_eq!(of(&ended()), (1, 1));
        assert_eq!(of(&SessionEntry { wake_at: Some(Timestamp::UNIX_EPOCH), ..ended() }), (0, 0));
        assert_eq!(of(&SessionEntry { is_unclear: true, ..ended() }), (0, 0));
        assert_eq!(of(&SessionEntry { gap: Some(gap), ..ended() }), (0, 1));
    }

    #[test]
    fn open_and_failed_sessions_are_not_recordable() {
        let (mut open, mut failed) = (ended(), ended());
        (open.records.ends, open.records.end_written) = (None, None);
        (failed.records.ends, failed.records.failed) = (None, failed.records.ends);
        failed.records.starts = None;
        assert_eq!([of(&open), of(&failed)], [(0, 0); 2]);
    }

    #[test]
    fn a_share_is_rounded_down_and_unknown_without_sessions() {
        let share = |recorded, recordable| SessionCoverage { recorded, recordable }.percent();
        assert_eq!([share(999, 1000), share(7, 7), share(0, 0)], [Some(99), Some(100), None]);
    }
}
