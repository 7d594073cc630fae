//! Builds the adapters of the configured channels.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use channels::client::{ClientSettings, GuardedClient};
use channels::event_grid::{EventGridChannel, EventGridSettings};
use channels::off::OffChannel;
use channels::slack::{SlackChannel, SlackSettings};
use channels::stub::StubChannel;
use channels::teams::{TeamsChannel, TeamsSettings};
use channels::webhook::{WebhookChannel, WebhookSettings};
use configuration::{ChannelSettings as Configured, Configuration};
use jiff::tz::TimeZone;
use pipeline::ports::{Channel, with_causes};

use crate::Azure;
use crate::counted::{CountedChannel, OnDelivered};
use crate::instrumentation::WatchedChannel;
use crate::start::CommandError;

/// Shows one line of output.
pub type Show = Arc<dyn Fn(&str) + Send + Sync>;

/// Listeners to the output of channels.
pub(crate) struct DeliveryObservers<'a> {
    /// Shows the lines of the stub channel.
    pub show: &'a Show,
    /// Counts deliveries of every channel, if set.
    pub accepted: Option<&'a OnDelivered>,
}

/// Builds every configured channel. Returns all problems at once.
pub(crate) fn channels(
    configuration: &Configuration,
    observers: &DeliveryObservers<'_>,
    azure: Option<&Azure<'_>>,
) -> Result<BTreeMap<String, Arc<dyn Channel>>, CommandError> {
    let calls = configuration.channels.values().any(|channel| *channel != Configured::Stub);
    let client = || GuardedClient::new(client_settings(configuration));
    let client = calls.then(client).transpose().map_err(CommandError::needed)?;
    let (page, source) = (configuration.page_url.as_deref(), configuration.source.as_str());
    let zone = &configuration.time_zone;
    let made = Make { client: client.as_ref(), page, zone, source, show: observers.show, azure };
    let (mut problems, mut channels) = (Vec::new(), BTreeMap::new());
    for (name, channel) in &configuration.channels {
        match made.channel(channel) {
            Ok(channel) => {
                let channel = match configuration.off.get(name) {
                    Some(reason) => Arc::new(OffChannel::new(channel, reason.clone())),
                    None => channel,
                };
                let channel: Arc<dyn Channel> = match observers.accepted {
                    Some(accepted) => Arc::new(CountedChannel::new(channel, accepted.clone())),
                    None => channel,
                };
                let watched: Arc<dyn Channel> = Arc::new(WatchedChannel::new(name, channel));
                channels.insert(name.clone(), watched);
            }
            Err(error) => {
                problems.push(format!("notifications.channels.{name}: {}", with_causes(error.as_ref())));
            }
        }
    }
    if problems.is_empty() {
        Ok(channels)
    } else {
        Err(CommandError::Problems(problems))
    }
}

/// Settings of the HTTP client: public addresses only, except for configured hosts.
fn client_settings(configuration: &Configuration) -> ClientSettings {
    let loopback = configuration.loopback;
    ClientSettings { loopback, allowed_hosts: configuration.allowed_hosts.clone(), ..ClientSettings::default() }
}

/// Dependencies of channels.
struct Make<'a> {
    /// `None` if no channel needs the network.
    client: Option<&'a GuardedClient>,
    page: Option<&'a str>,
    /// Time zone of the readers.
    zone: &'a TimeZone,
    /// Source of CloudEvents. Receivers detect duplicates by the source and the id.
    source: &'a str,
    show: &'a Show,
    azure: Option<&'a Azure<'a>>,
}

impl Make<'_> {
    fn channel(&self, channel: &Configured) -> Result<Arc<dyn Channel>, Box<dyn Error>> {
        let (page, zone) = (self.page.map(str::to_owned), self.zone.clone());
        Ok(match (channel, self.client.cloned()) {
            (Configured::Teams { url }, Some(client)) => {
                Arc::new(TeamsChannel::new(&TeamsSettings { url: url.expose().to_owned(), page, zone }, client)?)
            }
            (Configured::Slack { url }, Some(client)) => {
                Arc::new(SlackChannel::new(&SlackSettings { url: url.expose().to_owned(), page, zone }, client)?)
            }
            (Configured::Webhook { url, secret }, Some(client)) => {
                // One app setting may hold several secrets, newest first, so receivers can rotate at
                // different times.
                let secrets = secret.expose().split_whitespace().map(str::to_owned).collect();
                Arc::new(WebhookChannel::new(&WebhookSettings { url: url.expose().to_owned(), secrets }, client)?)
            }
            (Configured::EventGrid { endpoint }, Some(client)) => {
                let azure = self.azure.ok_or("a topic needs an identity, and the sample has none")?;
                let settings = EventGridSettings {
                    endpoint: endpoint.to_string(),
                    source: self.source.to_owned(),
                    extra: azure.suffixes().clone(),
                };
                Arc::new(EventGridChannel::new(&settings, azure.tokens(endpoint.cloud().topic_scope())?, client)?)
            }
            (Configured::Stub, _) | (_, None) => {
                let show = self.show.clone();
                Arc::new(StubChannel::new(move |line: &str| show(line)))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_configured_hosts_may_be_called_at_private_addresses() {
        let yaml = "version: 1\nnotifications: { allowed_hosts: [SIEM.corp.example] }";
        let configuration = configuration::read("archivist.yaml", yaml, &|_| None).unwrap();
        let settings = client_settings(&configuration);
        assert_eq!(settings.allowed_hosts, ["siem.corp.example"]);
        assert_eq!(
            client_settings(&Configuration { allowed_hosts: Vec::new(), ..configuration }).allowed_hosts,
            [""; 0]
        );
    }
}
