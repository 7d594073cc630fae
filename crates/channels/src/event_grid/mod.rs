//! A custom topic of Event Grid that takes CloudEvents 1.0.
//!
//! One structured event per request, whose `id` is the notification's, so that (`source`, `id`) is the same on every
//! attempt. Its `data` is that of the frozen body, byte for byte. Requests are signed by a token of our identity, which
//! is asked for at every attempt and never seen again.

mod event;
mod settings;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use domain::delivery::Answer;
use pipeline::ports::{Channel, Envelope, TokenSource};

use crate::classify;
use crate::client::{Destination, GuardedClient};
pub use settings::{EventGridSettings, EventGridSettingsError};

/// How long an event may be, in bytes: a megabyte in the larger of its two meanings. Of what lies between them the topic
/// itself says whether it is too much.
pub const LONGEST_EVENT: usize = 1024 * 1024;

const CONTENT_TYPE: &str = "application/cloudevents+json; charset=utf-8";

/// A topic that is ready to be published to. `Debug` shows neither its address but the host, nor a token.
#[derive(Clone)]
pub struct EventGridChannel {
    client: GuardedClient,
    destination: Destination,
    source: String,
    tokens: Arc<dyn TokenSource>,
}

impl EventGridChannel {
    /// Checks the settings. Nothing is sent, no name is resolved and no token is asked for yet.
    ///
    /// `tokens` gives tokens for the topics of the endpoint's cloud.
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
    async fn send(&self, envelope: &Envelope<'_>) -> Answer {
        let Ok(event) = event::encode(&self.source, envelope) else {
            return Answer::Refused { reason: "other: not the body of a notification".to_owned() };
        };
        if event.len() > LONGEST_EVENT {
            return Answer::Refused { reason: format!("payloadTooLarge: {} bytes", event.len()) };
        }
        // Why there is none is for whoever gives tokens to tell: their words may hold anything.
        let Ok(token) = self.tokens.token().await else {
            return Answer::TryLater { reason: "authError: no token".to_owned(), retry_after: None, overloaded: false };
        };
        let authorization = format!("Bearer {}", token.expose());
        let headers = [("content-type", CONTENT_TYPE), ("authorization", authorization.as_str())];
        classify::answer(self.client.post(&self.destination, &headers, event).await, envelope.sent_at)
    }

    fn preview(&self, envelope: &Envelope<'_>) -> String {
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
