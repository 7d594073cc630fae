//! Outcomes of calls and requests, and their answers. The only place with status codes.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use host_protocol::{CONTENT_TYPE, success_body};

/// Outcome of a call. If a call has several inputs, its answer is the greatest outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InvocationOutcome {
    /// The input is not relevant, or was applied before. Counted with this reason.
    Ignored(&'static str),
    /// The input is in the catalogue, or the sweep is finished.
    Applied,
    /// The input can never be applied; its raw bytes are in quarantine. Counted with this reason.
    Quarantined(&'static str),
    /// A retry can help; the platform keeps the input and delivers it again. Counted with this reason.
    Transient(&'static str),
    /// The function panicked, which is a bug; the platform keeps the input and delivers it again.
    Panicked,
}

impl InvocationOutcome {
    /// Returns the outcome of a request with this status.
    pub fn of_a_request(status: StatusCode) -> Self {
        match status.as_u16() {
            ..400 => Self::Applied,
            400..500 => Self::Ignored("refused"),
            _ => Self::Transient("not_answered"),
        }
    }

    /// Returns the stable name for counting.
    pub fn label(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Ignored(_) => "ignored",
            Self::Quarantined(_) => "quarantined",
            Self::Transient(_) => "transient",
            Self::Panicked => "panicked",
        }
    }

    /// Returns the reason for counting, or an empty text.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Ignored(reason) | Self::Quarantined(reason) | Self::Transient(reason) => reason,
            Self::Applied | Self::Panicked => "",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Applied | Self::Ignored(_) | Self::Quarantined(_) => StatusCode::OK,
            Self::Transient(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Outcome of a request that a function answers by itself: for a page, or refused at the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestOutcome {
    /// The answer is what was requested.
    Answered,
    /// The page has another address.
    Moved,
    /// The client already has the answer.
    NotModified,
    /// The query is invalid.
    BadQuery,
    /// The caller may not have the answer.
    Refused,
    /// The requested page or item does not exist.
    NotFound,
    /// The method is not one that reads.
    BadMethod,
    /// The answer cannot be given now.
    Unavailable,
}

impl RequestOutcome {
    /// Returns the status code.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Answered => StatusCode::OK,
            Self::Moved => StatusCode::TEMPORARY_REDIRECT,
            Self::NotModified => StatusCode::NOT_MODIFIED,
            Self::BadQuery => StatusCode::BAD_REQUEST,
            Self::Refused => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BadMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl IntoResponse for InvocationOutcome {
    /// Every body is a JSON object: the host hangs on an empty success, and reads no other type.
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(success_body(&[])));
        *response.status_mut() = self.status();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(InvocationOutcome, u16); 5] = [
        (InvocationOutcome::Applied, 200),
        (InvocationOutcome::Ignored("unhandled_type"), 200),
        (InvocationOutcome::Quarantined("malformed"), 200),
        (InvocationOutcome::Transient("catalogue_unreachable"), 503),
        (InvocationOutcome::Panicked, 500),
    ];

    #[test]
    fn each_outcome_has_the_status_required_by_the_host() {
        for (outcome, status) in ALL {
            assert_eq!(outcome.into_response().status().as_u16(), status, "{outcome:?}");
        }
    }

    #[tokio::test]
    async fn every_answer_is_a_json_object() {
        use http_body_util::BodyExt as _;

        for (outcome, _) in ALL {
            let response = outcome.into_response();
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
            let body = response.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(body, r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#, "{outcome:?}");
        }
    }
}
