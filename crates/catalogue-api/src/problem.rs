//! Problem documents after RFC 9457.

use serde::Serialize;

use crate::METHODS;

/// Reason why a request gets a problem instead of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    Parameters(Vec<WrongView>),
    NotFound(&'static str),
    Method,
    Unavailable,
    Broken,
}

/// Problem document (RFC 9457). More members may be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProblemView {
    /// Stable identifier of the kind of problem: `urn:bastion-archivist:problem:` and a word.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Title of the kind of problem.
    pub title: &'static str,
    /// HTTP status code.
    pub status: u16,
    /// Instructions for resolving the problem.
    pub detail: String,
    /// Path of the request.
    pub instance: String,
    /// Every wrong parameter; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Vec<WrongView>>,
}

/// Wrong parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WrongView {
    /// Name of the parameter, cut if too long.
    pub name: String,
    /// Why the value is wrong.
    pub problem: &'static str,
    /// Allowed values.
    pub write: String,
}

/// Maximum number of characters of a path repeated in a problem.
const PATH_SHOWN: usize = 200;

impl ProblemKind {
    pub(crate) fn view(&self, path: &str) -> ProblemView {
        let (kind, title, status, detail) = match self {
            Self::Parameters(_) => (
                "urn:bastion-archivist:problem:parameters",
                "Wrong parameters",
                400,
                "correct each parameter that `parameters` lists".to_owned(),
            ),
            Self::NotFound(detail) => {
                ("urn:bastion-archivist:problem:not-found", "Not found", 404, (*detail).to_owned())
            }
            Self::Method => {
                ("urn:bastion-archivist:problem:method", "The API is read-only", 405, format!("use one of {METHODS}"))
            }
            Self::Broken => (
                "urn:bastion-archivist:problem:broken",
                "Not answered",
                500,
                "the stored data cannot be read; see the archivist's log".to_owned(),
            ),
            Self::Unavailable => (
                "urn:bastion-archivist:problem:unavailable",
                "The catalogue cannot be reached",
                503,
                "try again later; see the archivist's log".to_owned(),
            ),
        };
        let parameters = match self {
            Self::Parameters(wrong) => Some(wrong.clone()),
            _ => None,
        };
        let instance = path.chars().take(PATH_SHOWN).collect();
        ProblemView { kind, title, status, detail, instance, parameters }
    }
}
