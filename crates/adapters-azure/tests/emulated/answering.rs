//! A wire that answers some requests itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use azure_core::http::headers::Headers;
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{AsyncRawResponse, Context, Method, Request, StatusCode};

/// Answers requests of one method whose URL holds a text as the service would, and counts all requests.
#[derive(Debug)]
pub struct Answering {
    method: Method,
    url_holds: &'static str,
    status: StatusCode,
    code: &'static str,
    seen: AtomicUsize,
}

impl Answering {
    /// Answers with this status and code.
    pub fn new(method: Method, url_holds: &'static str, status: StatusCode, code: &'static str) -> Arc<Self> {
        Arc::new(Self { method, url_holds, status, code, seen: AtomicUsize::new(0) })
    }

    /// How many requests came by.
    pub fn seen(&self) -> usize {
        self.seen.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Policy for Answering {
    #[expect(elided_lifetimes_in_paths, reason = "the trait leaves it out, and async-trait tells the two apart")]
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        self.seen.fetch_add(1, Ordering::Relaxed);
        if request.method() == self.method && request.url().as_str().contains(self.url_holds) {
            let mut headers = Headers::new();
            headers.insert("x-ms-error-code", self.code);
            return Ok(AsyncRawResponse::from_bytes(self.status, headers, ""));
        }
        next[0].send(context, request, &next[1..]).await
    }
}
