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

/// A handler on a port of this machine.
#[derive(Debug)]
pub(crate) struct Handler {
    client: HandlerClient,
    place: HandlerPlace,
    function_timeout: Option<Duration>,
}

/// Speaks to handlers, on whatever port.
#[derive(Debug, Clone)]
pub(crate) struct HandlerClient(Client<HttpConnector, Sent>);

/// The body of a request to the handler.
pub(crate) type Sent = BoxBody<Bytes, hyper::Error>;

/// A handler that gave no answer in time.
#[derive(Debug, Error)]
pub enum NotReady {
    /// It does not answer.
    #[error("failed to reach the handler at {address}")]
    Unreachable {
        /// Where it should be.
        address: SocketAddr,
        /// What came instead of an answer.
        source: Box<dyn Error + Send + Sync>,
    },
    /// It ended, and nobody starts it again.
    #[error("failed to reach the handler, which has ended")]
    Gone,
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

/// Why a request has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// The handler is gone, or broke off.
    Down,
    /// No answer within the function timeout.
    Late,
}

pub(crate) const INVOCATION_ID: &str = "x-azure-functions-invocationid";
pub(crate) const HOST_VERSION: (&str, &str) = ("x-azure-functions-hostversion", "4.1048.200.0");
const HOST_AGENT: &str = "Azure-Functions-Host/4.1048.200.0";
const BETWEEN_PROBES: Duration = Duration::from_millis(25);
/// 30 seconds of them.
const PROBES: u32 = 1_200;

impl HandlerClient {
    pub(crate) fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    /// Waits until the handler answers on `/`, whatever it answers.
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

    /// Waits until the handler answers on `/`, whatever it answers.
    pub(crate) async fn ready(&self) -> Result<(), NotReady> {
        self.client.ready(self.place.address().await.ok_or(NotReady::Gone)?).await
    }

    /// Invokes a function and waits for its end.
    pub(crate) async fn invoke(&self, function: &str, invocation: &str, body: String) -> Ending {
        let Some(address) = self.place.address().await else {
            return Ending::Failed("the handler has ended".to_owned());
        };
        let ended = self.in_time(self.call(address, function, invocation, body)).await;
        match ended {
            Some(Ok(ending)) => ending,
            Some(Err(error)) => Ending::Failed(format!("no whole answer: {error}")),
            None => Ending::Failed("no answer within the function timeout".to_owned()),
        }
    }

    /// Passes a request on, whose URI has a path and a query only.
    pub(crate) async fn pass_on(&self, mut request: Request<Sent>) -> Result<Response<Incoming>, Unanswered> {
        let address = self.place.address().await.ok_or(Unanswered::Down)?;
        *request.uri_mut() = uri(address, &request.uri().to_string()).parse().map_err(|_| Unanswered::Down)?;
        let answered = self.in_time(self.client.0.request(request)).await;
        answered.ok_or(Unanswered::Late)?.map_err(|_| Unanswered::Down)
    }

    /// `None` where the function timeout is over first.
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
    ) -> Result<Ending, Box<dyn Error + Send + Sync>> {
        // The host does not know the length beforehand either, so the body is sent in chunks.
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
        Ok(match (Answer { status: head.status.as_u16(), content_type, body: &body }).reaction(None) {
            Reaction::Succeeds => Ending::Succeeded,
            Reaction::Fails(reason) => Ending::Failed(format!("{reason} ({})", head.status)),
            Reaction::Hangs => Ending::Hung,
        })
    }
}

fn uri(address: SocketAddr, path_and_query: &str) -> String {
    format!("http://{address}{path_and_query}")
}
