//! Guards the port without a key: admits the host and programs of this machine, and rejects pages of other
//! sites.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use host_protocol::{Knock, RequestRefusal};
use wiring::settings::Front;

use crate::invocation::RequestOutcome;

/// Forwards the request, or answers 403 with the reason.
pub async fn guard(State(front): State<Front>, request: Request, next: Next) -> Response {
    match admit(front, &request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => {
            tracing::warn!(reason = %refusal, "request refused");
            refused(refusal)
        }
    }
}

fn admit(front: Front, request: &Request) -> Result<(), RequestRefusal> {
    let path = request.uri().path();
    let has_pages = is_below(path, "/ui");
    let is_passed_on = has_pages || is_below(path, "/api/v1");
    if is_passed_on && front == Front::Platform {
        return Ok(());
    }
    let headers = request.headers();
    let is = |name: &'static str, value| one(headers, &HeaderName::from_static(name)) == Some(value);
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    let knock = Knock {
        host: request.uri().authority().map(axum::http::uri::Authority::as_str).or_else(|| one(headers, &HOST)),
        origin: headers.contains_key(ORIGIN).then(|| one(headers, &ORIGIN).unwrap_or_default()),
        fetch_site: headers
            .contains_key("sec-fetch-site")
            .then(|| one(headers, &HeaderName::from_static("sec-fetch-site")).unwrap_or_default()),
        opens_page: is_read && has_pages && is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document"),
    };
    knock.admit()
}

/// Returns the value of a header that occurs once and is text.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next().filter(|_| all.next().is_none())?;
    first.to_str().ok()
}

fn is_below(path: &str, part: &str) -> bool {
    path.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn refused(refusal: RequestRefusal) -> Response {
    let mut response = Response::new(Body::from(refusal.problem()));
    *response.status_mut() = RequestOutcome::Refused.status();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(RequestRefusal::CONTENT_TYPE));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admit(front: Front, method: &str, path: &str, headers: &[(&str, &str)]) -> Result<(), RequestRefusal> {
        let request = headers
            .iter()
            .fold(Request::builder().method(method).uri(path), |it, (name, value)| it.header(*name, *value));
        super::admit(front, &request.body(Body::empty()).unwrap())
    }

    #[test]
    fn every_path_is_refused_under_a_foreign_name() {
        for path in ["/", "/ui", "/ui/x", "/api/v1", "/api/v1/recordings", "/retention_sweep", "/nowhere", "/ui-else"] {
            let host = [("host", "evil.example:7071")];
            assert_eq!(admit(Front::Nobody, "GET", path, &host), Err(RequestRefusal::Host), "{path}");
            assert_eq!(admit(Front::Nobody, "POST", path, &host), Err(RequestRefusal::Host), "{path}");
            assert_eq!(admit(Front::Nobody, "GET", path, &[("host", "127.0.0.1:7071")]), Ok(()), "{path}");
            let twice = [("host", "127.0.0.1:7071"), ("host", "evil.example")];
            assert_eq!(admit(Front::Nobody, "GET", path, &twice), Err(RequestRefusal::Host), "{path}");
        }
    }

    #[test]
    fn a_post_of_a_foreign_page_is_refused() {
        let own = ("host", "127.0.0.1:7071");
        let post = |header| admit(Front::Nobody, "POST", "/retention_sweep", &[own, header]);
        assert_eq!(post(("origin", "http://evil.example")), Err(RequestRefusal::Origin));
        assert_eq!(post(("sec-fetch-site", "cross-site")), Err(RequestRefusal::Site));
        assert_eq!(post(("x-azure-functions-invocationid", "1")), Ok(()));
        assert_eq!(
            admit(Front::Nobody, "GET", "/api/v1/recordings", &[own, ("sec-fetch-site", "cross-site")]),
            Err(RequestRefusal::Site)
        );
    }

    #[test]
    fn only_a_link_to_a_page_may_come_from_another_site() {
        let link = [
            ("host", "localhost:7071"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        assert_eq!(admit(Front::Nobody, "GET", "/ui/recordings/x", &link), Ok(()));
        for (method, path) in [("POST", "/ui/"), ("GET", "/api/v1/recordings"), ("POST", "/retention_sweep")] {
            assert_eq!(admit(Front::Nobody, method, path, &link), Err(RequestRefusal::Site), "{method} {path}");
        }
    }

    #[test]
    fn on_the_platform_only_pages_and_api_accept_public_names() {
        let public = [("host", "func.azurewebsites.net"), ("origin", "https://portal.corp.example")];
        assert_eq!(admit(Front::Platform, "GET", "/ui/", &public), Ok(()));
        assert_eq!(admit(Front::Platform, "GET", "/api/v1/recordings", &public), Ok(()));
        assert_eq!(admit(Front::Platform, "POST", "/retention_sweep", &public), Err(RequestRefusal::Host));
        let host = [("host", "127.0.0.1:7071"), ("user-agent", "Azure-Functions-Host/4.1048.200.0")];
        assert_eq!(admit(Front::Platform, "POST", "/recording_landed", &host), Ok(()));
        assert_eq!(admit(Front::Platform, "GET", "/", &host), Ok(()));
    }
}
