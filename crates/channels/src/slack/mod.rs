//! A channel of Slack, by an incoming webhook.
//!
//! A message is made of blocks. What somebody else chose stands in `plain_text` only, which Slack does not interpret.

mod answer;
mod escape;
mod limits;
mod message;
mod settings;

use async_trait::async_trait;
use domain::delivery::Answer;
use pipeline::ports::{Channel, Envelope};

use crate::card::{Card, Page, PreviewError, fit};
use crate::classify;
use crate::client::{Destination, GuardedClient};
pub use settings::{SlackSettings, SlackSettingsError};

/// A channel of Slack that is ready to be written to.
#[derive(Debug, Clone)]
pub struct SlackChannel {
    client: GuardedClient,
    destination: Destination,
    page: Option<Page>,
}

impl SlackChannel {
    /// Checks the settings. Nothing is sent and no name is resolved yet.
    pub fn new(settings: &SlackSettings, client: GuardedClient) -> Result<Self, SlackSettingsError> {
        let destination = client.destination(&settings.url)?;
        let page = settings.page.as_deref().map(Page::parse).transpose()?;
        Ok(Self { client, destination, page })
    }
}

#[async_trait]
impl Channel for SlackChannel {
    async fn send(&self, envelope: &Envelope<'_>) -> Answer {
        let Ok(card) = Card::read(envelope.body, self.page.as_ref()) else {
            return Answer::Refused { reason: classify::NOT_UNDERSTOOD.to_owned() };
        };
        let headers = [("content-type", "application/json")];
        let outcome = self.client.post(&self.destination, &headers, written(&card)).await;
        classify::answer_as(outcome, |reply| answer::read(reply, envelope.sent_at))
    }

    fn preview(&self, envelope: &Envelope<'_>) -> String {
        let card = Card::read(envelope.body, self.page.as_ref());
        card.map_or_else(|_| envelope.body.to_owned(), |card| written(&card))
    }
}

/// The exact JSON that would be posted for this frozen body.
///
/// # Errors
/// Where the body is none, or `page` is no URL that a message may lead to.
pub fn preview(body: &str, page: Option<&str>) -> Result<String, PreviewError> {
    let page = page.map(Page::parse).transpose()?;
    Ok(written(&Card::read(body, page.as_ref())?))
}

fn written(card: &Card) -> String {
    fit(card, message::Message::of, message::Message::fits).write()
}

#[cfg(test)]
mod tests;
