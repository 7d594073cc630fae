//! Enforces conditions on tags, which the service does and the emulator does not.

use std::sync::Arc;

use adapters_azure::{AzureBlobs, Policy};
use async_trait::async_trait;
use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::policies::PolicyResult;
use azure_core::http::{AsyncRawResponse, Context, Request, StatusCode};
use domain::address::BlobAddress;
use domain::record::tags::TagSet;
use pipeline::ports::BlobStore;

/// Answers a request about this blob as the service does if the blob's tags do not meet the condition.
#[derive(Debug)]
pub struct Conditions {
    pub blobs: Arc<AzureBlobs>,
    pub blob: BlobAddress,
}

/// True if the tags meet `"key" = 'value' AND …`.
fn is_met(condition: &str, tags: &TagSet) -> bool {
    condition.split(" AND ").all(|term| {
        let (key, value) = term.split_once(" = ").unwrap();
        tags.0.get(key.trim_matches('"')).is_some_and(|now| now == value.trim_matches('\''))
    })
}

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "as the SDK declares the trait")]
impl Policy for Conditions {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        let condition = request.headers().get_optional_str(&HeaderName::from_static("x-ms-if-tags"));
        if let Some(condition) = condition.map(str::to_owned)
            && let Some(tags) = self.blobs.tags(&self.blob).await.unwrap()
            && !is_met(&condition, &tags)
        {
            let mut headers = Headers::new();
            headers.insert("x-ms-error-code", "ConditionNotMet");
            return Ok(AsyncRawResponse::from_bytes(StatusCode::PreconditionFailed, headers, ""));
        }
        next[0].send(context, request, &next[1..]).await
    }
}
