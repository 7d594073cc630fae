//! Responses of the web pages, with their security headers.

use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use catalogue_page::{Template, html, keep_zone};
use domain::digest;

use crate::invocation::RequestOutcome;

/// Content security policy: own styles, own images and own forms only. No scripts, no frames, no content of
/// other sites.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";

const GUARDS: [(&str, &str); 6] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// An answer before it becomes a response.
pub struct PageResponse {
    /// Outcome of the request.
    pub outcome: RequestOutcome,
    /// Name of the reader, if the platform knows it.
    pub reader: Option<String>,
    kind: &'static str,
    body: String,
    is_asset: bool,
    file_name: Option<String>,
    moved_to: Option<String>,
}

impl PageResponse {
    /// Renders a page. Returns a failure page if rendering fails.
    pub fn page(outcome: RequestOutcome, page: &impl Template) -> Self {
        match html(page) {
            Ok(body) => Self::new(outcome, HTML, body),
            Err(error) => {
                tracing::error!(%error, "page not rendered");
                Self::failed("The page cannot be shown.")
            }
        }
    }

    /// Static file of the pages, which is public.
    pub fn asset(text: &'static str, kind: &'static str) -> Self {
        Self { is_asset: true, ..Self::new(RequestOutcome::Answered, kind, text.to_owned()) }
    }

    /// CSV file with this name, which consists of plain ASCII letters.
    pub fn download(name: &str, body: String) -> Self {
        let kind = "text/csv; charset=utf-8; header=present";
        Self { file_name: Some(name.to_owned()), ..Self::new(RequestOutcome::Answered, kind, body) }
    }

    /// Redirect to another address of the same origin, percent-encoded.
    pub fn moved(to: String) -> Self {
        Self { moved_to: Some(to), ..Self::new(RequestOutcome::Moved, HTML, String::new()) }
    }

    /// Failure page with one sentence; reads nothing.
    pub fn failed(what: &'static str) -> Self {
        let body = format!("<!doctype html><html lang=\"en\"><title>Bastion Archivist</title><p>{what}</p></html>");
        Self::new(RequestOutcome::Unavailable, HTML, body)
    }

    fn new(outcome: RequestOutcome, kind: &'static str, body: String) -> Self {
        Self { outcome, reader: None, kind, body, is_asset: false, file_name: None, moved_to: None }
    }

    /// Answer to a method other than GET and HEAD.
    pub fn not_allowed() -> Self {
        Self { outcome: RequestOutcome::BadMethod, ..Self::failed("Pages are read-only.") }
    }

    /// Keeps the selected time zone in the links and forms of a page.
    pub fn in_zone(mut self, zone: Option<&str>) -> Self {
        if let Some(zone) = zone.filter(|_| self.kind == HTML) {
            self.body = keep_zone(&self.body, zone);
        }
        self
    }

    /// Sets the name of the reader.
    pub fn read_by(self, reader: Option<String>) -> Self {
        Self { reader, ..self }
    }

    /// Builds the response to a request with these headers. It has no body if `head_only` is set or the
    /// client's ETag matches.
    pub fn respond(self, asked: &HeaderMap, head_only: bool) -> Response {
        let tag = format!("\"{}\"", digest::hex(&digest::hash_parts(&[self.body.as_bytes()])));
        let is_known = self.outcome == RequestOutcome::Answered
            && asked.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
        let cached = if self.is_asset { "public, max-age=300" } else { "private, no-cache" };
        let body = if head_only || is_known { Body::empty() } else { Body::from(self.body) };
        let mut response = Response::new(body);
        *response.status_mut() = if is_known { RequestOutcome::NotModified } else { self.outcome }.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cached));
        headers.extend(HeaderValue::try_from(tag).ok().map(|tag| (ETAG, tag)));
        headers.extend(GUARDS.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))));
        let disposition = self.file_name.map(|name| format!("attachment; filename=\"{name}\""));
        let disposition = disposition.and_then(|text| HeaderValue::try_from(text).ok());
        headers.extend(disposition.map(|text| (CONTENT_DISPOSITION, text)));
        let location = self.moved_to.and_then(|to| HeaderValue::try_from(to).ok());
        headers.extend(location.map(|to| (LOCATION, to)));
        if self.outcome == RequestOutcome::BadMethod {
            headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        response
    }
}
