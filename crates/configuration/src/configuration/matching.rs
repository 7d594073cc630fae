//! Settings of matching.

use jiff::SignedDuration;

/// Settings for matching recordings and sessions, settling recordings, and reporting gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchingSettings {
    /// Template of recording names: contains `{vm}` and `{user}` once each, and no other brace.
    pub name_template: String,
    /// Regular expression for recording names, with the named groups `vm` and `user`, and optionally
    /// `suffix`. Takes precedence over the template.
    pub name_pattern: Option<String>,
    /// Time without a write after which a recording settles: 1 second to 24 hours.
    pub settle_after: SignedDuration,
    /// Maximum time for a recording to stay active after its creation; longer than `settle_after`, at most
    /// 7 days.
    pub active_at_most: SignedDuration,
    /// Maximum distance between the starts of a recording and its session: 1 second to an hour.
    pub start_tolerance: SignedDuration,
    /// Maximum distance between the ends of a recording and its session: 1 second to an hour.
    pub end_tolerance: SignedDuration,
    /// Lead needed to name a person, in points: 30 to 100. 30 points are 1,000 to 1, 40 are 10,000 to 1.
    pub lead: u8,
    /// Maximum delay of audit records; later ones are not waited for. Longer than `end_tolerance`, at most
    /// 7 days.
    pub confirm_after: SignedDuration,
    /// Time after its end at which a session without a recording is reported: 1 second to 30 days.
    pub session_without_recording_after: SignedDuration,
    /// Time after its end at which a recording without a session is reported; longer than `confirm_after`,
    /// at most 30 days.
    pub recording_without_session_after: SignedDuration,
    /// Number of failed logins in a burst.
    pub failed_logins: BurstSettings,
    /// Name suffix from which a warning is sent that suffixes run out; at least 1.
    pub suffix_warning_at: u8,
}

/// Number of failed logins in a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BurstSettings {
    /// Number of logins: 2 to 1000.
    pub count: u32,
    /// Time window: 1 second to 24 hours.
    pub within: SignedDuration,
}

impl Default for MatchingSettings {
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
            failed_logins: BurstSettings::default(),
            suffix_warning_at: 200,
        }
    }
}

impl Default for BurstSettings {
    fn default() -> Self {
        Self { count: 5, within: SignedDuration::from_mins(15) }
    }
}
