//! Guarded HTTP client for all outgoing requests: calls public addresses only.
//!
//! No redirects, no proxy, TLS outside loopback, addresses checked after name resolution, bounded time and response
//! size, one request per call.

mod destination;
mod error;
mod reply;
mod resolver;
mod settings;
mod tls;

use std::fmt;
use std::sync::Arc;

use reqwest::dns::Resolve;
use reqwest::{Client, redirect, retry};
use rustls::pki_types::CertificateDer;

pub use destination::{Destination, DestinationError};
use domain::address_guard::AddressGuard;
pub use error::{ClientError, NoResponse, SendError};
pub use reply::{LONGEST_BODY, Reply};
use resolver::{GuardedResolver, SystemLookup};
pub use settings::ClientSettings;

const USER_AGENT: &str = concat!("bastion-archivist/", env!("CARGO_PKG_VERSION"));

/// HTTP client of all channels. Clones share their connections.
#[derive(Clone)]
pub struct GuardedClient {
    http: Client,
    guard: Arc<AddressGuard>,
}

impl GuardedClient {
    /// Creates a client that trusts the system's certificates. Returns an error if the system trusts none.
    pub fn new(settings: ClientSettings) -> Result<Self, ClientError> {
        Self::build(settings, SystemLookup, &[])
    }

    /// Like [`new`](Self::new), but with another name lookup below the guard and additional trusted roots.
    pub(crate) fn build(
        settings: ClientSettings,
        lookup: impl Resolve + 'static,
        roots: &[CertificateDer<'static>],
    ) -> Result<Self, ClientError> {
        let guard = Arc::new(AddressGuard::new(settings.loopback, settings.allowed_hosts));
        #[expect(clippy::disallowed_methods, reason = "this is the guarded client that all others are banned for")]
        let http = Client::builder()
            .tls_backend_preconfigured(tls::configuration(roots)?)
            .dns_resolver(GuardedResolver::new(Arc::clone(&guard), lookup))
            .no_proxy()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .user_agent(USER_AGENT)
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.request_timeout)
            .build()
            .map_err(ClientError::Build)?;
        Ok(Self { http, guard })
    }

    /// Checks the URL of a receiver, once before the first request.
    pub fn destination(&self, url: &str) -> Result<Destination, DestinationError> {
        Destination::parse(url, &self.guard)
    }

    /// Sends one POST request. Any response is a [`Reply`], whatever its status.
    pub async fn post(&self, to: &Destination, headers: &[(&str, &str)], body: String) -> Result<Reply, SendError> {
        let request = self.http.post(to.url().clone()).body(body);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = request.send().await.map_err(|error| SendError::from_reqwest(to.host(), error))?;
        Ok(Reply::read(to.url(), response).await)
    }
}

impl fmt::Debug for GuardedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardedClient").field("guard", &self.guard).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
