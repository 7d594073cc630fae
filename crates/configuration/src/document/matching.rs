//! Section `matching` of the file.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings for matching recordings and sessions, settling recordings, and reporting gaps.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "matching")]
pub struct MatchingDocument {
    /// Template of recording names, with {vm} and {user} once each.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "name-template", "default" = "{vm}-{user}"))]
    pub name_template: Option<String>,
    /// Regular expression that replaces name_template, with the named groups vm and user, and optionally
    /// suffix.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "name-pattern", "examples" = [r"^(?<user>.+)@(?<vm>.+?)(\.(?<suffix>[0-9]+))?$"]))]
    pub name_pattern: Option<String>,
    /// Time without a write after which a recording settles: an ISO 8601 duration, 1 second to 24 hours.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT5M"))]
    pub settle_after: Option<SignedDuration>,
    /// Maximum time for a recording to stay active after its creation: longer than settle_after, at most 7
    /// days (PT168H).
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT12H"))]
    pub active_at_most: Option<SignedDuration>,
    /// Maximum distance between creation and session start: 1 second to an hour. The usual distance is
    /// learned.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT5M"))]
    pub start_tolerance: Option<SignedDuration>,
    /// Maximum distance between last write and session end: 1 second to an hour. The usual distance is
    /// learned.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT5M"))]
    pub end_tolerance: Option<SignedDuration>,
    /// Lead needed to name a person, in points: 30 is 1,000 to 1, 40 is 10,000 to 1, 50 is 100,000 to 1. A
    /// recording written during its session, at both usual times of that day, needs 10 less.
    #[serde(default)]
    #[schemars(with = "u8", range(min = 30, max = 100), extend("default" = 40))]
    pub lead: Option<u8>,
    /// Maximum delay of audit records; later ones are not waited for. Longer than end_tolerance, at most 7
    /// days (PT168H).
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT6H"))]
    pub confirm_after: Option<SignedDuration>,
    /// Time after its end at which a session without a recording is reported: 1 second to 30 days (PT720H).
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT24H"))]
    pub session_without_recording_after: Option<SignedDuration>,
    /// Time after its end at which a recording without a session is reported: longer than confirm_after, at
    /// most PT720H.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT48H"))]
    pub recording_without_session_after: Option<SignedDuration>,
    /// Number of failed logins in a burst.
    #[serde(default)]
    pub failed_logins: FailedLoginsDocument,
    /// Name suffix from which to warn that few suffixes are left; nothing is recorded beyond .255.
    #[serde(default)]
    #[schemars(with = "u8", range(min = 1, max = 255), extend("default" = 200))]
    pub suffix_warning_at: Option<u8>,
}

/// Number of failed logins in a burst.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "failed_logins")]
pub struct FailedLoginsDocument {
    /// Number of failed logins.
    #[serde(default)]
    #[schemars(with = "u32", range(min = 2, max = 1000), extend("default" = 5))]
    pub count: Option<u32>,
    /// Time window: 1 second to 24 hours.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT15M"))]
    pub within: Option<SignedDuration>,
}
