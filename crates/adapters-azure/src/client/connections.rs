//! Creates the HTTP client behind all calls.

use std::sync::Arc;

use async_trait::async_trait;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::{AsyncRawResponse, HttpClient, Request, Transport};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use super::patience::Patience;

/// Connections to any number of accounts, over a client created at the first call.
///
/// Creating the client reads every certificate the system trusts. That takes far longer than the rest of the start,
/// while the host waits for the first answer. So the client is created lazily, on a blocking thread.
#[derive(Debug)]
pub(super) struct AccountConnections {
    patience: Patience,
    client: OnceCell<reqwest::Client>,
}

impl AccountConnections {
    pub(super) fn transport(patience: Patience) -> Transport {
        Transport::new(Arc::new(Self::new(patience)))
    }

    fn new(patience: Patience) -> Self {
        // Another part of the program may have installed the provider already; there is only one per process. It is
        // installed here because clients the SDK creates by itself need it as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { patience, client: OnceCell::new() }
    }

    async fn made(&self) -> azure_core::Result<reqwest::Client> {
        let patience = self.patience;
        // Mapped to a transient error: the input is retried until the system has certificates again.
        let made = spawn_blocking(move || client(&patience)).await.map_err(|error| Error::new(ErrorKind::Io, error))?;
        made.map_err(|error| Error::with_error(ErrorKind::Io, error, "failed to set up the HTTP client"))
    }
}

#[async_trait]
impl HttpClient for AccountConnections {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let client = self.client.get_or_try_init(|| self.made()).await?;
        HttpClient::execute_request(client, request).await
    }
}

/// Builds the client; the SDK's own has longer timeouts and no way to change them.
#[expect(
    clippy::disallowed_methods,
    reason = "calls the storage accounts of the configuration and follows no redirect"
)]
fn client(patience: &Patience) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .connect_timeout(patience.connect)
        .read_timeout(patience.call)
        .redirect(reqwest::redirect::Policy::none())
        .build()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use azure_core::http::Method;

    use super::*;

    #[tokio::test]
    async fn the_client_is_made_at_the_first_call() {
        let connections = AccountConnections::new(Patience::default());
        assert!(!connections.client.initialized());
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let request = Request::new(format!("http://{nobody}/").parse().unwrap(), Method::Get);
        connections.execute_request(&request).await.unwrap_err();
        assert!(connections.client.initialized());
    }
}
