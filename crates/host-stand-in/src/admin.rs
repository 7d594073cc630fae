//! `POST /admin/functions/<name>`: firing a function by hand, as with the host.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Incoming;
use hyper::header::{HOST, ORIGIN};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tracing::debug;

use crate::by_hand::{ByHand, Refused};
use crate::pause::pause;

/// Larger than any queue message.
const LARGEST_BODY: usize = 1 << 20;

/// Lets a shortage of file descriptors pass.
const BETWEEN_FAILED_ACCEPTS: Duration = Duration::from_millis(100);

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    input: String,
}

/// Takes orders over HTTP, on loopback only.
#[derive(Debug)]
pub struct AdminServer {
    listener: TcpListener,
    by_hand: ByHand,
}

/// A port that cannot be had.
#[derive(Debug, Error)]
#[error("failed to listen on port {port} of this machine")]
pub struct PortTaken {
    /// The port.
    pub port: u16,
    source: io::Error,
}

impl AdminServer {
    /// Listens on 127.0.0.1; port 0 takes any that is free. Nothing is answered before [`serve`](Self::serve).
    pub async fn bind(port: u16, by_hand: ByHand) -> Result<Self, PortTaken> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        Ok(Self { listener: listener.map_err(|source| PortTaken { port, source })?, by_hand })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves requests until dropped: 202 once an order is taken, 404 for an unknown function and any other path.
    ///
    /// Pages in a browser on this machine are kept out: a request that was addressed to another name than this
    /// machine's own, or that a page sent, is answered with 403.
    pub async fn serve(self) -> Infallible {
        loop {
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    debug!(%error, "connection not accepted");
                    pause(BETWEEN_FAILED_ACCEPTS).await;
                    continue;
                }
            };
            tokio::spawn(converse(stream, self.by_hand.clone()));
        }
    }
}

async fn converse(stream: TcpStream, by_hand: ByHand) {
    let service = service_fn(|request| async { Ok::<_, Infallible>(answer(request, &by_hand).await) });
    if let Err(error) = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await {
        debug!(%error, "connection ended early");
    }
}

async fn answer(request: Request<Incoming>, by_hand: &ByHand) -> Response<Empty<Bytes>> {
    let mut response = Response::new(Empty::new());
    *response.status_mut() = status(request, by_hand).await;
    response
}

async fn status(request: Request<Incoming>, by_hand: &ByHand) -> StatusCode {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if !header(HOST).is_some_and(is_this_machine) || request.headers().contains_key(ORIGIN) {
        return StatusCode::FORBIDDEN;
    }
    let Some(function) = request.uri().path().strip_prefix("/admin/functions/").map(str::to_owned) else {
        return StatusCode::NOT_FOUND;
    };
    if request.method() != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    let Ok(body) = Limited::new(request.into_body(), LARGEST_BODY).collect().await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let Ok(Body { input }) = serde_json::from_slice(&body.to_bytes()) else {
        return StatusCode::BAD_REQUEST;
    };
    match by_hand.order(&function, input) {
        Ok(()) => StatusCode::ACCEPTED,
        Err(Refused::UnknownFunction) => StatusCode::NOT_FOUND,
        Err(Refused::TooMany) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// A page that had its own name resolved to this machine still sends its own name.
fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "[::1]") || name.eq_ignore_ascii_case("localhost")
}
