//! Section `state` of the file.

use schemars::JsonSchema;
use serde::Deserialize;

/// Storage of the archivist itself.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "state")]
pub struct StateDocument {
    /// The endpoints of its storage account.
    #[schemars(extend("examples" = [{
        "blob": "https://starchivist01.blob.core.windows.net",
        "queue": "https://starchivist01.queue.core.windows.net",
        "table": "https://starchivist01.table.core.windows.net",
    }]))]
    pub account_urls: AccountUrlsDocument,
}

/// The endpoints of a storage account.
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
