//! Wakes a session, and compares a new result with the stored one.

use jiff::Timestamp;

use super::review::longest_sleep;
use crate::decide::context::Rules;
use crate::decide::join::RecordingCoverage;
use crate::past::due_at;
use crate::record::session::{GapCause, SessionEntry};

impl SessionEntry {
    /// True if a review is due: its time has come, or lies further ahead than any valid one.
    pub fn is_awake(&self, now: Timestamp, rules: &Rules) -> bool {
        self.wake_at.is_some_and(|at| due_at(at, longest_sleep(rules), now) <= now)
    }

    /// Corrects values written with a wrong clock: waits longer than the maximum. Lists every field, so a new field
    /// requires a decision.
    pub(super) fn set_right(&mut self, now: Timestamp, rules: &Rules) {
        let Self {
            id: _,
            records: _,
            keys: _,
            gap: _,
            is_unclear: _,
            announced: _,
            notified_bursts: _,
            pending,
            wake_at,
            revision: _,
        } = self;
        pending.iter_mut().for_each(|pending| pending.set_right(now));
        *wake_at = wake_at.map(|at| due_at(at, longest_sleep(rules), now));
    }

    /// True if `coverage` equals the stored result.
    pub fn finds_the_same(&self, coverage: &RecordingCoverage) -> bool {
        let cause = self.gap.as_ref().filter(|_| self.has_gap()).map(|gap| &gap.cause);
        match (coverage, cause) {
            (RecordingCoverage::Recorded, cause) => cause.is_none() && !self.is_unclear,
            (RecordingCoverage::Unrecorded, cause) => cause.is_some_and(|cause| !matches!(cause, GapCause::OneOf(_))),
            (RecordingCoverage::OneOf(tunnels), Some(GapCause::OneOf(others))) => tunnels == others,
            (RecordingCoverage::OneOf(_), _) => false,
            // An open gap stays open.
            (RecordingCoverage::Unknown, cause) => cause.is_some() || self.is_unclear,
        }
    }
}
