//! Statements of a bundle about people's acts, and the ledger lines that confirm them.
//!
//! Export and verification compare by the same functions, so a bundle lists as unknown exactly what the verification
//! would miss.

use std::collections::BTreeMap;

use domain::record::hold::Actor;
use domain::record::review_mark::REVIEWS_KEPT;
use serde::Deserialize;

use crate::documents::FactForm;

/// Conditions of a hold in the order in which the ledger writes them.
const SCOPE: [&str; 7] = ["recording", "session", "person", "machine", "bastion", "from", "to"];

/// Review of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReviewClaim {
    /// Outcome.
    pub outcome: String,
    /// Reviewer.
    pub by: String,
    /// True if the name was verified.
    pub verified: bool,
    /// Time.
    pub at: String,
    /// Ticket.
    pub ticket: Option<String>,
    /// Note.
    pub note: Option<String>,
    /// ETag of the reviewed content.
    pub etag: Option<String>,
}

/// Confirmation of the session of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmationClaim {
    /// Person.
    pub by: String,
    /// Time.
    pub at: String,
    /// Reason.
    pub reason: String,
    /// Confirmed session. `None` if it is none of those in the log.
    pub session: Option<String>,
}

/// Deletion that the archivist decided.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DeletionClaim {
    /// Actor.
    pub by: String,
    /// Hash of the policy.
    pub policy_digest: String,
    /// Class.
    pub class: String,
    /// Rules that gave the class.
    pub rules: Vec<String>,
    /// Approval by a person.
    pub approved: Option<ApprovalClaim>,
}

/// Approval of a deletion.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ApprovalClaim {
    /// Person.
    pub by: String,
}

/// Legal hold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HoldClaim {
    /// Id of the hold.
    pub id: String,
    /// Case.
    pub case: String,
    /// Conditions by name.
    pub scope: BTreeMap<String, String>,
    /// Time of placing.
    pub placed_at: String,
    /// Person who placed it.
    pub placed_by: ActorClaim,
    /// Time of release.
    pub released_at: Option<String>,
    /// Person who released it.
    pub released_by: Option<ActorClaim>,
}

/// Author of an act.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ActorClaim {
    /// Name.
    pub name: String,
    /// True if the name was verified.
    pub verified: bool,
}

impl ActorClaim {
    /// Returns the name as the ledger writes it.
    fn shown(&self) -> String {
        Actor { name: self.name.clone(), is_verified: self.verified }.shown()
    }
}

impl ReviewClaim {
    /// Returns true if the fact says the same.
    pub fn is_confirmed_by(&self, fact: &FactForm) -> bool {
        let Self { outcome, by, verified, at, ticket, note, etag } = self;
        let by = ActorClaim { name: by.clone(), verified: *verified }.shown();
        fact.kind == "recording.reviewed"
            && [&fact.outcome, &fact.by, &fact.at] == [&Some(outcome.clone()), &Some(by), &Some(at.clone())]
            && [&fact.ticket, &fact.note, &fact.etag] == [ticket, note, etag]
    }
}

/// Reviews of a recording, to be compared with the ledger.
#[derive(Debug, Clone, Default)]
pub struct ReviewClaims {
    stated: Vec<ReviewClaim>,
    /// Reviews that no fact has confirmed yet.
    open: Vec<ReviewClaim>,
    has_unstated: bool,
}

impl ReviewClaims {
    /// Starts with the reviews of an entry, oldest first.
    pub fn new(stated: Vec<ReviewClaim>) -> Self {
        Self { open: stated.clone(), stated, has_unstated: false }
    }

    /// Compares the fact of a review.
    pub fn take(&mut self, fact: &FactForm) {
        self.open.retain(|claim| !claim.is_confirmed_by(fact));
        let is_stated = self.stated.iter().any(|claim| claim.is_confirmed_by(fact));
        self.has_unstated |= !is_stated && !self.may_leave_out(fact);
    }

    /// Returns true if an entry with this many reviews may have dropped the one of the fact: the first and the latest
    /// ones stay.
    fn may_leave_out(&self, fact: &FactForm) -> bool {
        let [first, second, ..] = self.stated.as_slice() else { return false };
        let at = fact.at.as_deref().unwrap_or_default();
        self.stated.len() >= REVIEWS_KEPT && (first.at.as_str()..=second.at.as_str()).contains(&at)
    }

    /// Returns true if the ledger lacks a review, or has one that is not stated.
    pub fn differ(&self) -> bool {
        !self.open.is_empty() || self.has_unstated
    }
}

/// Confirmation of a recording, to be compared with the ledger.
#[derive(Debug, Clone, Default)]
pub struct Confirmations {
    stated: Option<ConfirmationClaim>,
    is_confirmed: bool,
    has_fact: bool,
}

