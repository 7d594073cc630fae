//! Counts requests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{Context, Request};

/// Counts every try, by method, last path segment and `comp`: `PUT entries`, `PUT vm-user tags`.
#[derive(Debug, Default)]
pub struct Tally(Mutex<BTreeMap<String, u64>>);

impl Tally {
    /// Counts by kind so far.
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sum of all counts.
    pub fn total(&self) -> u64 {
        self.counts().values().sum()
    }
}

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
impl Policy for Tally {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(label(request)).or_default() += 1;
        next[0].send(context, request, &next[1..]).await
    }
}

/// Method, and the last segment of the path without row keys: an emulator's path begins with the account.
fn label(request: &Request) -> String {
    let what = request.url().path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    let what = what.split('(').next().unwrap_or_default();
    let comp = request.url().query_pairs().find(|(key, _)| key == "comp").map(|(_, value)| format!(" {value}"));
    format!("{} {what}{}", request.method().as_ref(), comp.unwrap_or_default())
}
