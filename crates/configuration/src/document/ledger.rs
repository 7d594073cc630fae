//! The ledger, as it is written.

use schemars::JsonSchema;
use serde::Deserialize;

/// What the ledger tells of recordings.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ledger")]
pub struct LedgerDocument {
    /// Whether the content of each final recording is read once, and its hash written down.
    #[serde(default)]
    #[schemars(with = "bool", extend("default" = true))]
    pub hash_recordings: Option<bool>,
}
