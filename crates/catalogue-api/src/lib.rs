//! Read API of the catalogue, as described in `docs/api.md`: takes a request below `/api/v1`, returns status, headers
//! and body.
//!
//! The crate depends on no HTTP library and starts no server: the caller passes in the parts of the request.

mod answer;
mod bastions;
mod coverage;
mod gaps;
mod health;
mod parameter;
mod problem;
mod query_text;
mod recordings;
mod reviews;
mod routes;
mod sessions;
mod summary;
mod values;

use domain::policy::review::ReviewPolicy;
use domain::record::estate::Estate;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::ports::{Catalogue, Checkpoints, Fault, FaultKind, Sessions};

pub use answer::ApiResponse;
pub use health::{BastionHealthView, CatalogueHealth, CountsView, HealthView};
pub use parameter::{Parameter, ParameterKind};
pub use problem::{ProblemView, WrongView};
pub use routes::{ApiRoute, MatchedRoute, ROUTES, ServedResource};

use problem::ProblemKind;
use values::Values;

/// OpenAPI 3.1 document, as served.
pub const OPENAPI: &str = include_str!("../../../docs/openapi.json");

/// Path prefix of the API.
pub const BASE: &str = "/api/v1";

/// Supported methods, as listed in the `Allow` header.
pub const METHODS: &str = "GET, HEAD, OPTIONS";

/// Parts of an HTTP request read by the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiRequest<'a> {
    /// Method, in upper case.
    pub method: &'a str,
    /// Whole path, percent-encoded as received.
    pub path: &'a str,
    /// Query string without the question mark, as received.
    pub query: Option<&'a str>,
    /// `If-None-Match` header; several are joined by commas.
    pub if_none_match: Option<&'a str>,
}

/// Ports and data for answering requests.
#[derive(Clone, Copy)]
pub struct Api<'a> {
    /// Catalogue of recordings.
    pub catalogue: &'a dyn Catalogue,
    /// Store of sessions.
    pub sessions: &'a dyn Sessions,
    /// Watermarks of audit logs, counts, and the calibration of each bastion.
    pub checkpoints: &'a dyn Checkpoints,
    /// Configured bastions.
    pub estate: &'a Estate,
    /// Rules that ask for reviews.
    pub reviews: &'a ReviewPolicy,
    /// Time zone of the days in a search.
    pub time_zone: &'a TimeZone,
    /// Current time.
    pub now: Timestamp,
    /// Version of the archivist.
    pub version: &'a str,
}

/// Response, with the parsed parameters for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Response to send.
    pub answer: ApiResponse,
    /// Parsed parameters known to the route, as in `person=a@b limit=50`. Never contains a function key.
    pub parameters: String,
}

/// Reason why a request gets a problem instead of a document.
enum Trouble {
    Problem(ProblemKind),
    Fault(Fault),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

type Body = Result<Vec<u8>, Trouble>;

impl Api<'_> {
    /// Answers a request. No input makes this fail; if a port fails, the response is a problem document.
    pub async fn answer(&self, request: &ApiRequest<'_>) -> Answered {
        let without_parameters = |answer: ApiResponse| Answered {
            answer: answer.without_body_for(request.method),
            parameters: String::new(),
        };
        let problem = |kind: ProblemKind| ApiResponse::problem(&kind, request.path);
        let Some((route, in_path)) = routes::find(request.path) else {
            return without_parameters(problem(ProblemKind::NotFound(
                "there is no such path; /api/v1/openapi.json lists all paths",
            )));
        };
        match request.method {
            "GET" | "HEAD" => {}
            "OPTIONS" => return without_parameters(ApiResponse::options()),
            _ => return without_parameters(problem(ProblemKind::Method)),
        }
        let values = match Values::read(route.parameters, request.query.unwrap_or_default()) {
            Ok(values) => values,
            Err(wrong) => return without_parameters(problem(ProblemKind::Parameters(wrong))),
        };
        let answer = match self.body(route.shown, &in_path, &values).await {
            Ok(body) => ApiResponse::document(body, request.if_none_match),
            Err(Trouble::Problem(kind)) => problem(kind),
            Err(Trouble::Fault(fault)) => problem(fault_problem(&fault)),
        };
        Answered { answer: answer.without_body_for(request.method), parameters: values.to_string() }
    }

    async fn body(&self, shown: ServedResource, in_path: &str, values: &Values) -> Body {
        match shown {
            ServedResource::Recordings => recordings::page(self, values).await,
            ServedResource::Recording => recordings::one(self, in_path).await,
            ServedResource::Sessions => sessions::page(self, values).await,
            ServedResource::Session => sessions::one(self, in_path, values).await,
            ServedResource::Gaps => gaps::gaps(self, values).await,
            ServedResource::Reviews => reviews::page(self, values).await,
            ServedResource::Bastions => bastions::bastions(self).await,
            ServedResource::Summary => summary::summary(self, values).await,
            ServedResource::Coverage => coverage::coverage(self, values).await,
            ServedResource::Health => health::health(self).await,
            ServedResource::OpenApi => Ok(OPENAPI.as_bytes().to_vec()),
        }
    }
}

/// The cause is only logged, because it may contain names that the reader may not see.
fn fault_problem(fault: &Fault) -> ProblemKind {
    tracing::warn!(%fault, "not answered");
    match fault.kind {
        FaultKind::Transient { .. } | FaultKind::Refused => ProblemKind::Unavailable,
        FaultKind::Permanent => ProblemKind::Broken,
    }
}

fn json(view: &impl serde::Serialize) -> Body {
    serde_json::to_vec(view).map_err(|source| Trouble::Fault(Fault::permanent("write an answer", source)))
}
