//! Limits the duration of a whole call.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{Context, Request};

use super::forward::forward;

/// Ends a call that takes too long, with all its tries. The SDK checks the time only before it waits.
#[derive(Debug)]
pub(super) struct TimeLimit(pub(super) Duration);

#[async_trait]
impl Policy for TimeLimit {
    #[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        let answered = tokio::time::timeout(self.0, forward(context, request, next)).await;
        answered.unwrap_or_else(|_| {
            let message = format!("no answer within {} s", self.0.as_secs_f32());
            Err(Error::with_message(ErrorKind::Io, message))
        })
    }
}
