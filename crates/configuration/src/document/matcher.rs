//! Conditions of the file: `when` of a retention rule or a notification route.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::{Value, json};

/// Conditions that must all be true. A condition on an unknown fact is undecided.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "when", transform = tag_keys)]
pub struct WhenDocument {
    /// The person of the session: `*` is any characters, `?` any one, ignoring case.
    #[serde(default)]
    #[schemars(with = "Texts")]
    pub person: Option<Texts>,
    /// The account on the target.
    #[serde(default)]
    #[schemars(with = "Texts")]
    pub account: Option<Texts>,
    /// The machine.
    #[serde(default)]
    #[schemars(with = "Texts")]
    pub machine: Option<Texts>,
    /// The machine's resource group.
    #[serde(default)]
    #[schemars(with = "Texts")]
    pub resource_group: Option<Texts>,
    /// The machine's subscription id.
    #[serde(default)]
    #[schemars(with = "Texts")]
    pub subscription: Option<Texts>,
    /// The bastion, by its name in this file.
    #[serde(default)]
    #[schemars(with = "Texts")]
    pub bastion: Option<Texts>,
    /// The container of the recording.
    #[serde(default)]
    #[schemars(with = "Texts")]
    pub container: Option<Texts>,
    /// The recording's name.
    #[serde(default)]
    #[schemars(with = "Texts")]
    pub name: Option<Texts>,
    /// `ssh` or `rdp`.
    #[serde(default)]
    #[schemars(with = "Texts")]
    pub protocol: Option<Texts>,
    /// The person's address: an address or CIDR.
    #[serde(default)]
    #[schemars(with = "Networks")]
    pub client_ip: Option<Networks>,
    /// The machine's private address: an address or CIDR.
    #[serde(default)]
    #[schemars(with = "Networks")]
    pub target_ip: Option<Networks>,
    /// The match of the recording: pending, matched, ambiguous or unmatched.
    #[serde(default, rename = "match")]
    #[schemars(with = "Matches")]
    pub matching: Option<Matches>,
    /// The outcome of the review: none, ok or finding. Not in review rules.
    #[serde(default, rename = "review.outcome")]
    #[schemars(with = "Outcomes")]
    pub review_outcome: Option<Outcomes>,
    /// The duration of the recording.
    #[serde(default)]
    #[schemars(with = "DurationDocument")]
    pub duration: Option<DurationDocument>,
    /// The size of the recording in bytes.
    #[serde(default)]
    #[schemars(with = "SizeDocument")]
    pub size: Option<SizeDocument>,
    /// The start of the session, or of the recording if the session is not known.
    #[serde(default)]
    #[schemars(with = "StartedDocument")]
    pub started: Option<StartedDocument>,
    /// The time of day of the start, in time_zone.
    #[serde(default)]
    #[schemars(with = "TimeOfDayDocument")]
    pub time_of_day: Option<TimeOfDayDocument>,
    /// The weekday of the start, in time_zone.
    #[serde(default)]
    #[schemars(with = "Days")]
    pub weekday: Option<Days>,
    /// The event. In notification routes only.
    #[serde(default)]
    #[schemars(with = "Events")]
    pub event: Option<Events>,
    /// The severity: info, warning or critical. In notification routes only.
    #[serde(default)]
    #[schemars(with = "Severities")]
    pub severity: Option<Severities>,
    /// True if a legal hold covers the recording. In notification routes and review rules only.
    #[serde(default)]
    #[schemars(with = "bool")]
    pub held: Option<bool>,
    /// True if the viewer of a recording is the person of its session. In notification routes only.
    #[serde(default)]
    #[schemars(with = "bool")]
    pub own_session: Option<bool>,
    /// True if the person never used this account on this machine before, through this bastion. In review rules only.
    #[serde(default)]
    #[schemars(with = "bool")]
    pub first_use: Option<bool>,
    /// True if logins to the machine failed just before the session. In review rules only.
    #[serde(default)]
    #[schemars(with = "bool")]
    pub after_failed_logins: Option<bool>,
    /// At least one of these is true.
    #[serde(default)]
    #[schemars(with = "Vec<WhenDocument>", length(min = 1))]
    pub any: Option<Vec<WhenDocument>>,
    /// All of these are true.
    #[serde(default)]
    #[schemars(with = "Vec<WhenDocument>", length(min = 1))]
    pub all: Option<Vec<WhenDocument>>,
    /// This is false.
    #[serde(default)]
    #[schemars(with = "Box<WhenDocument>")]
    pub not: Option<Box<WhenDocument>>,
    /// `tag.<key>`: the tag with this key, case-sensitive.
    #[serde(flatten)]
    pub tags: BTreeMap<String, Texts>,
}

