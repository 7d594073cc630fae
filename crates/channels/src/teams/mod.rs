//! Microsoft Teams channel: posts to the trigger of a workflow.
//!
//! A message is one Adaptive Card. The workflow responds before it posts the card, so `Accepted` means only that the
//! workflow took the message.

mod escape;
mod message;
mod settings;

use async_trait::async_trait;
use domain::record::delivery::{ChannelAnswer, Retired};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::ports::{Channel, ChannelMessage};

use crate::card::{Card, CardView, PreviewError, fit};
use crate::classify;
use crate::client::{Destination, GuardedClient, Reply};
pub use settings::{TeamsSettings, TeamsSettingsError};

/// Maximum size of a message, in bytes. Teams accepts about 28 KB, counted in its own way; others report 21 KB.
pub const LARGEST_MESSAGE: usize = 20 * 1024;

/// Domain of the retired Office 365 connectors.
const CONNECTORS: &str = ".webhook.office.com";
/// Hosts of the first connectors, before connectors had a domain of their own; their paths begin with `/webhook`.
const FIRST_CONNECTORS: [&str; 2] = ["outlook.office.com", "outlook.office365.com"];

const RETIRED: Retired = Retired {
    why: "its URL is of an Office 365 connector, which Microsoft has retired (announced ends: 31 March and May 2026)",
    instead: "make a workflow in Teams (Workflows > Post to a channel when a webhook request is received) and put its URL into the app setting",
};

/// Microsoft Teams channel.
#[derive(Debug, Clone)]
pub struct TeamsChannel {
    client: GuardedClient,
    destination: Destination,
    view: CardView,
}

impl TeamsChannel {
    /// Checks the settings. Sends nothing and resolves no name.
    pub fn new(settings: &TeamsSettings, client: GuardedClient) -> Result<Self, TeamsSettingsError> {
        let destination = client.destination(&settings.url)?;
        let view = CardView::new(settings.page.as_deref(), settings.zone.clone())?;
        Ok(Self { client, destination, view })
    }
}

#[async_trait]
impl Channel for TeamsChannel {
    async fn send(&self, envelope: &ChannelMessage<'_>) -> ChannelAnswer {
        let Ok(card) = Card::read(envelope.body, &self.view) else {
            return ChannelAnswer::Refused { reason: classify::NOT_UNDERSTOOD.to_owned() };
        };
        let headers = [("content-type", "application/json")];
        let outcome = self.client.post(&self.destination, &headers, written(&card)).await;
        classify::answer_as(outcome, |reply| read(reply, envelope.sent_at))
    }

    fn preview(&self, envelope: &ChannelMessage<'_>) -> String {
        let card = Card::read(envelope.body, &self.view);
        card.map_or_else(|_| envelope.body.to_owned(), |card| written(&card))
    }

    /// Reports URLs of connectors, the predecessor of workflows: messages accepted by them may never be shown.
    fn retired(&self) -> Option<Retired> {
        let host = self.destination.host().trim_end_matches('.');
        let is_first = FIRST_CONNECTORS.contains(&host) && self.destination.is_below("webhook");
        (is_first || host.ends_with(CONNECTORS)).then_some(RETIRED)
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
    fit(card, message::write, |message| message.len() <= LARGEST_MESSAGE)
}

/// Interprets a reply. A connector responds with 200 and puts the actual status of Teams into the body.
fn read(reply: &Reply, now: Timestamp) -> ChannelAnswer {
    match status_in(&reply.body).filter(|_| (200..300).contains(&reply.status)) {
        Some(status) => classify::of_reply(&Reply { status, ..reply.clone() }, now),
        None => classify::of_reply(reply, now),
    }
}

/// Extracts the status from `… returned HTTP error 429 …`.
fn status_in(body: &[u8]) -> Option<u16> {
    let text = String::from_utf8_lossy(body);
    let (_, after) = text.split_once("HTTP error ")?;
    let status: u16 = after.get(..3)?.parse().ok()?;
    (400..600).contains(&status).then_some(status)
}

#[cfg(test)]
mod tests;
