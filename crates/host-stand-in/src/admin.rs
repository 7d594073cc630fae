//! Port of the host: `POST /admin/functions/<name>` fires a function by hand, all other requests go to HTTP functions.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use host_protocol::{Knock, RequestRefusal};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Limited};
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

use crate::by_hand::{ByHand, ManualRunRefused};
use crate::host::Host;
use crate::http::{Proxy, empty, refused};
use crate::pause::pause;

/// Maximum request body in bytes; larger than any queue message.
const LARGEST_BODY: usize = 1 << 20;

/// Pause after a failed accept, to let a shortage of file descriptors pass.
const BETWEEN_FAILED_ACCEPTS: Duration = Duration::from_millis(100);

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    input: String,
}

/// HTTP server for orders and for HTTP functions, on loopback only.
pub struct AdminServer {
    listener: TcpListener,
    by_hand: ByHand,
    proxy: Proxy,
}

/// The port is not available.
#[derive(Debug, Error)]
#[error("failed to listen on port {port} of this machine")]
pub struct PortTaken {
    /// Port number.
    pub port: u16,
    source: io::Error,
}

impl AdminServer {
    /// Listens on 127.0.0.1; port 0 selects a free one. No request is answered before [`serve`](Self::serve).
    pub async fn bind(port: u16, host: &Host) -> Result<Self, PortTaken> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.map_err(|source| PortTaken { port, source })?;
        Ok(Self { listener, by_hand: host.by_hand(), proxy: host.proxy() })
    }

    /// Returns the bound address.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves requests until dropped: 202 once an order is accepted, 404 for an unknown function and for a path
    /// without a route. Function keys are not checked.
    ///
    /// Pages of other origins are rejected: a request that names another host than this machine, or that a page of
    /// another origin sent, gets 403 with the reason.
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
            tokio::spawn(converse(stream, self.by_hand.clone(), self.proxy.clone()));
        }
    }
}

async fn converse(stream: TcpStream, by_hand: ByHand, proxy: Proxy) {
    let service = service_fn(|request| async { Ok::<_, Infallible>(answer(request, &by_hand, &proxy).await) });
    if let Err(error) = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await {
        debug!(%error, "connection ended early");
    }
}

async fn answer(request: Request<Incoming>, by_hand: &ByHand, proxy: &Proxy) -> Response<BoxBody<Bytes, hyper::Error>> {
    if let Err(refusal) = admit(&request) {
        return refused(refusal);
    }
    match request.uri().path().strip_prefix("/admin/functions/").map(str::to_owned) {
        Some(_) if request.headers().contains_key(ORIGIN) => refused(RequestRefusal::Origin),
        Some(function) => empty(ordered(&function, request, by_hand).await),
        None => proxy.answer(request).await,
    }
}

async fn ordered(function: &str, request: Request<Incoming>, by_hand: &ByHand) -> StatusCode {
    if request.method() != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    let Ok(body) = Limited::new(request.into_body(), LARGEST_BODY).collect().await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let Ok(Body { input }) = serde_json::from_slice(&body.to_bytes()) else {
        return StatusCode::BAD_REQUEST;
    };
    match by_hand.order(function, input) {
        Ok(()) => StatusCode::ACCEPTED,
        Err(ManualRunRefused::UnknownFunction) => StatusCode::NOT_FOUND,
        Err(ManualRunRefused::TooMany) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// A page whose own host name resolves to this machine still sends that name in `Host`.
fn admit(request: &Request<Incoming>) -> Result<(), RequestRefusal> {
    let text = |name: &str| {
        let mut all = request.headers().get_all(name).iter();
        all.next().filter(|_| all.next().is_none()).and_then(|value| value.to_str().ok())
    };
    let present = |name: &str| request.headers().contains_key(name).then(|| text(name).unwrap_or_default());
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    let is_opened = text("sec-fetch-mode") == Some("navigate") && text("sec-fetch-dest") == Some("document");
    let has_pages = request.uri().path() == "/ui" || request.uri().path().starts_with("/ui/");
    let knock = Knock {
        host: text(HOST.as_str()),
        origin: present(ORIGIN.as_str()),
        fetch_site: present("sec-fetch-site"),
        opens_page: is_read && is_opened && has_pages,
    };
    knock.admit()
}