impl Confirmations {
    /// Starts with the confirmation of an entry, if there is one.
    pub fn new(stated: Option<ConfirmationClaim>) -> Self {
        Self { stated, ..Self::default() }
    }

    /// Compares the fact of a confirmation.
    pub fn take(&mut self, fact: &FactForm) {
        self.has_fact = true;
        self.is_confirmed |= self.stated.as_ref().is_some_and(|ConfirmationClaim { by, at, reason, session }| {
            [&fact.by, &fact.at, &fact.reason, &fact.session]
                == [&Some(by.clone()), &Some(at.clone()), &Some(reason.clone()), session]
        });
    }

    /// Returns true if the ledger lacks the stated confirmation, or has one although none is stated.
    pub fn differ(&self) -> bool {
        match self.stated {
            Some(_) => !self.is_confirmed,
            None => self.has_fact,
        }
    }
}

/// Deletion of a recording, to be compared with the ledger.
#[derive(Debug, Clone, Default)]
pub struct Deletions {
    stated: Option<DeletionClaim>,
    is_confirmed: bool,
    has_fact: bool,
}

impl Deletions {
    /// Starts with the deletion of an entry, if the archivist decided one.
    pub fn new(stated: Option<DeletionClaim>) -> Self {
        Self { stated, ..Self::default() }
    }

    /// Compares the fact of a deletion. A recording that came back may have several.
    pub fn take(&mut self, fact: &FactForm) {
        self.has_fact = true;
        self.is_confirmed |= self.stated.as_ref().is_some_and(|claim| {
            let DeletionClaim { by, policy_digest, class, rules, approved } = claim;
            let by = approved.as_ref().map_or_else(|| by.clone(), |given| format!("{by}, allowed by {}", given.by));
            [&fact.by, &fact.policy, &fact.class] == [&Some(by), &Some(policy_digest.clone()), &Some(class.clone())]
                && fact.rules.as_ref() == Some(rules)
        });
    }

    /// Returns true if the entry states a deletion.
    pub fn is_stated(&self) -> bool {
        self.stated.is_some()
    }

    /// Returns true if the ledger lacks the stated deletion, or has one although none is stated.
    pub fn differ(&self) -> bool {
        match self.stated {
            Some(_) => !self.is_confirmed,
            None => self.has_fact,
        }
    }
}

/// Hold, to be compared with the ledger.
#[derive(Debug, Clone)]
pub struct HoldClaims {
    stated: HoldClaim,
    is_placement_found: bool,
    is_release_found: bool,
    has_other_release: bool,
}

impl HoldClaims {
    /// Starts with a stated hold.
    pub fn new(stated: HoldClaim) -> Self {
        Self { stated, is_placement_found: false, is_release_found: false, has_other_release: false }
    }

    /// Returns what is stated.
    pub fn stated(&self) -> &HoldClaim {
        &self.stated
    }

    /// Compares a fact about the hold.
    pub fn take(&mut self, fact: &FactForm) {
        let HoldClaim { id: _, case, scope, placed_at, placed_by, released_at, released_by } = &self.stated;
        let is_of = |by: &ActorClaim, at: &String| {
            [&fact.case, &fact.by, &fact.at] == [&Some(case.clone()), &Some(by.shown()), &Some(at.clone())]
        };
        match fact.kind.as_str() {
            "hold.placed" => {
                // Lines of earlier releases have no scope.
                let has_scope = fact.scope.as_ref().is_none_or(|said| Some(said) == in_words(scope).as_ref());
                self.is_placement_found |= has_scope && is_of(placed_by, placed_at);
            }
            "hold.released" => {
                let stated = released_by.as_ref().zip(released_at.as_ref());
                self.is_release_found |= stated.is_some_and(|(by, at)| is_of(by, at));
                self.has_other_release |= stated.is_none() && fact.at.as_ref().is_some_and(|at| at > placed_at);
            }
            _ => {}
        }
    }

    /// Returns true if the ledger lacks the placing or the release, or has a release that is not stated.
    pub fn differ(&self) -> bool {
        let is_release_open = self.stated.released_at.is_some() && !self.is_release_found;
        !self.is_placement_found || is_release_open || self.has_other_release
    }
}

/// Returns the conditions as the ledger writes them. `None` if there is an unknown one.
fn in_words(scope: &BTreeMap<String, String>) -> Option<String> {
    let said: Vec<String> = SCOPE.iter().filter_map(|name| Some(format!("{name} {}", scope.get(*name)?))).collect();
    (said.len() == scope.len()).then(|| said.join(", "))
}
