//! The configured channels become adapters.

use std::collections::BTreeMap;
use std::sync::Arc;

use channels::address_guard::Loopback;
use channels::client::{ClientSettings, GuardedClient};
use channels::stub::StubChannel;
use channels::webhook::{WebhookChannel, WebhookSettings};
use configuration::{Channel as ConfiguredChannel, Configuration};
use pipeline::ports::{Channel, with_causes};

use super::Show;
use crate::start::StartError;

/// Every configured channel. Says all that is wrong with them at once.
pub(super) fn channels(
    configuration: &Configuration,
    loopback: Loopback,
    show: &Show,
) -> Result<BTreeMap<String, Arc<dyn Channel>>, StartError> {
    let client = || GuardedClient::new(ClientSettings { loopback, ..ClientSettings::default() });
    let webhooks = configuration.channels.values().any(|channel| matches!(channel, ConfiguredChannel::Webhook { .. }));
    let client = webhooks.then(client).transpose().map_err(StartError::needed)?;
    let mut problems = Vec::new();
    let mut channels: BTreeMap<String, Arc<dyn Channel>> = BTreeMap::new();
    for (name, channel) in &configuration.channels {
        let channel: Arc<dyn Channel> = match (channel, &client) {
            (ConfiguredChannel::Webhook { url, secret }, Some(client)) => {
                // One app setting may hold several secrets, newest first: receivers change at their own time.
                let secrets = secret.expose().split_whitespace().map(str::to_owned).collect();
                let settings = WebhookSettings { url: url.expose().to_owned(), secrets };
                match WebhookChannel::new(&settings, client.clone()) {
                    Ok(channel) => Arc::new(channel),
                    Err(error) => {
                        problems.push(format!("notifications.channels.{name}: {}", with_causes(&error)));
                        continue;
                    }
                }
            }
            _ => {
                let show = show.clone();
                Arc::new(StubChannel::new(move |line: &str| show(line)))
            }
        };
        channels.insert(name.clone(), channel);
    }
    if problems.is_empty() {
        Ok(channels)
    } else {
        Err(StartError::Problems(problems))
    }
}
