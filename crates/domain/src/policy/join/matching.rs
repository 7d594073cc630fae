//! Settings for matching recordings with sessions.

use jiff::SignedDuration;

use super::naming::Naming;

/// Rules for matching recordings with sessions, and deadlines for late data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchingRules {
    /// Naming scheme of recordings.
    pub naming: Naming,
    /// Maximum distance between creation of a live recording and start of its session.
    pub start_tolerance: SignedDuration,
    /// Maximum distance between last write of a live recording and end of its session.
    pub end_tolerance: SignedDuration,
    /// Lead required for a match, in points: 30 are 1 in 1,000, 40 are 1 in 10,000. A live recording with both times
    /// usual needs 10 less.
    pub lead: i32,
    /// Maximum delay of audit records; data that is later does not count.
    pub confirm_after: SignedDuration,
    /// Time after its end at which a session without a recording is reported.
    pub session_without_recording_after: SignedDuration,
    /// Time after its end at which a recording without a session is reported.
    pub recording_without_session_after: SignedDuration,
    /// Threshold for reporting failed logins.
    pub failed_logins: FailedLogins,
}

/// Maximum differences between times of a log and of storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerances {
    /// Session start and recording creation.
    pub start: SignedDuration,
    /// Session end and last write of the recording.
    pub end: SignedDuration,
}

/// Tolerances of [`MatchingRules::default`].
impl Default for Tolerances {
    fn default() -> Self {
        Self { start: SignedDuration::from_mins(5), end: SignedDuration::from_mins(5) }
    }
}

impl MatchingRules {
    /// Returns the maximum differences between times of the log and of storage.
    pub fn tolerances(&self) -> Tolerances {
        Tolerances { start: self.start_tolerance, end: self.end_tolerance }
    }
}

/// Number of failed logins within a period that triggers a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedLogins {
    /// Number of failed logins.
    pub count: usize,
    /// Length of the period.
    pub within: SignedDuration,
}

/// Settings that apply if the configuration does not override them.
impl Default for MatchingRules {
    fn default() -> Self {
        let Tolerances { start, end } = Tolerances::default();
        Self {
            naming: Naming::default(),
            start_tolerance: start,
            end_tolerance: end,
            lead: 40,
            confirm_after: SignedDuration::from_hours(6),
            session_without_recording_after: SignedDuration::from_hours(24),
            recording_without_session_after: SignedDuration::from_hours(48),
            failed_logins: FailedLogins { count: 5, within: SignedDuration::from_mins(15) },
        }
    }
}
