//! Calls the custom handler over HTTP as the host does.

use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use host_protocol::host::{HandlerResponse, Reaction};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Empty, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CONTENT_TYPE, USER_AGENT};
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::SignedDuration;
use thiserror::Error;
use tokio::time::timeout;

use crate::pause::pause;
use crate::place::HandlerPlace;

/// Handler on a port of this machine.
#[derive(Debug)]
pub(crate) struct Handler {
    client: HandlerClient,
    place: HandlerPlace,
    function_timeout: Option<Duration>,
}

/// HTTP client for handlers on any port.
#[derive(Debug, Clone)]
pub(crate) struct HandlerClient(Client<HttpConnector, Sent>);

/// Body of a request to the handler.
pub(crate) type Sent = BoxBody<Bytes, hyper::Error>;

/// The handler did not respond in time.
#[derive(Debug, Error)]
pub enum NotReady {
    /// The handler does not respond.
    #[error("failed to reach the handler at {address}")]
    Unreachable {
        /// Expected address.
        address: SocketAddr,
        /// Error of the last probe.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The handler ended and is not restarted.
    #[error("failed to reach the handler, which has ended")]
    Gone,
}

/// Result of an invocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum InvocationResult {
    Succeeded,
    /// Failed, with the reason.
    Failed(String),
    /// Never completes: the host would wait for the function timeout and then kill the process.
    Hung,
}

/// Reason why a proxied request has no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProxyError {
    /// The handler ended or closed the connection.
    Down,
    /// The function timeout elapsed.
    Late,
}

pub(crate) const INVOCATION_ID: &str = "x-azure-functions-invocationid";
pub(crate) const HOST_VERSION: (&str, &str) = ("x-azure-functions-hostversion", "4.1048.200.0");
const HOST_AGENT: &str = "Azure-Functions-Host/4.1048.200.0";
const BETWEEN_PROBES: Duration = Duration::from_millis(25);
/// 30 seconds of probes.
const PROBES: u32 = 1_200;

impl HandlerClient {
    pub(crate) fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    /// Waits until the handler responds on `/`, with any status.
    pub(crate) async fn ready(&self, address: SocketAddr) -> Result<(), NotReady> {
        let not_ready = |source: Box<dyn Error + Send + Sync>| NotReady::Unreachable { address, source };
        let mut probe = 1;
        loop {
            let body = Empty::new().map_err(|never: Infallible| match never {}).boxed();
            let request = Request::get(uri(address, "/")).body(body).map_err(|error| not_ready(error.into()))?;
            match self.0.request(request).await {
                Ok(_) => return Ok(()),
                // Only a refused connection is worth another probe.
                Err(error) if error.is_connect() && probe < PROBES => pause(BETWEEN_PROBES).await,
                Err(error) => return Err(not_ready(error.into())),
            }
            probe += 1;
        }
    }
}

impl Handler {
    pub(crate) fn new(place: HandlerPlace, function_timeout: Option<SignedDuration>) -> Self {
        let function_timeout = function_timeout.map(SignedDuration::unsigned_abs);
        Self { client: HandlerClient::new(), place, function_timeout }
    }

    /// Waits until the handler responds on `/`, with any status.
    pub(crate) async fn ready(&self) -> Result<(), NotReady> {
        self.client.ready(self.place.address().await.ok_or(NotReady::Gone)?).await
    }

    /// Invokes a function and waits for its result.
    pub(crate) async fn invoke(&self, function: &str, invocation: &str, body: String) -> InvocationResult {
        let Some(address) = self.place.address().await else {
            return InvocationResult::Failed("the handler has ended".to_owned());
        };
        let ended = self.in_time(self.call(address, function, invocation, body)).await;
        match ended {
            Some(Ok(ending)) => ending,
            Some(Err(error)) => InvocationResult::Failed(format!("no whole answer: {error}")),
            None => InvocationResult::Failed("no answer within the function timeout".to_owned()),
        }
    }

    /// Proxies a request whose URI consists of path and query only.
    pub(crate) async fn pass_on(&self, mut request: Request<Sent>) -> Result<Response<Incoming>, ProxyError> {
        let address = self.place.address().await.ok_or(ProxyError::Down)?;
        *request.uri_mut() = uri(address, &request.uri().to_string()).parse().map_err(|_| ProxyError::Down)?;
        let answered = self.in_time(self.client.0.request(request)).await;
        answered.ok_or(ProxyError::Late)?.map_err(|_| ProxyError::Down)
    }

    /// Returns `None` if the function timeout elapses first.
    async fn in_time<T>(&self, call: impl Future<Output = T>) -> Option<T> {
        match self.function_timeout {
            Some(limit) => timeout(limit, call).await.ok(),
            None => Some(call.await),
        }
    }

    async fn call(
        &self,
        address: SocketAddr,
        function: &str,
        invocation: &str,
        body: String,
    ) -> Result<InvocationResult, Box<dyn Error + Send + Sync>> {
        // Sent in chunks, because the host does not know the length beforehand either.
        let chunk = stream::iter([Ok::<_, hyper::Error>(Frame::data(Bytes::from(body)))]);
        let request = Request::post(uri(address, &format!("/{function}")))
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .header(USER_AGENT, HOST_AGENT)
            .header(INVOCATION_ID, invocation)
            .header(HOST_VERSION.0, HOST_VERSION.1)
            .body(BodyExt::boxed(StreamBody::new(chunk)))?;
        let (head, body) = self.client.0.request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        Ok(match (HandlerResponse { status: head.status.as_u16(), content_type, body: &body }).reaction(None) {
            Reaction::Succeeds => InvocationResult::Succeeded,
            Reaction::Fails(reason) => InvocationResult::Failed(format!("{reason} ({})", head.status)),
            Reaction::Hangs => InvocationResult::Hung,
        })
    }
}

fn uri(address: SocketAddr, path_and_query: &str) -> String {
    format!("http://{address}{path_and_query}")
}
