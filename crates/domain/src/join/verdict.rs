//! What is known of a recording's session.

use std::borrow::Borrow;

use super::pair::Evidence;
use crate::session::SessionFacts;

/// What is known of a recording's session. `S` is the session, or one that is lent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Match<S = SessionFacts> {
    /// Nothing yet: what is known could still turn.
    #[default]
    Pending,
    /// It is this one.
    Matched(Box<Matched<S>>),
    /// It is one of these, and nothing that may still come tells which.
    Ambiguous {
        /// The sessions, in the order of their ids; the first of them if there are too many.
        candidates: Vec<Candidate<S>>,
        /// How many more there are, which are not kept.
        more: u64,
        /// The person, where it is the same whichever of them it is.
        person: Option<String>,
    },
    /// It is none that the bastion told of.
    Unmatched {
        /// The failed login that a short recording was left by.
        attempt: Option<Box<S>>,
    },
}

/// The session of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched<S = SessionFacts> {
    /// The session.
    pub session: S,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
}

/// A session that may be the one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<S = SessionFacts> {
    /// The session.
    pub session: S,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
}

impl Match {
    /// The names of all kinds.
    pub const NAMES: [&str; 4] = ["pending", "matched", "ambiguous", "unmatched"];
}

impl Match<&SessionFacts> {
    /// The same with sessions of its own, to be kept.
    pub fn owned(self) -> Match {
        match self {
            Self::Pending => Match::Pending,
            Self::Matched(matched) => {
                Match::Matched(Box::new(Matched { session: matched.session.clone(), evidence: matched.evidence }))
            }
            Self::Ambiguous { candidates, more, person } => {
                let owned =
                    |one: Candidate<&SessionFacts>| Candidate { session: one.session.clone(), evidence: one.evidence };
                Match::Ambiguous { candidates: candidates.into_iter().map(owned).collect(), more, person }
            }
            Self::Unmatched { attempt } => {
                Match::Unmatched { attempt: attempt.map(|attempt| Box::new(SessionFacts::clone(*attempt))) }
            }
        }
    }
}

impl<S: Borrow<SessionFacts>> Match<S> {
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
            Self::Matched(matched) => Some(matched.session.borrow()),
            _ => None,
        }
    }

    /// The person, where it is certain: of the one session, or of all that it may be.
    pub fn person(&self) -> Option<&str> {
        match self {
            Self::Matched(matched) => matched.session.borrow().user_email.as_deref(),
            Self::Ambiguous { person, .. } => person.as_deref(),
            Self::Pending | Self::Unmatched { .. } => None,
        }
    }
}

/// What the evidence adds up to, 100 at most.
pub fn score(evidence: &[Evidence]) -> i64 {
    evidence.iter().map(|evidence| evidence.weight()).sum()
}
