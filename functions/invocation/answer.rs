//! One call from its first byte to its answer: body limit, deadline, span, panics.

use std::panic::AssertUnwindSafe;

use axum::body::{Body, Bytes};
use axum::http::Request;
use futures_util::FutureExt;
use tracing::{Instrument, Span};

use super::{Counts, Deadline, Outcome};
use crate::watched::CallSpan;

/// The largest request body that is read, in bytes. Queue messages hold 64 KiB, batches of events 1 MiB.
pub const BODY_LIMIT: usize = 16 * 1024 * 1024;

const INVOCATION_ID: &str = "x-azure-functions-invocationid";

/// Reads the body, runs the function on it, and answers whatever happens.
///
/// Everything is logged in `span`. A panic ends the call, not the
/// process; a call that would outlast its deadline is given up, and the platform delivers its input again.
pub async fn answer(
    function: &'static str,
    span: Span,
    counts: &Counts,
    request: Request<Body>,
    run: impl AsyncFnOnce(Bytes, Deadline) -> Outcome,
) -> Outcome {
    let deadline = Deadline::of_a_call();
    let watched = CallSpan::begin(function, &span, invocation_id(&request), request.headers());
    let call = async {
        // The body comes from this machine: whoever stops sending it closes the connection, which ends the wait.
        let Ok(body) = axum::body::to_bytes(request.into_body(), BODY_LIMIT).await else {
            tracing::warn!(limit = BODY_LIMIT, "request body broken off or too large");
            counts.add(function, Outcome::Transient("body_not_read"));
            return Ok(Outcome::Transient("body_not_read"));
        };
        tokio::time::timeout_at(deadline.at(), run(body, deadline)).await
    };
    let outcome = async {
        match AssertUnwindSafe(call).catch_unwind().await {
            Ok(Ok(outcome)) => return outcome,
            Ok(Err(_)) => tracing::error!("call given up at its deadline"),
            Err(_) => {
                tracing::error!("call panicked");
                counts.add(function, Outcome::Panicked);
                return Outcome::Panicked;
            }
        }
        counts.add(function, Outcome::Transient("deadline"));
        Outcome::Transient("deadline")
    };
    let outcome = outcome.instrument(span).await;
    watched.end(outcome);
    outcome
}

/// The id that the host gave this call; empty where it gave none.
pub fn invocation_id(request: &Request<Body>) -> &str {
    request.headers().get(INVOCATION_ID).and_then(|id| id.to_str().ok()).unwrap_or_default()
}
