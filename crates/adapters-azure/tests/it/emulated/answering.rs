//! A transport with some canned answers.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use azure_core::http::headers::Headers;
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{AsyncRawResponse, Context, Request, StatusCode};

/// Answers matching requests as the service would, and counts all requests.
pub struct Answering {
    answers: Box<dyn Fn(&Request) -> bool + Send + Sync>,
    status: StatusCode,
    code: &'static str,
    seen: AtomicUsize,
}

impl Answering {
    /// Answers matching requests with this status and error code.
    pub fn to(
        answers: impl Fn(&Request) -> bool + Send + Sync + 'static,
        status: StatusCode,
        code: &'static str,
    ) -> Arc<Self> {
        Arc::new(Self { answers: Box::new(answers), status, code, seen: AtomicUsize::new(0) })
    }

    /// Number of requests so far.
    pub fn seen(&self) -> usize {
        self.seen.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Policy for Answering {
    #[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        self.seen.fetch_add(1, Ordering::Relaxed);
        if (self.answers)(request) {
            let mut headers = Headers::new();
            headers.insert("x-ms-error-code", self.code);
            return Ok(AsyncRawResponse::from_bytes(self.status, headers, ""));
        }
        next[0].send(context, request, &next[1..]).await
    }
}

impl fmt::Debug for Answering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answering({})", self.code)
    }
}
