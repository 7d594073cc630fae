//! Channel for a custom topic of Event Grid that accepts CloudEvents 1.0.
//!
//! Each request holds one structured event. Its `id` is the notification's id, so (`source`, `id`) is the same on
//! every attempt. Its `data` is that of the frozen body, byte for byte. Requests carry a bearer token of the app's
//! identity, which is requested for every attempt and never stored.

mod event;
mod settings;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use domain::record::delivery::ChannelAnswer;
use pipeline::ports::{Channel, ChannelMessage, TokenSource};

use crate::classify;
use crate::client::{Destination, GuardedClient};
pub use settings::{EventGridSettings, EventGridSettingsError};

/// Maximum size of an event, in bytes: one mebibyte. Sizes between 10^6 and 2^20 are left to the topic to refuse,
/// since its documented megabyte can mean either.
pub const LONGEST_EVENT: usize = 1024 * 1024;

const CONTENT_TYPE: &str = "application/cloudevents+json; charset=utf-8";

/// Event Grid channel. `Debug` reveals the host, but neither the rest of the URL nor a token.
#[derive(Clone)]
pub struct EventGridChannel {
    client: GuardedClient,
    destination: Destination,
    source: String,
    tokens: Arc<dyn TokenSource>,
}

impl EventGridChannel {
    /// Checks the settings. Sends nothing, resolves no name and requests no token.
    ///
    /// `tokens` issues tokens for topics of the endpoint's cloud.
    pub fn new(
        settings: &EventGridSettings,
        tokens: Arc<dyn TokenSource>,
        client: GuardedClient,
    ) -> Result<Self, EventGridSettingsError> {
        let destination = settings.destination(&client)?;
        settings.check_host()?;
        Ok(Self { client, destination, source: settings.source()?.to_owned(), tokens })
    }
}

#[async_trait]
impl Channel for EventGridChannel {
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer {
        let Ok(event) = event::encode(&self.source, envelope) else {
            return ChannelAnswer::Refused { reason: "other: not the body of a notification".to_owned() };
        };
        if event.len() > LONGEST_EVENT {
            return ChannelAnswer::Refused { reason: format!("payloadTooLarge: {} bytes", event.len()) };
        }
        // Drop the error of the token source: its text is untrusted. Reporting the cause is left to the token source.
        let Ok(token) = self.tokens.token().await else {
            return ChannelAnswer::TryLater {
                reason: "authError: no token".to_owned(),
                retry_after: None,
                overloaded: false,
            };
        };
        let authorization = format!("Bearer {}", token.expose());
        let headers = [("content-type", CONTENT_TYPE), ("authorization", authorization.as_str())];
        classify::answer(self.client.post(&self.destination, &headers, event).await, envelope.sent_at)
    }

    fn preview(&self, envelope: &ChannelMessage<'_>) -> String {
        event::encode(&self.source, envelope).unwrap_or_else(|_| envelope.body.to_owned())
    }
}

impl fmt::Debug for EventGridChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventGridChannel")
            .field("destination", &self.destination)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
