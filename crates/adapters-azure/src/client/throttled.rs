//! Ends a call if the service asks for a long wait.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::headers::{HeaderName, Headers};
use azure_core::http::policies::{Policy, PolicyResult};
use azure_core::http::{Context, Request, StatusCode};
use thiserror::Error as ThisError;

use super::forward::forward;

/// The service throttled the call and asked for this wait.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
#[error("answered {status} and asked to wait {} s", wait.as_secs_f32())]
pub(super) struct Throttled {
    pub(super) status: u16,
    pub(super) wait: Duration,
}

/// Ends a call if the service asks for a longer wait than this: the caller can use the time better.
#[derive(Debug)]
pub(super) struct NoLongWaits(pub(super) Duration);

#[async_trait]
impl Policy for NoLongWaits {
    #[expect(elided_lifetimes_in_paths, reason = "the trait omits it, and async-trait distinguishes the two")]
    async fn send(&self, context: &Context, request: &mut Request, next: &[Arc<dyn Policy>]) -> PolicyResult {
        let response = forward(context, request, next).await?;
        let busy = matches!(response.status(), StatusCode::TooManyRequests | StatusCode::ServiceUnavailable);
        match wait_asked_for(response.headers()).filter(|wait| busy && *wait > self.0) {
            Some(wait) => {
                let throttled = Throttled { status: response.status().into(), wait };
                Err(Error::with_error(ErrorKind::Other, throttled.clone(), throttled.to_string()))
            }
            None => Ok(response),
        }
    }
}

/// Parses the wait a service asks for: milliseconds in its own headers, else seconds. Dates are ignored, so the
/// default wait applies: storage does not send them, and they would need a clock.
pub(super) fn wait_asked_for(headers: &Headers) -> Option<Duration> {
    let number = |name: &'static str| {
        headers.get_optional_str(&HeaderName::from_static(name)).and_then(|value| value.trim().parse::<u64>().ok())
    };
    let millis = number("x-ms-retry-after-ms").or_else(|| number("retry-after-ms"));
    millis.map(Duration::from_millis).or_else(|| number("retry-after").map(Duration::from_secs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_count_before_seconds() {
        let mut headers = Headers::new();
        assert_eq!(wait_asked_for(&headers), None);
        headers.insert("retry-after", "7");
        assert_eq!(wait_asked_for(&headers), Some(Duration::from_secs(7)));
        headers.insert("x-ms-retry-after-ms", "1500");
        assert_eq!(wait_asked_for(&headers), Some(Duration::from_millis(1500)));
    }

    #[test]
    fn a_date_is_no_number() {
        let mut headers = Headers::new();
        headers.insert("retry-after", "Sat, 21 Nov 2026 07:28:00 GMT");
        assert_eq!(wait_asked_for(&headers), None);
    }
}
