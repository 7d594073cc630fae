//! Section `notifications` of the file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::WhenDocument;
use crate::configuration::SOURCE;
use crate::secret::Secret;

/// Channels and routes of notifications.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "notifications")]
pub struct NotificationsDocument {
    /// The channels, by a name of your choice.
    #[serde(default)]
    pub channels: BTreeMap<String, ChannelDocument>,
    /// Routes from events to channels, in the order in which they are tried. Without routes, webhooks and topics
    /// get every event at once; chats get warnings and criticals at once, and the rest once a day.
    #[serde(default)]
    pub routes: Vec<RouteDocument>,
    /// URL of the archivist's own page, for links in messages.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "page-url", "examples" = ["https://archivist.example/ui"]))]
    pub page_url: Option<String>,
    /// Names of hosts allowed to have a private address. The platform's own addresses are refused even
    /// then.
    #[serde(default)]
    pub allowed_hosts: Vec<HostName>,
    /// The source of CloudEvents, a URI or the path of one. Receivers detect duplicates by the source and
    /// the id.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "event-source", "default" = SOURCE))]
    pub source: Option<String>,
}

/// The name of a host, without scheme, port and path.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline, extend("format" = "host-name", "examples" = ["siem.corp.example"]))]
pub struct HostName(pub String);

/// A destination of notifications.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "channel")]
pub enum ChannelDocument {
    /// A channel of Microsoft Teams, by the URL of a workflow.
    Teams {
        /// The URL to post to. Either this key or url_env.
        #[serde(default)]
        #[schemars(with = "String", extend("format" = "webhook-url"))]
        url: Option<Secret>,
        /// The app setting with the URL. Either this key or url.
        #[serde(default)]
        #[schemars(with = "String", extend("format" = "app-setting", "x-value-format" = "webhook-url"))]
        url_env: Option<Secret>,
        /// The rate limit; by default 20 messages in 10 minutes.
        #[serde(default)]
        #[schemars(with = "RateLimitDocument")]
        rate_limit: Option<RateLimitDocument>,
    },
    /// A channel of Slack, by the URL of an incoming webhook.
    Slack {
        /// The URL to post to. Either this key or url_env.
        #[serde(default)]
        #[schemars(with = "String", extend("format" = "webhook-url"))]
        url: Option<Secret>,
        /// The app setting with the URL. Either this key or url.
        #[serde(default)]
        #[schemars(with = "String", extend("format" = "app-setting", "x-value-format" = "webhook-url"))]
        url_env: Option<Secret>,
        /// The rate limit; by default 20 messages in 10 minutes.
        #[serde(default)]
        #[schemars(with = "RateLimitDocument")]
        rate_limit: Option<RateLimitDocument>,
    },
    /// A webhook, signed according to Standard Webhooks.
    Webhook {
        /// The URL to post to. Either this key or url_env.
        #[serde(default)]
        #[schemars(with = "String", extend("format" = "webhook-url"))]
        url: Option<Secret>,
        /// The app setting with the URL. Either this key or url.
        #[serde(default)]
        #[schemars(with = "String", extend("format" = "app-setting", "x-value-format" = "webhook-url"))]
        url_env: Option<Secret>,
        /// The app setting with the signing secret: whsec_ and the base64 of 24 to 64 bytes.
        #[schemars(with = "String", extend("format" = "app-setting", "x-value-format" = "signing-secret", "examples" = ["SIEM_SECRET"]))]
        secret_env: Secret,
        /// The rate limit; by default none.
        #[serde(default)]
        #[schemars(with = "RateLimitDocument")]
        rate_limit: Option<RateLimitDocument>,
    },
    /// A custom topic of Event Grid, which gets CloudEvents, with the app's own identity.
    EventGrid {
        /// The topic's endpoint.
        #[schemars(extend("format" = "topic-endpoint", "examples" = ["https://t.westeurope-1.eventgrid.azure.net/api/events"]))]
        endpoint: String,
        /// The rate limit; by default none.
        #[serde(default)]
        #[schemars(with = "RateLimitDocument")]
        rate_limit: Option<RateLimitDocument>,
    },
    /// Prints each notification instead of sending it.
    Stub {},
}

/// The rate limit of a channel. Messages above it are collected and sent as one digest.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "rate_limit")]
pub struct RateLimitDocument {
    /// Number of messages.
    #[schemars(range(min = 1, max = 100_000), extend("examples" = [20]))]
    pub messages: u32,
    /// Time window.
    #[schemars(extend("format" = "duration", "examples" = ["PT10M"]))]
    pub per: String,
}

/// A route from events to channels.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "route")]
pub struct RouteDocument {
    /// Its name, for people.
    #[schemars(extend("examples" = ["trouble"]))]
    pub name: String,
    /// The events of this route; by default all. An event with unknown facts also tries the next route.
    #[serde(default)]
    #[schemars(with = "WhenDocument", extend("examples" = [{ "severity": ["warning", "critical"] }]))]
    pub when: Option<WhenDocument>,
    /// The channels of this route.
    #[schemars(extend("examples" = [["security"]]))]
    pub channels: Vec<String>,
    /// Continue with the next route after this one.
    #[serde(default, rename = "continue")]
    #[schemars(extend("default" = false))]
    pub goes_on: bool,
    /// Mute this route until then. Events still take the route, so they do not continue to later routes
    /// because of it. An event with unknown facts is not muted.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date-or-time", "examples" = ["2026-12-24"]))]
    pub mute_until: Option<String>,
    /// Send the events of this route as a digest instead of one by one.
    #[serde(default)]
    #[schemars(with = "DigestDocument")]
    pub digest: Option<DigestDocument>,
}

/// The schedule of a digest.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "digest")]
pub struct DigestDocument {
    /// The interval. Either this key or daily_at.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "duration", "examples" = ["PT1H"]))]
    pub every: Option<String>,
    /// Once a day at this time, in time_zone. Either this key or every.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "time-of-day"))]
    pub daily_at: Option<String>,
}
