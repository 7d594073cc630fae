//! The read API of the catalogue, as `docs/api.md` tells of it: a request below `/api/v1` in, status, headers and body out.
//!
//! It knows no HTTP library and starts nothing: whoever serves it passes on what the request says.

mod answer;
mod bastions;
mod gaps;
mod health;
mod parameter;
mod problem;
mod query_text;
mod recordings;
mod routes;
mod sessions;
mod summary;
mod values;

use domain::estate::Estate;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Checkpoints, Fault, FaultKind, Sessions};

pub use answer::Answer;
pub use health::{BastionHealthView, CatalogueHealth, CountsView, HealthView};
pub use parameter::{Kind, Parameter};
pub use problem::{ProblemView, WrongView};
pub use routes::{Found, ROUTES, Route, Shown};

use problem::ProblemKind;
use values::Values;

/// The OpenAPI document, version 3.1, as it is served.
pub const OPENAPI: &str = include_str!("../../../docs/openapi.json");

/// The path below which the API is.
pub const BASE: &str = "/api/v1";

/// The methods that are answered.
pub const METHODS: &str = "GET, HEAD, OPTIONS";

/// What a request says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// The whole path, percent-encoded as it came.
    pub path: &'a str,
    /// What stands behind the question mark, as it came.
    pub query: Option<&'a str>,
    /// The header `If-None-Match`, more than one joined by commas.
    pub if_none_match: Option<&'a str>,
}

/// What answers are made of.
#[derive(Clone, Copy)]
pub struct Api<'a> {
    /// The recordings.
    pub catalogue: &'a dyn Catalogue,
    /// The sessions.
    pub sessions: &'a dyn Sessions,
    /// Watermarks of logs, what was counted, and what the days of each bastion have taught.
    pub checkpoints: &'a dyn Checkpoints,
    /// The bastions.
    pub estate: &'a Estate,
    /// The time of the answer.
    pub now: Timestamp,
    /// The archivist's version.
    pub version: &'a str,
}

/// An answer, and what was asked for in words that may be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The answer.
    pub answer: Answer,
    /// The parameters that the route knows, as they were understood: `person=a@b limit=50`. Never a key.
    pub parameters: String,
}

/// Why something is not answered as wanted.
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
    /// Answers a request. Nothing that a request can say makes this fail; where a port does, the answer says so.
    pub async fn answer(&self, request: &Request<'_>) -> Answered {
        let unheard =
            |answer: Answer| Answered { answer: answer.without_body_for(request.method), parameters: String::new() };
        let problem = |kind: ProblemKind| Answer::problem(&kind, request.path);
        let Some((route, in_path)) = routes::find(request.path) else {
            return unheard(problem(ProblemKind::NotFound("nothing is here; /api/v1/openapi.json says what is")));
        };
        match request.method {
            "GET" | "HEAD" => {}
            "OPTIONS" => return unheard(Answer::options()),
            _ => return unheard(problem(ProblemKind::Method)),
        }
        let values = match Values::read(route.parameters, request.query.unwrap_or_default()) {
            Ok(values) => values,
            Err(wrong) => return unheard(problem(ProblemKind::Parameters(wrong))),
        };
        let answer = match self.body(route.shown, &in_path, &values).await {
            Ok(body) => Answer::document(body, request.if_none_match),
            Err(Trouble::Problem(kind)) => problem(kind),
            Err(Trouble::Fault(fault)) => problem(fault_problem(&fault)),
        };
        Answered { answer: answer.without_body_for(request.method), parameters: values.to_string() }
    }

    async fn body(&self, shown: Shown, in_path: &str, values: &Values) -> Body {
        match shown {
            Shown::Recordings => recordings::page(self, values).await,
            Shown::Recording => recordings::one(self, in_path).await,
            Shown::Sessions => sessions::page(self, values).await,
            Shown::Session => sessions::one(self, in_path, values).await,
            Shown::Gaps => gaps::gaps(self, values).await,
            Shown::Bastions => bastions::bastions(self).await,
            Shown::Summary => summary::summary(self, values).await,
            Shown::Health => health::health(self).await,
            Shown::OpenApi => Ok(OPENAPI.as_bytes().to_vec()),
        }
    }
}

/// The cause is for the log: it may name what is none of the reader's business.
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
