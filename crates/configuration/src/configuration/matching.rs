//! How recordings and sessions find each other.

use jiff::SignedDuration;

/// How recordings and sessions find each other, when a recording counts as complete, and when something is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// How a recording's name is made of a session: `{vm}` and `{user}` stand in it once each, and no other brace.
    pub name_template: String,
    /// How machine and user are found in a recording's name: a regular expression with the named groups `vm` and
    /// `user`, and `suffix` or not. Goes before the template.
    pub name_pattern: Option<String>,
    /// How long a recording must stay unwritten to settle: 1 second to 24 hours.
    pub settle_after: SignedDuration,
    /// How long after its creation a recording may stay active; longer than `settle_after`, at most 7 days.
    pub active_at_most: SignedDuration,
    /// The farthest that the beginnings of a recording and of its session may be apart: 1 second to an hour.
    pub start_tolerance: SignedDuration,
    /// The farthest that the ends of a recording and of its session may be apart: 1 second to an hour.
    pub end_tolerance: SignedDuration,
    /// How sure a name must be, in points: 30 to 100. 30 points are 1,000 to 1, 40 are 10,000 to 1.
    pub lead: u8,
    /// How long audit data may come late: beyond it, what has not come does not count;
    /// longer than `end_tolerance`, at most 7 days.
    pub confirm_after: SignedDuration,
    /// How long after its end a session without a recording is reported: 1 second to 30 days.
    pub session_without_recording_after: SignedDuration,
    /// How long after its end a recording without a session is reported; longer than `confirm_after`, at most 30 days.
    pub recording_without_session_after: SignedDuration,
    /// How many failed logins are a burst.
    pub failed_logins: FailedLogins,
    /// From which suffix of a recording's name on people are warned that suffixes run out; at least 1.
    pub suffix_warning_at: u8,
}

/// How many failed logins are a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedLogins {
    /// How many: 2 to 1000.
    pub count: u32,
    /// Within which time: 1 second to 24 hours.
    pub within: SignedDuration,
}

impl Default for Matching {
    fn default() -> Self {
        Self {
            name_template: "{vm}-{user}".to_owned(),
            name_pattern: None,
            settle_after: SignedDuration::from_mins(5),
            active_at_most: SignedDuration::from_hours(12),
            start_tolerance: SignedDuration::from_mins(5),
            end_tolerance: SignedDuration::from_mins(5),
            lead: 40,
            confirm_after: SignedDuration::from_hours(6),
            session_without_recording_after: SignedDuration::from_hours(24),
            recording_without_session_after: SignedDuration::from_hours(48),
            failed_logins: FailedLogins::default(),
            suffix_warning_at: 200,
        }
    }
}

impl Default for FailedLogins {
    fn default() -> Self {
        Self { count: 5, within: SignedDuration::from_mins(15) }
    }
}
