//! Result of matching a recording with sessions.

use std::borrow::Borrow;

use super::evidence::{Evidence, MatchGrounds};
use crate::record::session::{SessionFacts, TunnelId};

/// Session of a recording, as far as known. `S` is an owned or a borrowed session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Match<S = SessionFacts> {
    /// Undecided: further data can still change the result.
    #[default]
    Pending,
    /// The recording belongs to this session.
    Matched(Box<Matched<S>>),
    /// The recording belongs to one of these sessions; no further data can decide which.
    Ambiguous {
        /// Sessions, likeliest first; only the first of them if there are too many.
        candidates: Vec<Candidate<S>>,
        /// Number of further sessions that are not kept.
        more: u64,
        /// Person, if all possible sessions have the same one.
        person: Option<String>,
    },
    /// The recording belongs to no session in the audit log.
    Unmatched {
        /// Failed login that left a short recording.
        attempt: Option<Box<S>>,
    },
}

/// Session of a recording, with evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched<S = SessionFacts> {
    /// The session.
    pub session: S,
    /// Kinds of evidence.
    pub evidence: Vec<Evidence>,
    /// Certainty and offsets.
    pub grounds: MatchGrounds,
}

/// Session that may belong to a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<S = SessionFacts> {
    /// The session.
    pub session: S,
    /// Kinds of evidence.
    pub evidence: Vec<Evidence>,
    /// Certainty and offsets.
    pub grounds: MatchGrounds,
}

impl Match {
    /// Removes measures of certainty: resets grounds, drops the evidence of candidates, and sorts candidates by id.
    #[must_use]
    pub fn finding(mut self) -> Self {
        match &mut self {
            Self::Matched(matched) => matched.grounds = MatchGrounds::default(),
            Self::Ambiguous { candidates, .. } => {
                candidates.sort_by(|one, other| one.session.tunnel_id.cmp(&other.session.tunnel_id));
                for candidate in candidates {
                    (candidate.evidence, candidate.grounds) = (Vec::new(), MatchGrounds::default());
                }
            }
            Self::Pending | Self::Unmatched { .. } => {}
        }
        self
    }

    /// Names of all variants.
    pub const NAMES: [&str; 4] = ["pending", "matched", "ambiguous", "unmatched"];
}

impl Match<&SessionFacts> {
    /// Clones the borrowed sessions.
    pub fn owned(self) -> Match {
        match self {
            Self::Pending => Match::Pending,
            Self::Matched(matched) => {
                let Matched { session, evidence, grounds } = *matched;
                Match::Matched(Box::new(Matched { session: session.clone(), evidence, grounds }))
            }
            Self::Ambiguous { candidates, more, person } => {
                let owned = |one: Candidate<&SessionFacts>| Candidate {
                    session: one.session.clone(),
                    evidence: one.evidence,
                    grounds: one.grounds,
                };
                Match::Ambiguous { candidates: candidates.into_iter().map(owned).collect(), more, person }
            }
            Self::Unmatched { attempt } => {
                Match::Unmatched { attempt: attempt.map(|attempt| Box::new(SessionFacts::clone(*attempt))) }
            }
        }
    }
}

impl<S: Borrow<SessionFacts>> Match<S> {
    /// True if both contain the same finding. Certainty is ignored, because it changes with everything a day teaches.
    pub fn finds_the_same<T: Borrow<SessionFacts>>(&self, other: &Match<T>) -> bool {
        match (self, other) {
            (Self::Pending, Match::Pending) => true,
            (Self::Matched(one), Match::Matched(other)) => {
                one.session.borrow() == other.session.borrow() && one.evidence == other.evidence
            }
            (
                Self::Ambiguous { candidates, more, person },
                Match::Ambiguous { candidates: others, more: more_others, person: other_person },
            ) => {
                // The order of the candidates is not part of the finding.
                let is_among =
                    |one: &Candidate<S>| others.iter().any(|other| other.session.borrow() == one.session.borrow());
                candidates.len() == others.len()
                    && candidates.iter().all(is_among)
                    && (more, person) == (more_others, other_person)
            }
            (Self::Unmatched { attempt }, Match::Unmatched { attempt: other }) => {
                attempt.as_deref().map(Borrow::borrow) == other.as_deref().map(Borrow::borrow)
            }
            _ => false,
        }
    }

    /// Returns the name in stored and shown forms.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Matched(_) => "matched",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Unmatched { .. } => "unmatched",
        }
    }

    /// Returns the session with its evidence, if certain.
    pub fn matched(&self) -> Option<&Matched<S>> {
        match self {
            Self::Matched(matched) => Some(matched),
            _ => None,
        }
    }

    /// Returns the session, if certain.
    pub fn session(&self) -> Option<&SessionFacts> {
        match self {
            Self::Matched(matched) => Some(matched.session.borrow()),
            _ => None,
        }
    }

    /// Returns the evidence for a session. `None` if it is neither the matched session nor a candidate.
    pub fn evidence_for(&self, tunnel: &TunnelId) -> Option<(&[Evidence], MatchGrounds)> {
        match self {
            Self::Matched(matched) if matched.session.borrow().tunnel_id == *tunnel => {
                Some((&matched.evidence, matched.grounds))
            }
            Self::Ambiguous { candidates, .. } => {
                let one = candidates.iter().find(|one| one.session.borrow().tunnel_id == *tunnel)?;
                Some((&one.evidence, one.grounds))
            }
            _ => None,
        }
    }

    /// Iterates over the matched session or the candidates.
    pub fn sessions(&self) -> impl Iterator<Item = &SessionFacts> {
        let candidates = match self {
            Self::Ambiguous { candidates, .. } => candidates.as_slice(),
            _ => &[],
        };
        self.session().into_iter().chain(candidates.iter().map(|one| one.session.borrow()))
    }

    /// Returns the person, if certain: of the matched session, or common to all candidates.
    pub fn person(&self) -> Option<&str> {
        match self {
            Self::Matched(matched) => matched.session.borrow().user_email.as_deref(),
            Self::Ambiguous { person, .. } => person.as_deref(),
            Self::Pending | Self::Unmatched { .. } => None,
        }
    }
}
