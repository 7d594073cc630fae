//! Who is told, as it is written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::secret::Secret;

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
