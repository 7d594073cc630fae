//! Who is told, as it is written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::WhenDocument;
use crate::configuration::SOURCE;
use crate::secret::Secret;

/// Who is told of what happens.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "notifications")]
pub struct NotificationsDocument {
    /// The places that notifications go to, by a name of your choice.
    #[serde(default)]
    pub channels: BTreeMap<String, ChannelDocument>,
    /// Which channels hear of what, in the order in which events try them. Without any, every channel hears of everything.
    #[serde(default)]
    pub routes: Vec<RouteDocument>,
    /// Where people open the archivist's own page, which messages then lead to.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "page-url", "examples" = ["https://archivist.example/ui"]))]
    pub page_url: Option<String>,
    /// Hosts that may have an address that is not public, by their names. The platform's own addresses are refused to them
    /// as well.
    #[serde(default)]
    pub allowed_hosts: Vec<HostName>,
    /// Whom the events of a topic are said to be from, by a URI or the path of one; receivers tell repeats by it and the id.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "event-source", "default" = SOURCE))]
    pub source: Option<String>,
}

/// The name of a host, without scheme, port and path.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline, extend("format" = "host-name", "examples" = ["siem.corp.example"]))]
pub struct HostName(pub String);

/// A place that notifications go to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "channel")]
pub enum ChannelDocument {
    /// A channel of Microsoft Teams, by the URL of a workflow.
    Teams {
        /// Where to post. Either this key or url_env.
        #[serde(default)]
        #[schemars(with = "String", extend("format" = "webhook-url"))]
        url: Option<Secret>,
        /// The app setting that holds the URL. Either this key or url.
        #[serde(default)]
        #[schemars(with = "String", extend("format" = "app-setting", "x-value-format" = "webhook-url"))]
        url_env: Option<Secret>,
        /// How much it is sent; 20 messages in 10 minutes where nothing is said.
        #[serde(default)]
        #[schemars(with = "RateLimitDocument")]
        rate_limit: Option<RateLimitDocument>,
    },
    /// A channel of Slack, by the URL of an incoming webhook.
    Slack {
        /// Where to post. Either this key or url_env.
        #[serde(default)]
        #[schemars(with = "String", extend("format" = "webhook-url"))]
        url: Option<Secret>,
        /// The app setting that holds the URL. Either this key or url.
        #[serde(default)]
        #[schemars(with = "String", extend("format" = "app-setting", "x-value-format" = "webhook-url"))]
        url_env: Option<Secret>,
        /// How much it is sent; 20 messages in 10 minutes where nothing is said.
        #[serde(default)]
        #[schemars(with = "RateLimitDocument")]
        rate_limit: Option<RateLimitDocument>,
    },
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
        /// How much it is sent; everything where nothing is said.
        #[serde(default)]
        #[schemars(with = "RateLimitDocument")]
        rate_limit: Option<RateLimitDocument>,
    },
    /// A custom topic of Event Grid, as CloudEvents, with the app's own identity.
    EventGrid {
        /// The topic's endpoint.
        #[schemars(extend("format" = "topic-endpoint", "examples" = ["https://t.westeurope-1.eventgrid.azure.net/api/events"]))]
        endpoint: String,
        /// How much it is sent; everything where nothing is said.
        #[serde(default)]
        #[schemars(with = "RateLimitDocument")]
        rate_limit: Option<RateLimitDocument>,
    },
    /// Prints each notification instead of sending it.
    Stub {},
}

/// The most that a channel is sent. What comes on top is gathered and sent as one message.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "rate_limit")]
pub struct RateLimitDocument {
    /// How many messages.
    #[schemars(range(min = 1, max = 100_000), extend("examples" = [20]))]
    pub messages: u32,
    /// In how long a time.
    #[schemars(extend("format" = "duration", "examples" = ["PT10M"]))]
    pub per: String,
}

/// A way from events to channels.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "route")]
pub struct RouteDocument {
    /// Its name, for people.
    #[schemars(extend("examples" = ["trouble"]))]
    pub name: String,
    /// Which events take it; all where nothing is said.
    #[serde(default)]
    #[schemars(with = "WhenDocument", extend("examples" = [{ "severity": ["warning", "critical"] }]))]
    pub when: Option<WhenDocument>,
    /// The channels it leads to.
    #[schemars(extend("examples" = [["security"]]))]
    pub channels: Vec<String>,
    /// Whether events that take it go on to the next route.
    #[serde(default, rename = "continue")]
    #[schemars(extend("default" = false))]
    pub goes_on: bool,
    /// Until when nothing is sent by it. Events take it all the same, so they do not go where they would not otherwise.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date-or-time", "examples" = ["2026-12-24"]))]
    pub mute_until: Option<String>,
    /// Has what takes it sent together, and not one by one.
    #[serde(default)]
    #[schemars(with = "DigestDocument")]
    pub digest: Option<DigestDocument>,
}

/// When what was gathered is sent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "digest")]
pub struct DigestDocument {
    /// Every so often. Either this key or daily_at.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "examples" = ["PT1H"]))]
    pub every: Option<String>,
    /// Once a day, in the zone of time_zone. Either this key or every.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "time-of-day"))]
    pub daily_at: Option<String>,
}
