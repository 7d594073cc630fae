//! What went wrong, as RFC 9457 has it.

use serde::Serialize;

use crate::METHODS;

/// Why a request is not answered as wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    Parameters(Vec<WrongView>),
    NotFound(&'static str),
    Method,
    Unavailable,
    Broken,
}

/// What went wrong (RFC 9457). More members may come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProblemView {
    /// The kind of problem, which stays the same: `urn:bastion-archivist:problem:` and a word.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The kind in words.
    pub title: &'static str,
    /// The status code.
    pub status: u16,
    /// What to do about it.
    pub detail: String,
    /// The path that was asked for.
    pub instance: String,
    /// Every parameter that is wrong; only there where some are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Vec<WrongView>>,
}

/// A parameter that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WrongView {
    /// Its name, cut where it is long.
    pub name: String,
    /// What is wrong with it.
    pub problem: &'static str,
    /// What to write instead.
    pub write: String,
}

/// How much of a path is repeated, in characters.
const PATH_SHOWN: usize = 200;

impl ProblemKind {
    /// The public form.
    pub(crate) fn view(&self, path: &str) -> ProblemView {
        let (kind, title, status, detail) = match self {
            Self::Parameters(_) => (
                "urn:bastion-archivist:problem:parameters",
                "Wrong parameters",
                400,
                "write each parameter as `parameters` says".to_owned(),
            ),
            Self::NotFound(detail) => {
                ("urn:bastion-archivist:problem:not-found", "Not found", 404, (*detail).to_owned())
            }
            Self::Method => (
                "urn:bastion-archivist:problem:method",
                "Only reading is possible",
                405,
                format!("use one of {METHODS}"),
            ),
            Self::Broken => (
                "urn:bastion-archivist:problem:broken",
                "Not answered",
                500,
                "what is stored cannot be read; the archivist's log says why".to_owned(),
            ),
            Self::Unavailable => (
                "urn:bastion-archivist:problem:unavailable",
                "The catalogue is out of reach",
                503,
                "ask again later; the archivist's log says why".to_owned(),
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
