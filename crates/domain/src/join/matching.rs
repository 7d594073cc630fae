//! The settings by which recordings and sessions are joined.

use jiff::SignedDuration;

use super::naming::Naming;

/// When a recording and a session belong together, and how long to wait for what may still come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// How recordings are named.
    pub naming: Naming,
    /// How far a recording's creation may be from its session's start at the most, if it was written live.
    pub start_tolerance: SignedDuration,
    /// How far a recording's last write may be from its session's end at the most, if it was written live.
    pub end_tolerance: SignedDuration,
    /// How sure a name must be, in points: 30 are 1 in 1,000, 40 are 1 in 10,000. A recording that was written during its
    /// session, at both times as usual, needs 10 less.
    pub lead: i32,
    /// How long audit data may come late: beyond it, what has not come does not count.
    pub confirm_after: SignedDuration,
    /// How long after its end a session without a recording is reported.
    pub session_without_recording_after: SignedDuration,
    /// How long after its end a recording without a session is reported.
    pub recording_without_session_after: SignedDuration,
    /// When failed logins are reported.
    pub failed_logins: FailedLogins,
}

/// How far the times of a log and of storage may be apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerances {
    /// A session's start and its recording's creation.
    pub start: SignedDuration,
    /// A session's end and its recording's last write.
    pub end: SignedDuration,
}

/// Those of [`Matching::default`].
impl Default for Tolerances {
    fn default() -> Self {
        Self { start: SignedDuration::from_mins(5), end: SignedDuration::from_mins(5) }
    }
}

impl Matching {
    /// How far the times of a log and of storage may be apart.
    pub fn tolerances(&self) -> Tolerances {
        Tolerances { start: self.start_tolerance, end: self.end_tolerance }
    }
}

/// How many failed logins within how long are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedLogins {
    /// How many.
    pub count: usize,
    /// Within how long.
    pub within: SignedDuration,
}

/// What holds where nobody says otherwise.
impl Default for Matching {
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
