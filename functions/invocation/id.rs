//! Id of a call.

use axum::http::HeaderMap;

const INVOCATION_ID: &str = "x-azure-functions-invocationid";

/// Returns the host's id of this call, or an empty text.
pub fn invocation_id(headers: &HeaderMap) -> &str {
    headers.get(INVOCATION_ID).and_then(|id| id.to_str().ok()).unwrap_or_default()
}
