//! From a page to a response: what every one of them says of itself.

use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use catalogue_page::{Template, html};
use domain::digest;

/// What a browser may do with a page: show it, with our own style and pictures, and send our own forms. No script, no
/// frame, nothing of anybody else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const GUARDS: [(&str, &str); 6] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// What is to be answered.
pub struct Answer {
    /// How it went.
    pub status: StatusCode,
    /// Who reads it, where the platform says so.
    pub reader: Option<String>,
    kind: &'static str,
    body: String,
    is_asset: bool,
}

impl Answer {
    /// A page.
    pub fn page(status: StatusCode, page: &impl Template) -> Self {
        match html(page) {
            Ok(body) => Self { status, reader: None, kind: "text/html; charset=utf-8", body, is_asset: false },
            Err(error) => {
                tracing::error!(%error, "page not rendered");
                Self::failed("The page cannot be shown.")
            }
        }
    }

    /// What pages load besides themselves; there is nothing in it that not everybody may see.
    pub fn asset(text: &'static str, kind: &'static str) -> Self {
        Self { status: StatusCode::OK, reader: None, kind, body: text.to_owned(), is_asset: true }
    }

    /// A page that says that it failed, in a sentence, and looks at nothing.
    pub fn failed(what: &'static str) -> Self {
        let body = format!("<!doctype html><html lang=\"en\"><title>Bastion Archivist</title><p>{what}</p></html>");
        let (status, kind) = (StatusCode::SERVICE_UNAVAILABLE, "text/html; charset=utf-8");
        Self { status, reader: None, kind, body, is_asset: false }
    }

    /// What is answered to whoever wants to write.
    pub fn not_allowed() -> Self {
        Self { status: StatusCode::METHOD_NOT_ALLOWED, ..Self::failed("Pages are only read.") }
    }

    /// The same, with who reads it.
    pub fn read_by(self, reader: Option<String>) -> Self {
        Self { reader, ..self }
    }

    /// The response to a request with these headers; without a body where only the head was asked for.
    pub fn respond(self, asked: &HeaderMap, head_only: bool) -> Response {
        let tag = format!("\"{}\"", digest::hex(&digest::of(&[self.body.as_bytes()])));
        let is_known = self.status == StatusCode::OK
            && asked.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
        let cached = if self.is_asset { "public, max-age=300" } else { "private, no-cache" };
        let body = if head_only || is_known { Body::empty() } else { Body::from(self.body) };
        let mut response = Response::new(body);
        *response.status_mut() = if is_known { StatusCode::NOT_MODIFIED } else { self.status };
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cached));
        headers.extend(HeaderValue::try_from(tag).ok().map(|tag| (ETAG, tag)));
        headers.extend(GUARDS.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))));
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        response
    }
}
