//! Types of the file as written. They define its keys: the JSON Schema is generated from them, and the
//! check with lines and remedies interprets that schema.
//!
//! In addition to the standard keywords, the schema names the format of a text: `format` refers to a row of
//! [`crate::formats`]. `format: app-setting` marks the name of an app setting whose value must have the
//! format `x-value-format`.

mod bastion;
mod ledger;
mod matcher;
mod matching;
mod notifications;
mod privacy;
mod retention;
mod review;
mod state;

use schemars::JsonSchema;
use serde::Deserialize;

pub use bastion::{AccessLogsDocument, AuditLogsDocument, BastionDocument, OneOrSeveral, RecordingsDocument};
pub use ledger::LedgerDocument;
pub use matcher::{Bytes, StartedDocument, TimeOfDayDocument, WhenDocument};
pub use matching::{FailedLoginsDocument, MatchingDocument};
pub use notifications::{ChannelDocument, DigestDocument, NotificationsDocument, RateLimitDocument, RouteDocument};
pub use privacy::PrivacyDocument;
pub use retention::{ClassDocument, RetentionDocument, TiersDocument};
pub use review::{ReviewDocument, ReviewRuleDocument};
pub use state::{AccountUrlsDocument, StateDocument};

/// The configuration of Bastion Archivist, version 1.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "archivist.yaml")]
pub struct Document {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    #[expect(dead_code, reason = "checked by the schema; there is no choice yet")]
    version: i64,
    /// Storage of the archivist itself. Without the key, app settings name it.
    #[serde(default)]
    #[schemars(with = "StateDocument")]
    pub state: Option<StateDocument>,
    /// The time zone of dates, times of day and weekdays in this file, such as Europe/Berlin.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "time-zone", "default" = "UTC"))]
    pub time_zone: Option<String>,
    /// The bastions whose recordings are catalogued. Without the key there are none.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub bastions: Vec<BastionDocument>,
    /// Settings for matching recordings and sessions, settling recordings, and reporting gaps.
    #[serde(default)]
    pub matching: MatchingDocument,
    /// How long recordings are kept, and what happens then. Without the key, they are kept for ever.
    #[serde(default)]
    #[schemars(with = "RetentionDocument")]
    pub retention: Option<RetentionDocument>,
    /// Which recordings a person must review. Without the key, none.
    #[serde(default)]
    pub review: ReviewDocument,
    /// Settings of the ledger.
    #[serde(default)]
    pub ledger: LedgerDocument,
    /// Channels and routes of notifications.
    #[serde(default)]
    pub notifications: NotificationsDocument,
    /// How people are shown outside the catalogue.
    #[serde(default)]
    pub privacy: PrivacyDocument,
}
