//! Hides differences of the emulator: dates from another clock, and missing checks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use adapters_azure::Policy;
use async_trait::async_trait;
use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::policies::PolicyResult;
use azure_core::http::{AsyncRawResponse, Context, Method, Request, StatusCode};
use domain::record::blob::ETag;
use jiff::Timestamp;

use crate::promises::takings::element;

/// Properties under which a blob appears.
#[derive(Debug, Clone)]
pub struct Shown {
    pub etag: ETag,
    pub created_at: Timestamp,
    pub last_modified: Timestamp,
}

/// Replacements of the service's ETags and dates, by the service's ETag. They make ids, which depend on both, equal
/// in every run.
#[derive(Debug, Default)]
pub struct Dates(Mutex<BTreeMap<ETag, Shown>>);

impl Dates {
    pub fn show(&self, of_service: ETag, shown: Shown) {
        self.0.lock().unwrap().insert(of_service, shown);
    }

    /// Shows this content under the service's own ETag from now on and returns it: conditional reads are checked
    /// against it.
    pub fn keep_etag(&self, shown: &ETag) -> ETag {
        let mut known = self.0.lock().unwrap();
        let (of_service, content) = known.iter_mut().find(|(_, content)| content.etag == *shown).unwrap();
        content.etag = of_service.clone();
        of_service.clone()
    }

    /// True for a write of tags whose ETag condition the service would reject; the emulator ignores the condition.
    /// The archivist always names an ETag that was shown.
    fn is_held_back(&self, request: &Request) -> bool {
        let condition = request.headers().get_optional_str(&HeaderName::from_static("x-ms-blob-if-match"));
        let named = condition.map(|condition| (condition.starts_with('"'), ETag::new(condition)));
        let known = named
            .is_some_and(|(quoted, etag)| quoted && self.0.lock().unwrap().values().any(|shown| shown.etag == etag));
        request.method() == Method::Put && request.url().query() == Some("comp=tags") && !known
    }

    /// Replaces ETags and dates in a listing.
    fn shown_in(&self, listing: &str) -> String {
        let mut blobs = listing.split_inclusive("</Blob>").map(str::to_owned).collect::<Vec<_>>();
        for blob in &mut blobs {
            let shown = element(blob, "Etag").and_then(|etag| self.0.lock().unwrap().get(&ETag::new(&etag)).cloned());
            let Some(Shown { etag, created_at, last_modified }) = shown else { continue };
            let [created_at, last_modified] = [created_at, last_modified].map(date);
            let shown = [("Etag", etag.as_str()), ("Creation-Time", &created_at), ("Last-Modified", &last_modified)];
            for (name, value) in shown {
                let told = element(blob, name).unwrap();
                *blob = blob.replace(&format!("<{name}>{told}<"), &format!("<{name}>{value}<"));
            }
        }
        blobs.concat()
    }

    fn shown(&self, headers: &Headers) -> Option<Shown> {
        let told = headers.get_optional_str(&HeaderName::from_static("etag"))?;
        self.0.lock().unwrap().get(&ETag::new(told)).cloned()
    }
}

#[async_trait]
#[expect(elided_lifetimes_in_paths, reason = "as the SDK declares the trait")]
impl Policy for Dates {
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        if self.is_held_back(request) {
            return Ok(AsyncRawResponse::from_bytes(StatusCode::PreconditionFailed, Headers::new(), ""));
        }
        let answer = next[0].send(context, request, &next[1..]).await?;
        if request.url().query().is_some_and(|query| query.contains("comp=list")) {
            let (status, headers, body) = answer.deconstruct();
            let body = body.collect().await?;
            let listing = self.shown_in(&String::from_utf8_lossy(&body));
            return Ok(AsyncRawResponse::from_bytes(status, headers, listing));
        }
        let shown = self.shown(answer.headers()).filter(|_| request.method() == Method::Head);
        let Some(Shown { etag, created_at, last_modified }) = shown else {
            return Ok(answer);
        };
        let mut headers = answer.headers().clone();
        headers.insert("etag", format!("\"{}\"", etag.as_str()));
        headers.insert("x-ms-creation-time", date(created_at));
        headers.insert("last-modified", date(last_modified));
        Ok(AsyncRawResponse::from_bytes(answer.status(), headers, ""))
    }
}

fn date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
