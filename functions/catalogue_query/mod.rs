//! HTTP: the read API. Whoever calls has the function key, which the host asks for.

use std::panic::AssertUnwindSafe;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Response, header};
use catalogue_api::{Answer, Answered, Api};
use futures_util::FutureExt;
use pipeline::{Archivist, Reading};

use crate::invocation::{Counts, Deadline, Outcome, Who};

/// The function's name: its folder, its span.
pub const FUNCTION: &str = "catalogue_query";

/// How much of a path is logged, in bytes.
const PATH_LOGGED: usize = 200;

/// Answers, whatever happens, and logs who asked for what.
pub async fn run(archivist: &Archivist, counts: &Counts, request: Request) -> Response<Body> {
    let Reading { catalogue, sessions, checkpoints, estate, now: begun, .. } = archivist.reading();
    let (head, _) = request.into_parts();
    let (who, if_none_match) = (Who::of(&head.headers), joined(&head.headers));
    let (method, path) = (head.method.as_str(), head.uri.path());
    let asked =
        catalogue_api::Request { method, path, query: head.uri.query(), if_none_match: if_none_match.as_deref() };
    let api = Api { catalogue, sessions, checkpoints, estate, now: begun, version: env!("CARGO_PKG_VERSION") };
    let answered = AssertUnwindSafe(api.answer(&asked)).catch_unwind();
    let Answered { answer, parameters } = match tokio::time::timeout_at(Deadline::of_a_request().at(), answered).await {
        Ok(Ok(answered)) => answered,
        Ok(Err(_)) => {
            tracing::error!("call panicked");
            Answered { answer: Answer::broken(path), parameters: String::new() }
        }
        Err(_) => {
            tracing::error!("call given up at its deadline");
            Answered { answer: Answer::unavailable(path), parameters: String::new() }
        }
    };
    let took = archivist.reading().now.duration_since(begun);
    let path = path.get(..PATH_LOGGED).unwrap_or(path);
    let (principal, client) = (who.principal, who.client);
    let (status, ms) = (answer.status, i64::try_from(took.as_millis()).unwrap_or(i64::MAX));
    tracing::info!(function = FUNCTION, method, path, parameters, principal, client, status, ms, "catalogue read");
    counts.add(FUNCTION, outcome(&answer));
    response(answer)
}

fn outcome(answer: &Answer) -> Outcome {
    match answer.status {
        ..400 => Outcome::Applied,
        400..500 => Outcome::Ignored("refused"),
        _ => Outcome::Transient("not_answered"),
    }
}

/// More than one header of this name is one list.
fn joined(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    values.map(str::to_owned).reduce(|list, value| format!("{list}, {value}"))
}

fn response(answer: Answer) -> Response<Body> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(*name, HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static("")));
    }
    // Status and names of headers are ours, and can be sent.
    response.body(Body::from(answer.body)).unwrap_or_default()
}
