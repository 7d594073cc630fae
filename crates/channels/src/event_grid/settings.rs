use std::fmt;

use domain::address_guard::Refusal;
use domain::cloud::{CalledService, ExtraSuffixes};
use thiserror::Error;
use url::Url;

use crate::client::{Destination, DestinationError, GuardedClient};

const API_VERSION: (&str, &str) = ("api-version", "2018-01-01");

/// Where events go and whom they are said to be from, as configured. `Debug` does not show where.
#[derive(Clone, Default)]
pub struct EventGridSettings {
    /// The topic's endpoint: `https://<topic>.<region>-1.eventgrid.azure.net/api/events`. An `api-version` is added where
    /// it names none.
    pub endpoint: String,
    /// The attribute `source` of every event, a URI or the path of one: `/bastion-archivist`, or the app's resource id.
    /// Receivers tell repeats by it and the id.
    pub source: String,
    /// Suffixes of hosts that may be topics besides those of the known clouds.
    pub extra: ExtraSuffixes,
}

/// Why a topic cannot be set up. Says nothing of the endpoint but its host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EventGridSettingsError {
    /// The endpoint must not be called, or not with a token.
    #[error("the topic's endpoint is refused")]
    Endpoint(#[from] DestinationError),
    /// The endpoint is no topic of a known cloud, so it gets no token.
    #[error("the topic's endpoint is refused: a token is sent to topics of known clouds only")]
    UnknownHost,
    /// The source is empty, or holds what no URI holds.
    #[error("the source is no URI reference: it is empty, or holds a blank or another character that must be encoded")]
    Source,
}

impl EventGridSettings {
    pub(super) fn destination(&self, client: &GuardedClient) -> Result<Destination, DestinationError> {
        let mut url = Url::parse(&self.endpoint).map_err(DestinationError::Malformed)?;
        // The guard lets this machine be called in the open, but a token does not travel so.
        if url.scheme() != "https" {
            return Err(DestinationError::Refused(Refusal::NotHttps));
        }
        let (name, value) = API_VERSION;
        if !url.query_pairs().any(|(key, _)| key.eq_ignore_ascii_case(name)) {
            url.query_pairs_mut().append_pair(name, value);
        }
        client.destination(url.as_str())
    }

    /// Checks that a token may be sent to the endpoint, whoever read the settings.
    pub(super) fn check_host(&self) -> Result<(), EventGridSettingsError> {
        let url = Url::parse(&self.endpoint).map_err(DestinationError::Malformed)?;
        let known = CalledService::Topic.known(url.host_str().unwrap_or_default(), &self.extra);
        let is_known = known.is_some() && url.port().is_none() && url.username().is_empty() && url.password().is_none();
        if is_known { Ok(()) } else { Err(EventGridSettingsError::UnknownHost) }
    }

    pub(super) fn source(&self) -> Result<&str, EventGridSettingsError> {
        let is_allowed = |byte: u8| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte);
        let is_source = !self.source.is_empty() && self.source.bytes().all(is_allowed);
        is_source.then_some(self.source.as_str()).ok_or(EventGridSettingsError::Source)
    }
}

impl fmt::Debug for EventGridSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventGridSettings {{ endpoint: [redacted], source: {:?} }}", self.source)
    }
}
