//! The file as it is written. These types are the one source of its keys: the JSON Schema comes from them,
//! and the check with lines and remedies follows that schema.
//!
//! Beside the standard words, the schema says how a text is read: `format` names a row of
//! [`crate::formats`], and `format: app-setting` marks the name of an app setting whose value must have
//! `x-value-format`.

use std::collections::BTreeMap;

use domain::address::{AddressError, ContainerName};
use jiff::SignedDuration;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::account_url::AccountUrl;
use crate::secret::Secret;

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
    /// The bastions whose recordings are looked after. Without the key there are none.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub bastions: Vec<BastionDocument>,
    /// When a recording counts as complete.
    #[serde(default)]
    pub matching: MatchingDocument,
    /// Who is told of what happens.
    #[serde(default)]
    pub notifications: NotificationsDocument,
}

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

/// A bastion and where it records.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "bastion")]
pub struct BastionDocument {
    /// Its name in the catalogue: the name of the Azure resource.
    #[schemars(extend("format" = "bastion-name", "examples" = ["bas-hub-01"]))]
    pub name: String,
    /// Its Azure resource id. Only a bastion whose recordings are all on this machine may leave it out.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "resource-id"))]
    pub resource_id: Option<String>,
    /// The container it records into, or a list that also has earlier ones.
    #[schemars(extend("examples" = [{ "account_url": "https://stbastionrec01.blob.core.windows.net", "container": "recordings" }]))]
    pub recordings: OneOrSeveral,
}

/// The container that a bastion records into, or a list with earlier ones, each with `until`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "one_or_several_recordings")]
pub enum OneOrSeveral {
    /// The only container there ever was.
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
    pub account_url: AccountUrl,
    /// The container.
    #[schemars(with = "String", extend("format" = "container-name", "examples" = ["recordings"]))]
    pub container: Container,
    /// The last day on which the bastion recorded into this container. Left out for the present one.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date"))]
    pub until: Option<Date>,
}

/// When a recording counts as complete.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "matching")]
pub struct MatchingDocument {
    /// How long a recording must stay unwritten to settle: an ISO 8601 duration, 1 second to 24 hours.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT5M"))]
    pub settle_after: Option<SignedDuration>,
    /// How long after its creation a recording may stay active: longer than settle_after, at most 7 days (PT168H).
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "default" = "PT12H"))]
    pub active_at_most: Option<SignedDuration>,
}

/// Who is told of what happens.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "notifications")]
pub struct NotificationsDocument {
    /// The places that notifications go to, by a name of your choice.
    #[serde(default)]
    pub channels: BTreeMap<String, ChannelDocument>,
}

/// A place that notifications go to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "channel")]
pub enum ChannelDocument {
    /// A webhook, signed as Standard Webhooks says.
    Webhook {
        /// Where to post. Either this key or url_env.
        #[serde(default)]
        #[schemars(with = "String", extend("format" = "webhook-url"))]
        url: Option<Secret>,
        /// The app setting that holds the URL. Either this key or url.
        #[serde(default)]
        #[schemars(with = "String", extend("format" = "app-setting", "x-value-format" = "webhook-url"))]
        url_env: Option<Secret>,
        /// The app setting that holds the signing secret: whsec_ and the base64 of 24 to 64 bytes.
        #[schemars(with = "String", extend("format" = "app-setting", "x-value-format" = "signing-secret", "examples" = ["SIEM_SECRET"]))]
        secret_env: Secret,
    },
    /// Prints each notification instead of sending it.
    Stub {},
}

/// A container's name, as the domain reads it.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Container(pub ContainerName);

impl TryFrom<String> for Container {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        ContainerName::parse(&text).map(Self)
    }
}
