use std::fmt;

use thiserror::Error;

use crate::card::PageError;
use crate::client::DestinationError;

/// Where messages for Slack go, as configured. `Debug` does not show the URL.
#[derive(Clone, Default)]
pub struct SlackSettings {
    /// The URL of the incoming webhook, of Slack or of a server that speaks as it does. It is the credential.
    pub url: String,
    /// The base URL of our own page, which shows recordings.
    pub page: Option<String>,
}

/// Why a channel for Slack cannot be set up. Says nothing of the URL but its host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SlackSettingsError {
    /// The URL must not be called.
    #[error("the incoming webhook's url is refused")]
    Url(#[from] DestinationError),
    /// The page must not be led to.
    #[error("the page's url is refused")]
    Page(#[from] PageError),
}

impl fmt::Debug for SlackSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SlackSettings {{ url: [redacted], page: {:?} }}", self.page)
    }
}
