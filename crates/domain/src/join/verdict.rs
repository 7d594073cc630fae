//! What is known of a recording's session.

use std::borrow::Borrow;

use super::evidence::{Evidence, Grounds};
use crate::session::{SessionFacts, TunnelId};

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
        /// The sessions, the likeliest first; the first of them if there are too many.
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
    /// How much it speaks for it.
    pub grounds: Grounds,
}

/// A session that may be the one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<S = SessionFacts> {
    /// The session.
    pub session: S,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// How much it speaks for it.
    pub grounds: Grounds,
}

impl Match {
    /// What was found, without how sure that is: candidates stand in the order of their ids.
    #[must_use]
    pub fn finding(mut self) -> Self {
        match &mut self {
            Self::Matched(matched) => matched.grounds = Grounds::default(),
            Self::Ambiguous { candidates, .. } => {
                candidates.sort_by(|one, other| one.session.tunnel_id.cmp(&other.session.tunnel_id));
                for candidate in candidates {
                    (candidate.evidence, candidate.grounds) = (Vec::new(), Grounds::default());
                }
            }
            Self::Pending | Self::Unmatched { .. } => {}
        }
        self
    }

    /// The names of all kinds.
    pub const NAMES: [&str; 4] = ["pending", "matched", "ambiguous", "unmatched"];
}

impl Match<&SessionFacts> {
    /// The same with sessions of its own, to be kept.
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
    /// Whether it finds the same as another. How sure it is does not count: that changes with all that a day teaches.
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
                // Which of them is likelier is no finding.
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

    /// The name in stored and shown forms.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Matched(_) => "matched",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Unmatched { .. } => "unmatched",
        }
    }

    /// The session and what speaks for it, where it is certain.
    pub fn matched(&self) -> Option<&Matched<S>> {
        match self {
            Self::Matched(matched) => Some(matched),
            _ => None,
        }
    }

    /// The session, where it is certain.
    pub fn session(&self) -> Option<&SessionFacts> {
        match self {
            Self::Matched(matched) => Some(matched.session.borrow()),
            _ => None,
        }
    }

    /// What speaks for a session, if it is the one or may be.
    pub fn speaks_for(&self, tunnel: &TunnelId) -> Option<(&[Evidence], Grounds)> {
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

    /// The session, or those that it may be.
    pub fn sessions(&self) -> impl Iterator<Item = &SessionFacts> {
        let candidates = match self {
            Self::Ambiguous { candidates, .. } => candidates.as_slice(),
            _ => &[],
        };
        self.session().into_iter().chain(candidates.iter().map(|one| one.session.borrow()))
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
