//! HTTP trigger: the read API. The host checks the function key of the caller.

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Response, header};
use catalogue_api::{Answered, Api, ApiResponse};
use pipeline::{Archivist, CatalogueReader};
use tracing::{Instrument, info_span};

use crate::invocation::instrumentation::CallSpan;
use crate::invocation::{Caller, Counts, Deadline, InvocationOutcome, NoAnswer, invocation_id, with_deadline};

/// Function name: folder and span.
pub const FUNCTION: &str = "catalogue_query";

/// Longest part of a path to log, in bytes.
const PATH_LOGGED: usize = 200;

/// Answers a request, also after a panic or a timeout, and logs the caller.
pub async fn run(archivist: &Archivist, counts: &Counts, request: Request) -> Response<Body> {
    let span = info_span!("catalogue_query", invocation = invocation_id(request.headers()));
    let (head, _) = request.into_parts();
    let watched = CallSpan::of_a_request(FUNCTION, &span, &head, "/api/v1/{*path}");
    let response = answer(archivist, counts, &head).instrument(span).await;
    watched.answered(response.status());
    response
}

async fn answer(archivist: &Archivist, counts: &Counts, head: &Parts) -> Response<Body> {
    let CatalogueReader { catalogue, sessions, checkpoints, estate, reviews, time_zone, now: begun, .. } =
        archivist.reading();
    let (who, if_none_match) = (Caller::from_headers(&head.headers), joined(&head.headers));
    let (method, path) = (head.method.as_str(), head.uri.path());
    let asked =
        catalogue_api::ApiRequest { method, path, query: head.uri.query(), if_none_match: if_none_match.as_deref() };
    let version = env!("CARGO_PKG_VERSION");
    let api = Api { catalogue, sessions, checkpoints, estate, reviews, time_zone, now: begun, version };
    let answered = with_deadline(Deadline::of_a_request(), api.answer(&asked)).await;
    let Answered { answer, parameters } = answered.unwrap_or_else(|why| {
        let answer = match why {
            NoAnswer::Panicked => ApiResponse::broken(path),
            NoAnswer::TooLate => ApiResponse::unavailable(path),
        };
        Answered { answer, parameters: String::new() }
    });
    let took = archivist.reading().now.duration_since(begun);
    let path = path.get(..PATH_LOGGED).unwrap_or(path);
    let (principal, client) = (who.principal, who.client);
    let (status, ms) = (answer.status, i64::try_from(took.as_millis()).unwrap_or(i64::MAX));
    tracing::info!(function = FUNCTION, method, path, parameters, principal, client, status, ms, "catalogue read");
    let response = response(answer);
    counts.add(FUNCTION, InvocationOutcome::of_a_request(response.status()));
    response
}

/// Joins several headers of this name into one list.
fn joined(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    values.map(str::to_owned).reduce(|list, value| format!("{list}, {value}"))
}

fn response(answer: ApiResponse) -> Response<Body> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(*name, HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static("")));
    }
    // Status and header names are fixed, so the response can always be built.
    response.body(Body::from(answer.body)).unwrap_or_default()
}
