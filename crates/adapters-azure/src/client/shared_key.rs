//! Shared key authorization for an emulator on this machine; the official SDK does not have it.
//!
//! Written after "Authorize with Shared Key" in the storage services' REST documentation.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::Error;
use azure_core::credentials::Secret;
use azure_core::error::ErrorKind;
use azure_core::hmac::hmac_sha256;
use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{Context, Request};
use domain::cloud::CalledService;
use jiff::fmt::rfc2822::DateTimePrinter;
use pipeline::ports::Clock;

use super::forward::forward;

const DATES: DateTimePrinter = DateTimePrinter::new();

/// Signs every try anew, because the signature covers the date.
pub(super) struct SharedKey {
    service: CalledService,
    account: String,
    key: Secret,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for SharedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedKey").field("account", &self.account).finish_non_exhaustive()
    }
}

/// Headers signed by value alone, in the order of the signature.
const SIGNED: [&str; 11] = [
    "content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
    "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range",
];

impl SharedKey {
    pub(super) fn new(service: CalledService, account: String, key: Secret, clock: Arc<dyn Clock>) -> Self {
        Self { service, account, key, clock }
    }

    fn text_to_sign(&self, request: &Request) -> String {
        let headers = request.headers();
        let mut text = format!("{}\n", request.method().as_ref());
        let resource = format!("/{}{}", self.account, request.url().path());
        if self.service == CalledService::Table {
            for name in ["content-md5", "content-type", "x-ms-date"] {
                text.push_str(value(headers, name));
                text.push('\n');
            }
            return text + &resource;
        }
        for name in SIGNED {
            // A length of zero is signed as if it were absent.
            text.push_str(
                Some(value(headers, name)).filter(|value| (name, *value) != ("content-length", "0")).unwrap_or(""),
            );
            text.push('\n');
        }
        let mut own: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        own.retain(|(name, _)| name.starts_with("x-ms-"));
        own.sort_unstable();
        for (name, value) in own {
            text.push_str(&format!("{name}:{}\n", value.trim()));
        }
        text.push_str(&resource);
        let mut query: Vec<_> = request.url().query_pairs().collect();
        query.sort_unstable();
        for (key, value) in query {
            text.push_str(&format!("\n{}:{value}", key.to_lowercase()));
        }
        text
    }
}

fn value<'a>(headers: &'a Headers, name: &'static str) -> &'a str {
    headers.get_optional_str(&HeaderName::from_static(name)).unwrap_or_default()
}

#[async_trait]
impl Policy for SharedKey {
    #[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        let now = DATES
            .timestamp_to_rfc9110_string(&self.clock.now())
            .map_err(|error| Error::new(ErrorKind::DataConversion, error))?;
        request.insert_header("x-ms-date", now);
        if let Some(length) = request.body().len().filter(|length| *length > 0) {
            request.insert_header("content-length", length.to_string());
        }
        let signature = hmac_sha256(&self.text_to_sign(request), &self.key)?;
        request.insert_header("authorization", format!("SharedKey {}:{signature}", self.account));
        forward(context, request, next).await
    }
}

#[cfg(test)]
mod tests {
    use adapters_local::SystemClock;
    use azure_core::http::{Method, Url};

    use super::*;

    fn signature(
        service: CalledService,
        method: Method,
        url: &str,
        headers: &[(&'static str, &'static str)],
    ) -> String {
        let key = Secret::new("bm90IGEgc2VjcmV0");
        let mut request = Request::new(Url::parse(url).unwrap(), method);
        headers.iter().for_each(|(name, value)| request.insert_header(*name, *value));
        let policy = SharedKey::new(service, "archivist000".to_owned(), key.clone(), Arc::new(SystemClock));
        hmac_sha256(&policy.text_to_sign(&request), &key).unwrap()
    }

    /// The expected signatures were computed by another program from the text the documentation describes.
    #[test]
    fn signatures_are_those_of_the_documentation() {
        let url = "http://127.0.0.1:10000/archivist000/recordings/a%20b%2Fc?timeout=5&versionid=a%2Fb%20c&comp=tags";
        let blob = [
            ("x-ms-version", "2026-04-06"),
            ("content-type", "application/xml"),
            ("x-ms-date", "Mon, 02 Mar 2026 09:00:00 GMT"),
            ("content-length", "3"),
            ("x-ms-blob-if-match", "\"0x8D\""),
            ("user-agent", "not signed"),
        ];
        assert_eq!(
            signature(CalledService::Blob, Method::Put, url, &blob),
            "vi1pXl4INf+K246f3/8ZKKFQoX9ujRKFjbeR+qeunXQ="
        );
        assert_eq!(
            signature(CalledService::Queue, Method::Put, url, &blob),
            "vi1pXl4INf+K246f3/8ZKKFQoX9ujRKFjbeR+qeunXQ="
        );
        let url = "http://127.0.0.1:10002/archivist000/entries(PartitionKey='p',RowKey='r')?$select=a";
        let table = [
            ("x-ms-version", "2020-12-06"),
            ("content-type", "application/json"),
            ("x-ms-date", "Mon, 02 Mar 2026 09:00:00 GMT"),
        ];
        assert_eq!(
            signature(CalledService::Table, Method::Get, url, &table),
            "5R/p7SHe2f5wXE6uuXU9VyM4p0ehsFOZnStv28Tg5HA="
        );
    }

    /// Storage signs a length of zero as an empty value.
    #[test]
    fn a_length_of_zero_is_not_signed() {
        let signed = |headers| signature(CalledService::Blob, Method::Put, "http://127.0.0.1/a/b", headers);
        assert_eq!(signed(&[("content-length", "0")]), signed(&[]));
        assert_ne!(signed(&[("content-length", "1")]), signed(&[]));
    }
}
