//! Slack channel, through an incoming webhook.
//!
//! A message consists of blocks. Untrusted text appears in `plain_text` only, which Slack does not interpret.

mod answer;
mod escape;
mod limits;
mod message;
mod settings;

use async_trait::async_trait;
use domain::record::delivery::ChannelAnswer;
use jiff::tz::TimeZone;
use pipeline::ports::{Channel, ChannelMessage};

use crate::card::{Card, CardView, PreviewError, fit};
use crate::classify;
use crate::client::{Destination, GuardedClient};
pub use settings::{SlackSettings, SlackSettingsError};

/// Slack channel.
#[derive(Debug, Clone)]
pub struct SlackChannel {
    client: GuardedClient,
    destination: Destination,
    view: CardView,
}

impl SlackChannel {
    /// Checks the settings. Sends nothing and resolves no name.
    pub fn new(settings: &SlackSettings, client: GuardedClient) -> Result<Self, SlackSettingsError> {
        let destination = client.destination(&settings.url)?;
        let view = CardView::new(settings.page.as_deref(), settings.zone.clone())?;
        Ok(Self { client, destination, view })
    }
}

#[async_trait]
impl Channel for SlackChannel {
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer {
        let Ok(card) = Card::read(envelope.body, &self.view) else {
            return ChannelAnswer::Refused { reason: classify::NOT_UNDERSTOOD.to_owned() };
        };
        let headers = [("content-type", "application/json")];
        let outcome = self.client.post(&self.destination, &headers, written(&card)).await;
        classify::answer_as(outcome, |reply| answer::read(reply, envelope.sent_at))
    }

    fn preview(&self, envelope: &ChannelMessage<'_>) -> String {
        let card = Card::read(envelope.body, &self.view);
        card.map_or_else(|_| envelope.body.to_owned(), |card| written(&card))
    }
}

/// Returns the exact JSON of a delivery of this frozen body, with times in UTC.
///
/// # Errors
/// Returns an error if the body is not a notification, or if `page` is not a safe URL.
pub fn preview(body: &str, page: Option<&str>) -> Result<String, PreviewError> {
    Ok(written(&Card::read(body, &CardView::new(page, TimeZone::UTC)?)?))
}

fn written(card: &Card) -> String {
    fit(card, message::Message::from_card, message::Message::fits).write()
}

#[cfg(test)]
mod tests;
