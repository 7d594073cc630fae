//! Where the archivist keeps its own things, as it is written.

use schemars::JsonSchema;
use serde::Deserialize;

/// Where the archivist keeps its own things.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "state")]
pub struct StateDocument {
    /// Where each service of its storage account answers.
    #[schemars(extend("examples" = [{
        "blob": "https://starchivist01.blob.core.windows.net",
        "queue": "https://starchivist01.queue.core.windows.net",
        "table": "https://starchivist01.table.core.windows.net",
    }]))]
    pub account_urls: AccountUrlsDocument,
}

/// Where each service of a storage account answers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "account_urls")]
pub struct AccountUrlsDocument {
    /// The blob endpoint, of Azure or of an emulator on a loopback address.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "blob-endpoint"))]
    pub blob: Option<String>,
    /// The queue endpoint, of Azure or of an emulator on a loopback address.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "queue-endpoint"))]
    pub queue: Option<String>,
    /// The table endpoint, of Azure, of Cosmos DB for Table, or of an emulator on a loopback address.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "table-endpoint"))]
    pub table: Option<String>,
}
