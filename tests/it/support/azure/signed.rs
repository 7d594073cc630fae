//! Signed requests to an account, sent directly and not through the adapters.

use azurite::Account;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::http::request::Builder;
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

const VERSION: &str = "2023-11-03";

/// A client with a signature for all operations.
pub struct Signed {
    client: Client<HttpConnector, Full<Bytes>>,
    signature: String,
}

impl Signed {
    /// Creates a client for this account.
    pub fn for_account(account: &Account) -> Self {
        // The emulator closes idle connections, and would reset one that is reused at that moment.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
        Self { client, signature: account.signature() }
    }

    /// Sends a request to a URL with a query. Returns the response; panics unless the status is a success.
    pub async fn send(&self, request: Builder, url: &str, body: impl Into<Bytes>) -> Response<()> {
        let request = request.uri(format!("{url}&{}", self.signature)).header("x-ms-version", VERSION);
        let response = self.client.request(request.body(Full::new(body.into())).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        assert!(head.status.is_success(), "{url}: {} {}", head.status, String::from_utf8_lossy(&body));
        Response::from_parts(head, ())
    }

    /// Sends a request without headers and body.
    pub async fn order(&self, method: &str, url: &str) {
        self.send(Request::builder().method(method), url, "").await;
    }
}

/// Percent-encodes a text for a path or a query.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
