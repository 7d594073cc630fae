//! Section `bastions` of the file.

use domain::address::{AddressError, ContainerName};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::configuration::AUDIT_LOGS;

/// A bastion, with the containers of its recordings and audit log.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "bastion")]
pub struct BastionDocument {
    /// Its name in the catalogue: the name of the Azure resource.
    #[schemars(extend("format" = "bastion-name", "examples" = ["bas-hub-01"]))]
    pub name: String,
    /// Its Azure resource id. Optional if all data of the bastion is on this machine and its audit log has
    /// its own container.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "resource-id"))]
    pub resource_id: Option<String>,
    /// The container it records into, or a list including earlier ones.
    #[schemars(extend("examples" = [{ "account_url": "https://stbastionrec01.blob.core.windows.net", "container": "recordings" }]))]
    pub recordings: OneOrSeveral,
    /// The container of its audit log. Without the key the log is not read, and no person can be named.
    #[serde(default)]
    #[schemars(with = "AuditLogsDocument")]
    pub audit_logs: Option<AuditLogsDocument>,
    /// The resource logs of the accounts with its recordings: who opened, changed or deleted them. Without the key
    /// this is not known.
    #[serde(default)]
    #[schemars(with = "AccessLogsDocument", extend("examples" = [{ "account_url": "https://staudit01.blob.core.windows.net" }]))]
    pub access_logs: Option<AccessLogsDocument>,
    /// How the bastion may write its recordings. Without the key, expiry of its access is not checked.
    #[serde(default)]
    #[schemars(with = "RecordingAccessDocument", extend("examples" = [{ "sas_expires": "2027-01-31" }]))]
    pub recording_access: Option<RecordingAccessDocument>,
}

/// How a bastion may write its recordings: one of the two keys.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "recording_access")]
pub struct RecordingAccessDocument {
    /// The last day on which its shared access signature is valid.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date"))]
    pub sas_expires: Option<Date>,
    /// Set to true if it writes with a managed identity, which does not expire.
    #[serde(default)]
    #[schemars(with = "bool", extend("const" = true))]
    pub managed_identity: Option<bool>,
}

/// The container of a bastion's recordings, or a list with earlier ones, each with `until`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "one_or_several_recordings")]
pub enum OneOrSeveral {
    /// The only container.
    One(RecordingsDocument),
    /// The present container and earlier ones.
    Several(#[schemars(length(min = 1))] Vec<RecordingsDocument>),
}

/// A container with recordings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "recordings")]
pub struct RecordingsDocument {
    /// The storage account: its https blob endpoint, an emulator on a loopback address, or a folder (file://).
    #[schemars(with = "String", extend("format" = "account-url", "examples" = ["https://stbastionrec01.blob.core.windows.net"]))]
    pub account_url: String,
    /// The container.
    #[schemars(with = "String", extend("format" = "container-name", "examples" = ["recordings"]))]
    pub container: Container,
    /// The last day on which the bastion recorded into this container. Omit it for the present one.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date"))]
    pub until: Option<Date>,
}

/// The container with the audit log of a bastion. Several bastions may share it; it contains no recordings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "audit_logs")]
pub struct AuditLogsDocument {
    /// The storage account: its https blob endpoint, an emulator on a loopback address, or a folder (file://).
    #[schemars(with = "String", extend("format" = "account-url", "examples" = ["https://staudit01.blob.core.windows.net"]))]
    pub account_url: String,
    /// The container.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "container-name", "default" = AUDIT_LOGS))]
    pub container: Option<Container>,
}

/// The account that receives the resource logs of the accounts with recordings, in the containers named by Azure:
/// insights-logs-storageread, insights-logs-storagewrite and insights-logs-storagedelete.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "access_logs")]
pub struct AccessLogsDocument {
    /// The storage account, another one than that of the recordings: its https blob endpoint, an emulator on a loopback
    /// address, or a folder (file://).
    #[schemars(with = "String", extend("format" = "account-url", "examples" = ["https://staudit01.blob.core.windows.net"]))]
    pub account_url: String,
    /// Object ids or client ids of the archivist, in addition to AZURE_CLIENT_ID: their accesses are the archivist's own.
    #[serde(default)]
    #[schemars(with = "Vec<String>", extend("items" = { "type": "string", "format": "identity-id" }))]
    pub archivist_ids: Vec<String>,
    /// Object ids or client ids of the bastion's managed identity: their accesses are the bastion's own.
    #[serde(default)]
    #[schemars(with = "Vec<String>", extend("items" = { "type": "string", "format": "identity-id" }))]
    pub bastion_ids: Vec<String>,
}

/// A container name, validated by the domain.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Container(pub ContainerName);

impl TryFrom<String> for Container {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        ContainerName::parse(&text).map(Self)
    }
}
