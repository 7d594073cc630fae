//! Records the storage time of every answer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{Context, Request};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::StorageTime;
use tokio::time::Instant;

use super::forward::forward;

/// Longest age of an answer that still counts. The monotonic clock that bridges it stands still while a machine
/// sleeps.
const COUNTS_FOR: Duration = Duration::from_secs(600);

/// `Date` of the latest answer, with the monotonic time of its arrival.
#[derive(Debug, Clone, Default)]
pub(crate) struct ServerDate(Arc<Mutex<Option<(Timestamp, Instant)>>>);

impl ServerDate {
    /// Returns the present time by the latest answer, or `NotReceived` if it is older than [`COUNTS_FOR`].
    pub(crate) fn time(&self) -> StorageTime {
        let server_date = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = server_date.and_then(|(date, at)| {
            let since = Some(at.elapsed()).filter(|since| *since <= COUNTS_FOR)?;
            date.saturating_add(SignedDuration::try_from(since).ok()?).ok()
        });
        now.map_or(StorageTime::NotReceived, StorageTime::Known)
    }

    fn receive(&self, date: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((date, Instant::now()));
    }
}

/// Records the date of every answer: refusals carry it as well.
#[async_trait]
impl Policy for ServerDate {
    #[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        let response = forward(context, request, next).await?;
        if let Some(date) = date(response.headers()) {
            self.receive(date);
        }
        Ok(response)
    }
}

/// Parses the `Date` header, in whole seconds. Returns `None` if it is missing or no HTTP date.
pub(crate) fn date(headers: &Headers) -> Option<Timestamp> {
    let date = headers.get_optional_str(&HeaderName::from_static("date"))?;
    DateTimeParser::new().parse_timestamp(date).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_http_is_read_and_another_text_is_not() {
        let mut headers = Headers::new();
        headers.insert("date", "Mon, 02 Mar 2026 09:00:00 GMT");
        assert_eq!(date(&headers), Some("2026-03-02T09:00:00Z".parse().unwrap()));
        headers.insert("date", "yesterday");
        assert_eq!(date(&headers), None);
    }

    #[test]
    fn the_storage_time_is_unknown_before_the_first_response() {
        let server_date = ServerDate::default();
        assert_eq!(server_date.time(), StorageTime::NotReceived);
        let date = "2026-03-02T09:00:00Z".parse().unwrap();
        server_date.receive(date);
        assert!(matches!(server_date.time(), StorageTime::Known(now) if now >= date));
    }
}
