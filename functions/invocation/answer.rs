//! One call, from request to answer: body limit, deadline, span, panics.

use axum::body::{Body, Bytes};
use axum::http::Request;
use tracing::{Instrument, Span};

use super::id::invocation_id;
use super::instrumentation::CallSpan;
use super::with_deadline::with_deadline;
use super::{Counts, Deadline, InvocationOutcome};

/// Largest request body, in bytes. Queue messages have up to 64 KiB, event batches up to 1 MiB.
pub const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Input of one call of a function.
#[derive(Debug)]
pub struct Call {
    /// Body of the host's request.
    pub body: Bytes,
    /// Deadline of the call.
    pub deadline: Deadline,
}

/// Reads the body, runs the function, and always answers.
///
/// Logs in `span`. A panic ends the call, not the process. A call is cancelled at its deadline, and the
/// platform delivers its input again.
pub async fn answer(
    function: &'static str,
    span: Span,
    counts: &Counts,
    request: Request<Body>,
    run: impl AsyncFnOnce(Call) -> InvocationOutcome,
) -> InvocationOutcome {
    let deadline = Deadline::of_a_call(function);
    let watched = CallSpan::begin(function, &span, invocation_id(request.headers()), request.headers());
    let call = async {
        let Ok(body) = axum::body::to_bytes(request.into_body(), BODY_LIMIT).await else {
            tracing::warn!(limit = BODY_LIMIT, "request body incomplete or too large");
            counts.add(function, InvocationOutcome::Transient("body_not_read"));
            return InvocationOutcome::Transient("body_not_read");
        };
        run(Call { body, deadline }).await
    };
    let outcome = with_deadline(deadline, call).instrument(span).await.unwrap_or_else(|why| {
        counts.add(function, why.into());
        why.into()
    });
    watched.end(outcome);
    outcome
}
