//! Status, headers, body.

use domain::digest;

use crate::METHODS;
use crate::problem::ProblemKind;

/// An answer, to be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers, in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty where there is none.
    pub body: Vec<u8>,
}

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

/// How long to wait before asking again, in seconds.
const RETRY_AFTER: u32 = 5;

impl Answer {
    /// A document, or that nothing has changed since the one that the reader has.
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

    /// What went wrong.
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
        // A problem is texts and numbers, which can always be written.
        Self { status, headers, body: serde_json::to_vec(&view).unwrap_or_default() }
    }

    /// What is answered where answering broke down.
    pub fn broken(path: &str) -> Self {
        Self::problem(&ProblemKind::Broken, path)
    }

    /// What is answered where answering took too long.
    pub fn unavailable(path: &str) -> Self {
        Self::problem(&ProblemKind::Unavailable, path)
    }

    /// Which methods there are.
    pub(crate) fn options() -> Self {
        Self { status: 204, headers: vec![("allow", METHODS.to_owned())], body: Vec::new() }
    }

    /// The same for `HEAD`: all but the body, of which the length is told.
    pub(crate) fn without_body_for(mut self, method: &str) -> Self {
        if method == "HEAD" && !self.body.is_empty() {
            self.headers.push(("content-length", self.body.len().to_string()));
            self.body.clear();
        }
        self
    }

    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// The answer is of one reader, and is asked for again each time: people look here for what is so now.
fn with_caching(mut headers: Vec<(&'static str, String)>) -> Vec<(&'static str, String)> {
    headers.push(("cache-control", "private, no-cache".to_owned()));
    headers.push(("x-content-type-options", "nosniff".to_owned()));
    headers
}

/// A strong one: the same bytes, and only they, have it.
fn etag(body: &[u8]) -> String {
    let digest = digest::of(&[body]);
    format!("\"{}\"", digest::hex(&digest[..16]))
}

/// Whether a list of tags names this one; a weak one counts too, as it does for reading.
fn names(list: &str, etag: &str) -> bool {
    let mut tags = list.split(',').map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_who_has_the_document_gets_none() {
        let first = Answer::document(b"{}".to_vec(), None);
        let tag = first.header("etag").unwrap();
        assert_eq!((first.status, first.header("cache-control")), (200, Some("private, no-cache")));
        for known in [tag.to_owned(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let second = Answer::document(b"{}".to_vec(), Some(&known));
            assert_eq!((second.status, second.body.len(), second.header("etag")), (304, 0, Some(tag)), "{known}");
        }
        for other in ["", "\"x\"", tag.trim_matches('"')] {
            assert_eq!(Answer::document(b"{}".to_vec(), Some(other)).status, 200, "{other}");
        }
        assert_eq!(Answer::document(b"[]".to_vec(), Some(tag)).status, 200);
    }

    #[test]
    fn head_tells_the_length_and_nothing_more() {
        let head = Answer::document(b"{\"a\":1}".to_vec(), None).without_body_for("HEAD");
        assert_eq!((head.status, head.body.len(), head.header("content-length")), (200, 0, Some("7")));
    }
}