/// Allows additional keys only if they begin with `tag.`.
fn tag_keys(schema: &mut Schema) {
    let texts = schema.remove("additionalProperties").unwrap_or_default();
    schema.insert("patternProperties".to_owned(), json!({ TAG_KEYS: texts }));
    schema.insert("additionalProperties".to_owned(), Value::Bool(false));
}

/// Keys of tags: `tag.` and a tag key that storage accepts.
const TAG_KEYS: &str = r"^tag\.[A-Za-z0-9 +\-.:=_/]{1,128}$";

/// One value, or a list of alternatives.
macro_rules! one_or_several {
    ($(#[$doc:meta])* $name:ident, $schema_name:literal, $example:expr, $format:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize, JsonSchema)]
        #[serde(untagged)]
        #[schemars(rename = $schema_name)]
        pub enum $name {
            /// One value.
            One(#[schemars(extend("format" = $format, "examples" = [$example]))] String),
            /// A list; one of them must match.
            Several(#[schemars(length(min = 1), extend("items" = { "type": "string", "format": $format }))] Vec<String>),
        }

        impl $name {
            /// Returns all values.
            pub fn values(&self) -> &[String] {
                match self {
                    Self::One(text) => std::slice::from_ref(text),
                    Self::Several(texts) => texts,
                }
            }
        }
    };
}

one_or_several!(
    /// A pattern or a list of them: `*` is any characters, `?` any one.
    Texts, "patterns", "vm-*", "pattern"
);
one_or_several!(
    /// An address or CIDR, or a list of them.
    Networks, "networks", "10.0.0.0/8", "network"
);
one_or_several!(
    /// The match of a recording, or a list.
    Matches, "matches", "matched", "match"
);
one_or_several!(
    /// The outcome of a review, or a list.
    Outcomes, "review_outcomes", "finding", "review-outcome"
);
one_or_several!(
    /// A day of the week or a list: mon, tue, wed, thu, fri, sat, sun.
    Days, "weekdays", "sat", "weekday"
);
one_or_several!(
    /// A kind of notification, or a list.
    Events, "events", "recording.ready", "event"
);
one_or_several!(
    /// A severity, or a list.
    Severities, "severities", "critical", "severity"
);

/// Longer or shorter than a duration, or both; the bounds are exclusive.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "duration_range")]
pub struct DurationDocument {
    /// Longer than this.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration"))]
    pub over: Option<String>,
    /// Shorter than this.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration"))]
    pub under: Option<String>,
}

/// Larger or smaller than a size, or both; the bounds are exclusive.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "size_range")]
pub struct SizeDocument {
    /// Larger than this.
    #[serde(default)]
    #[schemars(with = "Bytes")]
    pub over: Option<Bytes>,
    /// Smaller than this.
    #[serde(default)]
    #[schemars(with = "Bytes")]
    pub under: Option<Bytes>,
}

/// A number of bytes, or a text such as 10MiB.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "bytes")]
pub enum Bytes {
    /// Bytes.
    Number(#[schemars(range(min = 0, max = 9_007_199_254_740_991_i64))] u64),
    /// With a unit: kB, MB, GB, TB are powers of 1000, KiB, MiB, GiB, TiB of 1024.
    Text(#[schemars(extend("format" = "size", "examples" = ["10MiB"]))] String),
}

/// At the first time or later, and before the second: dates in time_zone, or RFC 3339 times.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "time_range")]
pub struct StartedDocument {
    /// At this time or later; a date stands for its beginning.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date-or-time"))]
    pub after: Option<String>,
    /// Before this time; a date stands for its beginning.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date-or-time"))]
    pub before: Option<String>,
}

/// From one time of day to another, past midnight if the second is earlier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "time_of_day")]
pub struct TimeOfDayDocument {
    /// The first time of day.
    #[schemars(extend("format" = "time-of-day", "examples" = ["\"18:00\""]))]
    pub from: String,
    /// The end, exclusive.
    #[schemars(extend("format" = "time-of-day", "examples" = ["\"07:00\""]))]
    pub to: String,
}
