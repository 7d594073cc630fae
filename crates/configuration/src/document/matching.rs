//! How recordings and sessions find each other, as it is written.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Deserialize;

/// How recordings and sessions find each other, when a recording counts as complete, and when something is missing.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "matching")]
pub struct MatchingDocument {
    /// How the name of a recording is made: {vm} and {user} stand in it once each.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "name-template", "default" = "{vm}-{user}"))]
    pub name_template: Option<String>,
    /// In the place of name_template, a regular expression with the named groups vm and user, and suffix or not.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "name-pattern", "examples" = [r"^(?<user>.+)@(?<vm>.+?)(\.(?<suffix>[0-9]+))?$"]))]
    pub name_pattern: Option<String>,
    /// How long a recording must stay unwritten to settle: an ISO 8601 duration, 1 second to 24 hours.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT5M"))]
    pub settle_after: Option<SignedDuration>,
    /// How long after its creation a recording may stay active: longer than settle_after, at most 7 days (PT168H).
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT12H"))]
    pub active_at_most: Option<SignedDuration>,
    /// The farthest that creation and start of session may be apart: 1 second to an hour. What is usual is learned.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT5M"))]
    pub start_tolerance: Option<SignedDuration>,
    /// The farthest that last write and end of session may be apart: 1 second to an hour. What is usual is learned.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT5M"))]
    pub end_tolerance: Option<SignedDuration>,
    /// How sure a name must be, in points: 30 is 1,000 to 1, 40 is 10,000 to 1, 50 is 100,000 to 1. A recording that was
    /// written during its session, at both times as usual that day, needs 10 less.
    #[serde(default)]
    #[schemars(with = "u8", range(min = 30, max = 100), extend("default" = 40))]
    pub lead: Option<u8>,
    /// How long audit data may come late: beyond it, what has not come does not count. Longer than end_tolerance, at most 7 days (PT168H).
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT6H"))]
    pub confirm_after: Option<SignedDuration>,
    /// How long after its end a session without a recording is reported: 1 second to 30 days (PT720H).
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT24H"))]
    pub session_without_recording_after: Option<SignedDuration>,
    /// How long after its end a recording without a session is reported: longer than confirm_after, at most PT720H.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT48H"))]
    pub recording_without_session_after: Option<SignedDuration>,
    /// How many failed logins are a burst.
    #[serde(default)]
    pub failed_logins: FailedLoginsDocument,
    /// From which suffix on to warn that a recording's name has few left; beyond .255 nothing is recorded.
    #[serde(default)]
    #[schemars(with = "u8", range(min = 1, max = 255), extend("default" = 200))]
    pub suffix_warning_at: Option<u8>,
}

/// How many failed logins are a burst.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "failed_logins")]
pub struct FailedLoginsDocument {
    /// How many failed logins.
    #[serde(default)]
    #[schemars(with = "u32", range(min = 2, max = 1000), extend("default" = 5))]
    pub count: Option<u32>,
    /// Within which time: 1 second to 24 hours.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT15M"))]
    pub within: Option<SignedDuration>,
}
