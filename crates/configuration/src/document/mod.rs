//! The file as it is written. These types are the one source of its keys: the JSON Schema comes from them,
//! and the check with lines and remedies follows that schema.
//!
//! Beside the standard words, the schema says how a text is read: `format` names a row of
//! [`crate::formats`], and `format: app-setting` marks the name of an app setting whose value must have
//! `x-value-format`.

mod bastion;
mod ledger;
mod matcher;
mod matching;
mod notifications;
mod privacy;
mod retention;
mod state;

use schemars::JsonSchema;
use serde::Deserialize;

pub use bastion::{AuditLogsDocument, BastionDocument, OneOrSeveral, RecordingsDocument};
pub use ledger::LedgerDocument;
pub use matcher::{Bytes, StartedDocument, TimeOfDayDocument, WhenDocument};
pub use matching::{FailedLoginsDocument, MatchingDocument};
pub use notifications::{ChannelDocument, DigestDocument, NotificationsDocument, RateLimitDocument, RouteDocument};
pub use privacy::PrivacyDocument;
pub use retention::{ClassDocument, RetentionDocument, TiersDocument};
pub use state::{AccountUrlsDocument, StateDocument};

/// The configuration of Bastion Archivist, version 1.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "archivist.yaml")]
pub struct Document {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    #[expect(dead_code, reason = "checked by the schema; there is nothing to choose yet")]
    version: i64,
    /// Where the archivist keeps its own things. Without the key, app settings say where.
    #[serde(default)]
    #[schemars(with = "StateDocument")]
    pub state: Option<StateDocument>,
    /// The zone of dates, times of day and days of the week in this file, as Europe/Berlin.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "time-zone", "default" = "UTC"))]
    pub time_zone: Option<String>,
    /// The bastions whose recordings are looked after. Without the key there are none.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub bastions: Vec<BastionDocument>,
    /// How recordings and sessions find each other, when a recording counts as complete, and when something is missing.
    #[serde(default)]
    pub matching: MatchingDocument,
    /// How long recordings stay, and what happens then. Without the key, they stay for ever.
    #[serde(default)]
    #[schemars(with = "RetentionDocument")]
    pub retention: Option<RetentionDocument>,
    /// What the ledger tells of recordings.
    #[serde(default)]
    pub ledger: LedgerDocument,
    /// Who is told of what happens.
    #[serde(default)]
    pub notifications: NotificationsDocument,
    /// How people are shown outside the catalogue.
    #[serde(default)]
    pub privacy: PrivacyDocument,
}
