//! Findings of a verification.

use std::fmt;

use serde::Serialize;

/// Problem found by a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// File in the bundle; `null` if the archive itself is concerned.
    pub file: Option<String>,
    /// Kind of problem.
    pub problem: BundleProblem,
    /// Description for people.
    pub detail: String,
}

/// Kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BundleProblem {
    /// The framing of the archive differs from the form of a bundle.
    Archive,
    /// A file is missing, not expected or in the wrong place.
    Files,
    /// The content of a file differs from its checksum or its hash in the manifest.
    Changed,
    /// A file or line does not have the format of a bundle.
    Format,
    /// The chain of the ledger is broken.
    Ledger,
    /// Two parts of the bundle contradict each other.
    Contradiction,
    /// The signature is wrong or missing.
    Signature,
    /// The given head is not in the bundle.
    Head,
}

impl Finding {
    pub(super) fn archive(detail: impl Into<String>) -> Self {
        Self { file: None, problem: BundleProblem::Archive, detail: detail.into() }
    }

    pub(super) fn new(file: &str, problem: BundleProblem, detail: impl Into<String>) -> Self {
        Self { file: Some(file.to_owned()), problem, detail: detail.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{file}: {}", self.detail),
            None => f.write_str(&self.detail),
        }
    }
}
