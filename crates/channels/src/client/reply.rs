use std::fmt;

use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Response, StatusCode};
use url::Url;

/// How much of an answer's body is read, in bytes.
pub const LONGEST_BODY: usize = 2048;

/// What a receiver answered. `Debug` does not show the body: receivers echo what they were sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The `Retry-After` header as it came.
    pub retry_after: Option<String>,
    /// The host that a redirect leads to. It is not followed.
    pub redirected_to: Option<String>,
    /// The beginning of the body, at most [`LONGEST_BODY`] bytes; less where the connection broke meanwhile.
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

/// The host is all that may be told of the new location: the rest of it can be a credential too.
fn redirect_host(from: &Url, status: StatusCode, headers: &HeaderMap) -> Option<String> {
    let location = text(headers, header::LOCATION).filter(|_| status.is_redirection())?;
    from.join(location).ok()?.host_str().map(str::to_owned)
}

/// The status has been read, so a body that breaks off or comes too slowly changes nothing but itself.
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
