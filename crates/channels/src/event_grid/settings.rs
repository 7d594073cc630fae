use std::fmt;

use domain::address_guard::ForbiddenAddress;
use domain::cloud::{CalledService, ExtraSuffixes};
use thiserror::Error;
use url::Url;

use crate::client::{Destination, DestinationError, GuardedClient};

const API_VERSION: (&str, &str) = ("api-version", "2018-01-01");

/// Endpoint and source of a topic, as configured. `Debug` redacts the endpoint.
#[derive(Clone, Default)]
pub struct EventGridSettings {
    /// Endpoint of the topic: `https://<topic>.<region>-1.eventgrid.azure.net/api/events`. If it has no `api-version`,
    /// one is added.
    pub endpoint: String,
    /// Attribute `source` of every event, a URI reference such as `/bastion-archivist` or the app's resource id.
    /// Receivers detect repeats by `source` and `id`.
    pub source: String,
    /// Host suffixes of topics besides those of the known clouds.
    pub extra: ExtraSuffixes,
}

/// Invalid topic settings. Reveals only the host of the endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EventGridSettingsError {
    /// The endpoint is refused, or would receive the token without TLS.
    #[error("the topic's endpoint is refused")]
    Endpoint(#[from] DestinationError),
    /// The endpoint is not a topic of a known cloud, so it gets no token.
    #[error("the topic's endpoint is refused: a token is sent to topics of known clouds only")]
    UnknownHost,
    /// The source is empty, or contains a character that a URI must encode.
    #[error("the source is not a URI reference: it is empty, or has a blank or another character that must be encoded")]
    Source,
}

impl EventGridSettings {
    pub(super) fn destination(&self, client: &GuardedClient) -> Result<Destination, DestinationError> {
        let mut url = Url::parse(&self.endpoint).map_err(DestinationError::Malformed)?;
        // The guard permits plain HTTP to this machine, but a token requires TLS.
        if url.scheme() != "https" {
            return Err(DestinationError::Refused(ForbiddenAddress::NotHttps));
        }
        let (name, value) = API_VERSION;
        if !url.query_pairs().any(|(key, _)| key.eq_ignore_ascii_case(name)) {
            url.query_pairs_mut().append_pair(name, value);
        }
        client.destination(url.as_str())
    }

    /// Checks that the endpoint may receive a token, independent of any earlier check of the configuration.
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
