//! Section `ledger` of the file.

use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of the ledger.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ledger")]
pub struct LedgerDocument {
    /// Read each final recording once and store its content hash.
    #[serde(default)]
    #[schemars(with = "bool", extend("default" = true))]
    pub hash_recordings: Option<bool>,
}
