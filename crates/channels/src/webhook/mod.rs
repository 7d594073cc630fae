//! Any receiver that speaks Standard Webhooks 1.0.0.
//!
//! The frozen body is sent byte for byte, with `webhook-id` (the same on every attempt), `webhook-timestamp` (of this
//! attempt) and, where there are secrets, `webhook-signature`; where the attempt is traced, with `traceparent`.

mod settings;
mod signature;

use async_trait::async_trait;
use domain::delivery::Answer;
use pipeline::ports::{Channel, Envelope};

use crate::classify;
use crate::client::{Destination, GuardedClient};
pub use settings::{WebhookSettings, WebhookSettingsError};
pub use signature::{SigningKey, SigningKeyError};

/// A webhook that is ready to be called.
#[derive(Debug, Clone)]
pub struct WebhookChannel {
    client: GuardedClient,
    destination: Destination,
    keys: Vec<SigningKey>,
}

impl WebhookChannel {
    /// Checks the settings. Nothing is sent and no name is resolved yet.
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
    async fn send(&self, envelope: &Envelope<'_>) -> Answer {
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
