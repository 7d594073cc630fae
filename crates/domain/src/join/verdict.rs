//! What is known of a recording's session.

use super::pair::Evidence;
use crate::session::SessionFacts;

/// What is known of a recording's session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Match {
    /// Nothing yet: what is known could still turn.
    #[default]
    Pending,
    /// It is this one.
    Matched(Box<Matched>),
    /// It is one of these, and nothing that may still come tells which.
    Ambiguous {
        /// The sessions, in the order of their ids.
        candidates: Vec<Candidate>,
        /// The person, where it is the same whichever of them it is.
        person: Option<String>,
    },
    /// It is none that the bastion told of.
    Unmatched {
        /// The failed login that a short recording was left by.
        attempt: Option<Box<SessionFacts>>,
    },
}

/// The session of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// The session.
    pub session: SessionFacts,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
}

/// A session that may be the one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The session.
    pub session: SessionFacts,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
}

impl Match {
    /// The names of all kinds.
    pub const NAMES: [&str; 4] = ["pending", "matched", "ambiguous", "unmatched"];

    /// The name in stored and shown forms.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Matched(_) => "matched",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Unmatched { .. } => "unmatched",
        }
    }

    /// The session, where it is certain.
    pub fn session(&self) -> Option<&SessionFacts> {
        match self {
            Self::Matched(matched) => Some(&matched.session),
            _ => None,
        }
    }

    /// The person, where it is certain: of the one session, or of all that it may be.
    pub fn person(&self) -> Option<&str> {
        match self {
            Self::Matched(matched) => matched.session.user_email.as_deref(),
            Self::Ambiguous { person, .. } => person.as_deref(),
            Self::Pending | Self::Unmatched { .. } => None,
        }
    }
}

/// What the evidence adds up to, 100 at most.
pub fn score(evidence: &[Evidence]) -> i64 {
    evidence.iter().map(|evidence| evidence.weight()).sum()
}
