use std::fmt;

use jiff::tz::TimeZone;
use thiserror::Error;

use crate::card::PageError;
use crate::client::DestinationError;

/// URLs of a Teams channel, as configured. `Debug` redacts the workflow's URL.
#[derive(Clone)]
pub struct TeamsSettings {
    /// URL of the workflow's trigger; it is the credential.
    pub url: String,
    /// Base URL of the catalogue's web page, for links to recordings.
    pub page: Option<String>,
    /// Time zone of the times on cards.
    pub zone: TimeZone,
}

/// Invalid Teams settings. Reveals only the host of the URL.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TeamsSettingsError {
    /// The URL is refused.
    #[error("the workflow's url is refused")]
    Url(#[from] DestinationError),
    /// The URL of the page is refused.
    #[error("the page's url is refused")]
    Page(#[from] PageError),
}

impl fmt::Debug for TeamsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TeamsSettings {{ url: [redacted], page: {:?} }}", self.page)
    }
}
