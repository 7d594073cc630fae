//! Parses failures of the table service, which has its error code in the body.

use azure_core::error::ErrorKind;
use azure_core::http::{RawResponse, StatusCode};
use serde::Deserialize;

use crate::client::Failure;

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "odata.error")]
    error: WireError,
}

#[derive(Deserialize)]
struct WireError {
    code: String,
}

fn code(body: &[u8]) -> Option<String> {
    serde_json::from_slice(body).ok().map(|wire: Wire| wire.error.code)
}

/// Converts a failed response.
pub(super) fn failure(response: RawResponse) -> Failure {
    let status = response.status();
    failure_of(status, response.body().to_vec().as_slice(), Some(response))
}

/// Converts a failed answer within the response of a transaction.
pub(super) fn failure_of(status: StatusCode, body: &[u8], response: Option<RawResponse>) -> Failure {
    let kind = ErrorKind::HttpResponse { status, error_code: code(body), raw_response: response.map(Box::new) };
    Failure::from(kind.into_error())
}
