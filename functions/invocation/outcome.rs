//! How a call ended, and the answer that tells the host. The only place with status codes.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use host_protocol::{CONTENT_TYPE, success_body};

/// How a call of a function ended. Of several inputs in one call the greatest outcome is the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The input is nothing for us, or was applied before; counted under this reason.
    Ignored(&'static str),
    /// The input is in the catalogue, or the sweep is done.
    Applied,
    /// The input can never be applied; its raw bytes are in quarantine. Counted under this reason.
    Quarantined(&'static str),
    /// A retry can help. Counted under this reason; the platform keeps the input and delivers it again.
    Transient(&'static str),
    /// The function panicked, which is a bug; the platform keeps the input and delivers it again.
    Panicked,
}

impl Outcome {
    /// How a request ended that was answered with this status.
    pub fn of_a_request(status: StatusCode) -> Self {
        match status.as_u16() {
            ..400 => Self::Applied,
            400..500 => Self::Ignored("refused"),
            _ => Self::Transient("not_answered"),
        }
    }

    /// The stable name under which such calls are counted.
    pub fn label(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Ignored(_) => "ignored",
            Self::Quarantined(_) => "quarantined",
            Self::Transient(_) => "transient",
            Self::Panicked => "panicked",
        }
    }

    /// The reason under which such calls are counted; empty where there is none.
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

impl IntoResponse for Outcome {
    /// Every answer has a JSON object as its body: the host hangs on an empty success, and reads no other.
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

    const ALL: [(Outcome, u16); 5] = [
        (Outcome::Applied, 200),
        (Outcome::Ignored("unhandled_type"), 200),
        (Outcome::Quarantined("malformed"), 200),
        (Outcome::Transient("catalogue_unreachable"), 503),
        (Outcome::Panicked, 500),
    ];

    #[test]
    fn each_outcome_has_the_status_that_makes_the_host_do_the_right_thing() {
        for (outcome, status) in ALL {
            assert_eq!(outcome.into_response().status().as_u16(), status, "{outcome:?}");
        }
    }

    #[tokio::test]
    async fn every_answer_is_a_json_object_so_that_the_host_never_hangs() {
        use http_body_util::BodyExt as _;

        for (outcome, _) in ALL {
            let response = outcome.into_response();
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
            let body = response.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(body, r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#, "{outcome:?}");
        }
    }
}
