use std::fmt;

use thiserror::Error;

use crate::card::PageError;
use crate::client::DestinationError;

/// Where messages for Teams go, as configured. `Debug` does not show the URL.
#[derive(Clone, Default)]
pub struct TeamsSettings {
    /// The URL of the workflow's trigger. It is the credential.
    pub url: String,
    /// The base URL of our own page, which shows recordings.
    pub page: Option<String>,
}

/// Why a channel for Teams cannot be set up. Says nothing of the URL but its host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TeamsSettingsError {
    /// The URL must not be called.
    #[error("the workflow's url is refused")]
    Url(#[from] DestinationError),
    /// The page must not be led to.
    #[error("the page's url is refused")]
    Page(#[from] PageError),
}

impl fmt::Debug for TeamsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TeamsSettings {{ url: [redacted], page: {:?} }}", self.page)
    }
}
