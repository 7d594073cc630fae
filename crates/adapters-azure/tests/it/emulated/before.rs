//! Runs an action of another party just before a request.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use adapters_azure::Policy;
use async_trait::async_trait;
use azure_core::http::headers::HeaderName;
use azure_core::http::policies::PolicyResult;
use azure_core::http::{Context, Method, Request};
use futures_util::future::BoxFuture;

/// Runs an action once, before the chosen request.
pub struct Before {
    meant: Meant,
    done: Mutex<Option<BoxFuture<'static, ()>>>,
    seen: AtomicUsize,
}

enum Meant {
    Number(usize),
    DeletionOfBlob,
}

impl Before {
    /// Runs before the request with this number, starting with 1.
    pub fn number(number: usize, done: BoxFuture<'static, ()>) -> Self {
        Self::new(Meant::Number(number), done)
    }

    /// Runs before the deletion of a recording.
    pub fn deletion(done: BoxFuture<'static, ()>) -> Self {
        Self::new(Meant::DeletionOfBlob, done)
    }

    fn new(meant: Meant, done: BoxFuture<'static, ()>) -> Self {
        Self { meant, done: Mutex::new(Some(done)), seen: AtomicUsize::new(0) }
    }

    /// Number of requests so far.
    pub fn seen(&self) -> usize {
        self.seen.load(Ordering::Relaxed)
    }

    /// Runs the action now if the chosen request never came.
    pub async fn or_after(&self) {
        let done = self.done.lock().unwrap().take();
        if let Some(done) = done {
            done.await;
        }
    }
}

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "as the SDK declares the trait")]
impl Policy for Before {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        let number = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        let is_meant = match &self.meant {
            Meant::Number(meant) => number == *meant,
            Meant::DeletionOfBlob => {
                let condition = request.headers().get_optional_str(&HeaderName::from_static("x-ms-if-tags"));
                request.method() == Method::Delete && condition.is_some()
            }
        };
        if is_meant {
            self.or_after().await;
        }
        next[0].send(context, request, &next[1..]).await
    }
}

impl fmt::Debug for Before {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Before({} seen)", self.seen())
    }
}
