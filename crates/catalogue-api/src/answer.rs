//! Response of the API: status, headers and body.

use domain::digest;

use crate::METHODS;
use crate::problem::ProblemKind;

/// Response, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiResponse {
    /// HTTP status code.
    pub status: u16,
    /// Header names in lower case, with their values.
    pub headers: Vec<(&'static str, String)>,
    /// Body; empty if the response has none.
    pub body: Vec<u8>,
}

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

/// `Retry-After` of a 503 response, in seconds.
const RETRY_AFTER: u32 = 5;

impl ApiResponse {
    /// Returns 200 with the document, or 304 if `if_none_match` lists its ETag.
    pub(crate) fn document(body: Vec<u8>, if_none_match: Option<&str>) -> Self {
        let etag = etag(&body);
        let is_known = if_none_match.is_some_and(|known| names(known, &etag));
        let mut headers = vec![("etag", etag)];
        if is_known {
            return Self { status: 304, headers: with_caching(headers), body: Vec::new() };
        }
        headers.push(("content-type", JSON.to_owned()));
        Self { status: 200, headers: with_caching(headers), body }
    }

    /// Returns the problem document with the headers of its status.
    pub(crate) fn problem(kind: &ProblemKind, path: &str) -> Self {
        let view = kind.view(path);
        let mut headers = vec![("content-type", PROBLEM.to_owned()), ("cache-control", "no-store".to_owned())];
        match view.status {
            405 => headers.push(("allow", METHODS.to_owned())),
            503 => headers.push(("retry-after", RETRY_AFTER.to_string())),
            _ => {}
        }
        headers.push(("x-content-type-options", "nosniff".to_owned()));
        let status = view.status;
        // A problem consists of texts and numbers, so its serialization cannot fail.
        Self { status, headers, body: serde_json::to_vec(&view).unwrap_or_default() }
    }

    /// Returns the problem for a request whose handler panicked.
    pub fn broken(path: &str) -> Self {
        Self::problem(&ProblemKind::Broken, path)
    }

    /// Returns the problem for a request that exceeded its deadline.
    pub fn unavailable(path: &str) -> Self {
        Self::problem(&ProblemKind::Unavailable, path)
    }

    /// Returns the response to `OPTIONS`, with the allowed methods.
    pub(crate) fn options() -> Self {
        Self { status: 204, headers: vec![("allow", METHODS.to_owned())], body: Vec::new() }
    }

    /// Replaces the body by its `content-length` if `method` is `HEAD`.
    pub(crate) fn without_body_for(mut self, method: &str) -> Self {
        if method == "HEAD" && !self.body.is_empty() {
            self.headers.push(("content-length", self.body.len().to_string()));
            self.body.clear();
        }
        self
    }

    /// Returns the value of a header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// Forbids shared caches and requires revalidation: responses are per reader and must show the current state.
fn with_caching(mut headers: Vec<(&'static str, String)>) -> Vec<(&'static str, String)> {
    headers.push(("cache-control", "private, no-cache".to_owned()));
    headers.push(("x-content-type-options", "nosniff".to_owned()));
    headers
}

/// Strong ETag, derived from a hash of the bytes.
fn etag(body: &[u8]) -> String {
    let digest = digest::hash_parts(&[body]);
    format!("\"{}\"", digest::hex(&digest[..16]))
}

/// Returns true if the `If-None-Match` list contains `etag`; a weak tag matches too, as RFC 9110 requires for reads.
fn names(list: &str, etag: &str) -> bool {
    let mut tags = list.split(',').map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_current_etag_is_answered_without_a_body() {
        let first = ApiResponse::document(b"{}".to_vec(), None);
        let tag = first.header("etag").unwrap();
        assert_eq!((first.status, first.header("cache-control")), (200, Some("private, no-cache")));
        for known in [tag.to_owned(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let second = ApiResponse::document(b"{}".to_vec(), Some(&known));
            assert_eq!((second.status, second.body.len(), second.header("etag")), (304, 0, Some(tag)), "{known}");
        }
        for other in ["", "\"x\"", tag.trim_matches('"')] {
            assert_eq!(ApiResponse::document(b"{}".to_vec(), Some(other)).status, 200, "{other}");
        }
        assert_eq!(ApiResponse::document(b"[]".to_vec(), Some(tag)).status, 200);
    }

    #[test]
    fn a_head_answer_has_only_the_length() {
        let head = ApiResponse::document(b"{\"a\":1}".to_vec(), None).without_body_for("HEAD");
        assert_eq!((head.status, head.body.len(), head.header("content-length")), (200, 0, Some("7")));
    }
}
