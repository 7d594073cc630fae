use std::fmt;

use jiff::tz::TimeZone;
use thiserror::Error;

use crate::card::PageError;
use crate::client::DestinationError;

/// URLs of a Slack channel, as configured. `Debug` redacts the webhook's URL.
#[derive(Clone)]
pub struct SlackSettings {
    /// URL of the incoming webhook, of Slack or of a compatible server; it is the credential.
    pub url: String,
    /// Base URL of the catalogue's web page, for links to recordings.
    pub page: Option<String>,
    /// Time zone of the times on cards.
    pub zone: TimeZone,
}

/// Invalid Slack settings. Reveals only the host of the URL.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SlackSettingsError {
    /// The URL is refused.
    #[error("the incoming webhook's url is refused")]
    Url(#[from] DestinationError),
    /// The URL of the page is refused.
    #[error("the page's url is refused")]
    Page(#[from] PageError),
}

impl fmt::Debug for SlackSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SlackSettings {{ url: [redacted], page: {:?} }}", self.page)
    }
}
