//! Channel for receivers of Standard Webhooks 1.0.0.
//!
//! Sends the frozen body byte for byte, with the headers `webhook-id` (the same on every attempt), `webhook-timestamp`
//! (time of this attempt), `webhook-signature` if secrets are configured, and `traceparent` if the attempt is traced.

mod settings;
mod signature;

use async_trait::async_trait;
use domain::record::delivery::ChannelAnswer;
use pipeline::ports::{Channel, ChannelMessage};

use crate::classify;
use crate::client::{Destination, GuardedClient};
pub use settings::{WebhookSettings, WebhookSettingsError};
pub use signature::{SigningKey, SigningKeyError};

/// Webhook channel.
#[derive(Debug, Clone)]
pub struct WebhookChannel {
    client: GuardedClient,
    destination: Destination,
    keys: Vec<SigningKey>,
}

impl WebhookChannel {
    /// Checks the settings. Sends nothing and resolves no name.
    pub fn new(settings: &WebhookSettings, client: GuardedClient) -> Result<Self, WebhookSettingsError> {
        let destination = client.destination(&settings.url)?;
        let keys = (1..)
            .zip(&settings.secrets)
            .map(|(position, secret)| {
                SigningKey::parse(secret).map_err(|source| WebhookSettingsError::Secret { position, source })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { client, destination, keys })
    }
}

#[async_trait]
impl Channel for WebhookChannel {
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer {
        let id = envelope.id.as_str();
        let timestamp = signature::timestamp(envelope.sent_at);
        let signature = signature::header(&self.keys, id, &timestamp, envelope.body.as_bytes());
        let mut headers =
            vec![("content-type", "application/json"), ("webhook-id", id), ("webhook-timestamp", timestamp.as_str())];
        headers.extend(signature.as_deref().map(|signature| ("webhook-signature", signature)));
        headers.extend(envelope.traceparent.map(|traceparent| ("traceparent", traceparent)));

        let outcome = self.client.post(&self.destination, &headers, envelope.body.to_owned()).await;
        classify::answer(outcome, envelope.sent_at)
    }
}

#[cfg(test)]
mod another_language;
#[cfg(test)]
mod tests;
