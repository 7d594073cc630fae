//! The minimal handler: collect the body, parse it once, answer `{}`.

use std::borrow::Cow;
use std::convert::Infallible;

use axum::response::IntoResponse;
use axum::routing::post;
use bytes::Bytes;
use http_body_util::{BodyExt, Collected, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpListener;

/// Fields that the handler reads; the parser skips all others.
#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow, rename = "Data")]
    data: Data<'a>,
    #[serde(borrow, rename = "Metadata")]
    metadata: Metadata<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    message: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata<'a> {
    #[serde(borrow)]
    dequeue_count: Cow<'a, str>,
    #[serde(borrow)]
    insertion_time: Cow<'a, str>,
}

/// Serves forever with hyper alone.
pub async fn hyper(listener: TcpListener) {
    loop {
        // If a client is gone, only its own requests fail.
        let Ok((stream, _)) = listener.accept().await else { continue };
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer_hyper)));
    }
}

/// Serves forever with axum, to show its overhead.
pub async fn axum(listener: TcpListener) -> std::io::Result<()> {
    axum::serve(listener, axum::Router::new().route("/recording_landed", post(answer_axum))).await
}

async fn answer_hyper(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = request.into_body().collect().await.map(Collected::to_bytes).unwrap_or_default();
    let mut response = Response::new(Full::new(Bytes::from_static(b"{}")));
    *response.status_mut() = status(&body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

async fn answer_axum(body: Bytes) -> impl IntoResponse {
    (status(&body), [(CONTENT_TYPE, HeaderValue::from_static("application/json"))], "{}")
}

/// Parses the body. Returns `400 Bad Request` if a field is missing or empty.
fn status(body: &[u8]) -> StatusCode {
    let Ok(Body { data, metadata }) = serde_json::from_slice(body) else {
        return StatusCode::BAD_REQUEST;
    };
    let fields: [Cow<'_, str>; 3] = [data.message, metadata.dequeue_count, metadata.insertion_time];
    if fields.iter().any(|field| field.is_empty()) {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    }
}
