//! The custom handler, called over HTTP as the host calls it.

use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use host_protocol::host::{Answer, Reaction};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Empty, StreamBody};
use hyper::Request;
use hyper::body::Frame;
use hyper::header::{CONTENT_TYPE, USER_AGENT};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::SignedDuration;
use thiserror::Error;
use tokio::time::timeout;

use crate::pause::pause;

/// A handler on a port of this machine.
#[derive(Debug)]
pub(crate) struct Handler {
    client: Client<HttpConnector, BoxBody<Bytes, Infallible>>,
    address: SocketAddr,
    function_timeout: Option<Duration>,
}

/// A handler that gave no answer in time.
#[derive(Debug, Error)]
#[error("failed to reach the handler at {address}")]
pub struct NotReady {
    /// Where it should be.
    pub address: SocketAddr,
    source: Box<dyn Error + Send + Sync>,
}

/// How an invocation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Done.
    Succeeded,
    /// Not done, and why.
    Failed(String),
    /// It never ends: the host would wait for the function timeout, and then kill the process.
    Hung,
}

const HOST_VERSION: &str = "4.1048.200.0";
const HOST_AGENT: &str = "Azure-Functions-Host/4.1048.200.0";
const BETWEEN_PROBES: Duration = Duration::from_millis(25);
/// 30 seconds of them.
const PROBES: u32 = 1_200;

impl Handler {
    pub(crate) fn new(address: SocketAddr, function_timeout: Option<SignedDuration>) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { client, address, function_timeout: function_timeout.map(SignedDuration::unsigned_abs) }
    }

    /// Waits until the handler answers on `/`, whatever it answers.
    pub(crate) async fn ready(&self) -> Result<(), NotReady> {
        let not_ready = |source: Box<dyn Error + Send + Sync>| NotReady { address: self.address, source };
        let mut probe = 1;
        loop {
            let request =
                Request::get(self.uri("")).body(Empty::new().boxed()).map_err(|error| not_ready(error.into()))?;
            match self.client.request(request).await {
                Ok(_) => return Ok(()),
                // Only a refused connection is worth another probe.
                Err(error) if error.is_connect() && probe < PROBES => pause(BETWEEN_PROBES).await,
                Err(error) => return Err(not_ready(error.into())),
            }
            probe += 1;
        }
    }

    /// Invokes a function and waits for its end.
    pub(crate) async fn invoke(&self, function: &str, invocation: &str, body: String) -> Ending {
        let call = self.call(function, invocation, body);
        let ended = match self.function_timeout {
            Some(limit) => timeout(limit, call).await,
            None => Ok(call.await),
        };
        match ended {
            Ok(Ok(ending)) => ending,
            Ok(Err(error)) => Ending::Failed(format!("no whole answer: {error}")),
            Err(_) => Ending::Failed("no answer within the function timeout".to_owned()),
        }
    }

    async fn call(
        &self,
        function: &str,
        invocation: &str,
        body: String,
    ) -> Result<Ending, Box<dyn Error + Send + Sync>> {
        // The host does not know the length beforehand either, so the body is sent in chunks.
        let chunk = stream::iter([Ok::<_, Infallible>(Frame::data(Bytes::from(body)))]);
        let request = Request::post(self.uri(function))
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .header(USER_AGENT, HOST_AGENT)
            .header("X-Azure-Functions-InvocationId", invocation)
            .header("X-Azure-Functions-HostVersion", HOST_VERSION)
            .body(BodyExt::boxed(StreamBody::new(chunk)))?;
        let (head, body) = self.client.request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        Ok(match (Answer { status: head.status.as_u16(), content_type, body: &body }).reaction(None) {
            Reaction::Succeeds => Ending::Succeeded,
            Reaction::Fails(reason) => Ending::Failed(format!("{reason} ({})", head.status)),
            Reaction::Hangs => Ending::Hung,
        })
    }

    fn uri(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }
}
