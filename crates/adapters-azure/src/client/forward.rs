//! Forwards a request along the policies.

use std::sync::Arc;

use azure_core::error::{Error, ErrorKind};
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{Context, Request};

/// Hands the request to the next policy.
pub(super) async fn forward(context: &Context<'_>, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
    let Some((following, rest)) = next.split_first() else {
        return Err(Error::with_message(ErrorKind::Other, "no transport follows"));
    };
    following.send(context, request, rest).await
}
