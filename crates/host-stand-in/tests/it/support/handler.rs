//! Handler whose responses are scripted by the test.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use host_stand_in::HandlerPlace;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Barrier, Notify};

/// Request as received by the handler.
#[derive(Debug, Clone)]
pub struct SeenCall {
    pub method: String,
    pub path: String,
    pub query: Option<String>,
    pub headers: HeaderMap,
    pub is_chunked: bool,
    pub body: Value,
}

/// Scripted response.
pub struct CannedAnswer {
    status: u16,
    content_type: Option<&'static str>,
    body: &'static str,
    together: Option<Arc<Barrier>>,
}

impl CannedAnswer {
    pub const DONE: Self = Self::json(200, r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#);
    pub const UNAVAILABLE: Self = Self::json(503, "{}");

    pub const fn json(status: u16, body: &'static str) -> Self {
        Self::typed(status, Some("application/json"), body)
    }

    pub const fn typed(status: u16, content_type: Option<&'static str>, body: &'static str) -> Self {
        Self { status, content_type, body, together: None }
    }

    /// Delays the response until all requests of the barrier have arrived.
    pub fn together(self, others: &Arc<Barrier>) -> Self {
        Self { together: Some(Arc::clone(others)), ..self }
    }
}

/// Waits until the handler of a process responds on `/`, and returns the response. Returns `None` if the handler has
/// ended for good.
pub async fn probe(place: &HandlerPlace) -> Option<String> {
    let mut stream = TcpStream::connect(place.address().await?).await.ok()?;
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned())
}

#[derive(Clone)]
pub struct FakeHandler {
    pub address: SocketAddr,
    log: Arc<Mutex<Log>>,
    arrived: Arc<Notify>,
}

#[derive(Default)]
struct Log {
    seen: Vec<SeenCall>,
    running: usize,
    peak: usize,
}

type Answers = dyn Fn(&SeenCall) -> CannedAnswer + Send + Sync;

impl FakeHandler {
    pub async fn start(answer: impl Fn(&SeenCall) -> CannedAnswer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Mutex::new(Log::default()));
        let arrived = Arc::new(Notify::new());
        let stage: (Arc<Answers>, _, _) = (Arc::new(answer), Arc::clone(&log), Arc::clone(&arrived));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, log, arrived) = stage.clone();
                tokio::spawn(async move {
                    let service = service_fn(|request| handle(request, &*answer, &log, &arrived));
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { address, log, arrived }
    }

    /// Returns all requests so far.
    pub fn seen(&self) -> Vec<SeenCall> {
        self.log.lock().unwrap().seen.clone()
    }

    /// Waits until a request has arrived.
    pub async fn seen_one(&self) {
        self.arrived.notified().await;
    }

    /// Returns the maximum number of concurrent requests.
    pub fn peak(&self) -> usize {
        self.log.lock().unwrap().peak
    }
}

async fn handle(
    request: Request<Incoming>,
    answer: &Answers,
    log: &Mutex<Log>,
    arrived: &Notify,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let is_chunked = body.size_hint().exact().is_none();
    let body = body.collect().await.unwrap().to_bytes();
    let seen = SeenCall {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: head.headers,
        is_chunked,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    };
    let answer = answer(&seen);
    log.lock().unwrap().begin(seen);
    arrived.notify_one();
    if let Some(others) = &answer.together {
        others.wait().await;
    }
    log.lock().unwrap().running -= 1;
    let mut response = Response::new(Full::new(Bytes::from_static(answer.body.as_bytes())));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap();
    if let Some(content_type) = answer.content_type {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    Ok(response)
}

impl Log {
    fn begin(&mut self, seen: SeenCall) {
        self.seen.push(seen);
        self.running += 1;
        self.peak = self.peak.max(self.running);
    }
}
