use std::fmt;

use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Response, StatusCode};
use url::Url;

/// Maximum number of bytes read of a response body.
pub const LONGEST_BODY: usize = 2048;

/// Response of a receiver. `Debug` redacts the body, because receivers echo requests.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After` header as received.
    pub retry_after: Option<String>,
    /// Target host of a redirect. Redirects are not followed.
    pub redirected_to: Option<String>,
    /// Start of the body, at most [`LONGEST_BODY`] bytes; shorter if the connection broke.
    pub body: Vec<u8>,
}

impl Reply {
    pub(super) async fn read(from: &Url, response: Response) -> Self {
        let headers = response.headers();
        Self {
            status: response.status().as_u16(),
            retry_after: text(headers, header::RETRY_AFTER).map(str::to_owned),
            redirected_to: redirect_host(from, response.status(), headers),
            body: beginning(response).await,
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Returns only the host of the location, because the rest can be a credential.
fn redirect_host(from: &Url, status: StatusCode, headers: &HeaderMap) -> Option<String> {
    let location = text(headers, header::LOCATION).filter(|_| status.is_redirection())?;
    from.join(location).ok()?.host_str().map(str::to_owned)
}

/// Reads the start of the body. The status is already known, so a slow or broken body is cut and does not fail the
/// call.
async fn beginning(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < LONGEST_BODY
        && let Ok(Some(chunk)) = response.chunk().await
    {
        let room = LONGEST_BODY - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    body
}
