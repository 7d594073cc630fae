//! Statements of the bundle that the ledger should confirm.

use std::collections::HashMap;

use domain::record::blob::whole_second;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::hold::Actor;
use domain::record::ledger::Sha256;
use domain::record::recording_id::RecordingId;
use domain::record::review_mark::ReviewMark;
use evidence::{
    ActorClaim, ApprovalClaim, ConfirmationClaim, Confirmations, DeletionClaim, Deletions, FactForm, HoldClaim,
    HoldClaims, ReviewClaim, ReviewClaims, Unknown,
};

use crate::hold::KnownHold;

/// Recordings and holds of the bundle, with what the ledger should say about them.
#[derive(Default)]
pub(super) struct Wanted {
    recordings: HashMap<RecordingId, Expected>,
    holds: HashMap<String, Vec<HoldClaims>>,
}

#[derive(Default)]
struct Expected {
    sha256: Option<Sha256>,
    is_hash_found: bool,
    reviews: ReviewClaims,
    confirmations: Confirmations,
    deletions: Deletions,
}

impl Wanted {
    pub(super) fn add(&mut self, entry: &Entry) {
        let sha256 = entry.custody.fingerprint.as_ref().map(|print| print.sha256);
        let expected = Expected {
            sha256,
            is_hash_found: false,
            reviews: ReviewClaims::new(entry.reviews.iter().map(review).collect()),
            confirmations: Confirmations::new(confirmation(entry)),
            deletions: Deletions::new(deletion(entry)),
        };
        self.recordings.insert(entry.id, expected);
    }

    pub(super) fn add_hold(&mut self, known: &KnownHold) {
        let claims = HoldClaims::new(hold(known));
        self.holds.entry(known.hold.id.as_str().to_owned()).or_default().push(claims);
    }

    /// Returns what a fact is about, if it is about something in the bundle.
    pub(super) fn take(&mut self, fact: &FactForm) -> Option<String> {
        if let Some(hold) = &fact.hold
            && let Some(claims) = self.holds.get_mut(hold)
        {
            claims.iter_mut().for_each(|claims| claims.take(fact));
            return Some(hold.clone());
        }
        let id = fact.recording.as_ref()?;
        let expected = self.recordings.get_mut(&RecordingId::parse(id).ok()?)?;
        match fact.kind.as_str() {
            "recording.hashed" => {
                let sha256 = fact.sha256.as_deref().and_then(Sha256::parse);
                expected.is_hash_found |= sha256.is_some() && sha256 == expected.sha256;
            }
            "recording.reviewed" => expected.reviews.take(fact),
            "recording.confirmed" => expected.confirmations.take(fact),
            "recording.deleted" => expected.deletions.take(fact),
            _ => {}
        }
        Some(id.clone())
    }

    /// Returns the proofs that the ledger lacks.
    pub(super) fn unproven(&self) -> Vec<Unknown> {
        let mut unknown = Vec::new();
        let mut missing = |about: &str, what: &str, reason: &str| {
            let [about, what, reason] = [about, what, reason].map(str::to_owned);
            unknown.push(Unknown { about, what, reason });
        };
        for (id, expected) in &self.recordings {
            let id = id.to_string();
            if expected.sha256.is_some() && !expected.is_hash_found {
                missing(&id, "hash_in_ledger", "the ledger does not have the hash of its content, or not yet");
            }
            if expected.reviews.differ() {
                missing(
                    &id,
                    "review_in_ledger",
                    "the ledger has other reviews, or does not have one of its reviews yet",
                );
            }
            if expected.confirmations.differ() {
                let reason = "the ledger has another confirmation of its session, or does not have it yet";
                missing(&id, "confirmation_in_ledger", reason);
            }
            if expected.deletions.differ() {
                let reason = if expected.deletions.is_stated() {
                    "the ledger does not record its deletion, or not yet"
                } else {
                    "the ledger records its deletion, but its entry does not"
                };
                missing(&id, "deletion_in_ledger", reason);
            }
        }
        for (id, claims) in &self.holds {
            if claims.iter().any(HoldClaims::differ) {
                missing(id, "hold_in_ledger", "the ledger does not place or release it like this, or not yet");
            }
        }
        unknown
    }
}

fn review(mark: &ReviewMark) -> ReviewClaim {
    let ReviewMark { outcome, by, at, ticket, note, content } = mark;
    ReviewClaim {
        outcome: outcome.name().to_owned(),
        by: by.name.clone(),
        verified: by.is_verified,
        at: at.to_string(),
        ticket: ticket.clone(),
        note: note.clone(),
        etag: content.as_ref().map(|content| content.etag.as_str().to_owned()),
    }
}

fn confirmation(entry: &Entry) -> Option<ConfirmationClaim> {
    let confirmed = entry.match_state.confirmed.as_ref()?;
    let session = entry.match_state.verdict.session().map(|session| session.tunnel_id.as_str().to_owned());
    let (by, reason) = (confirmed.by.clone(), confirmed.reason.clone());
    Some(ConfirmationClaim { by, at: confirmed.at.to_string(), reason, session })
}

fn deletion(entry: &Entry) -> Option<DeletionClaim> {
    let tombstone = entry.custody.tombstone.as_ref().filter(|_| entry.state == RecordingState::Deleted)?;
    Some(DeletionClaim {
        by: tombstone.by.name().to_owned(),
        policy_digest: tombstone.policy.0.clone(),
        class: tombstone.class.clone(),
        rules: tombstone.rules.clone(),
        approved: tombstone.approval.as_ref().map(|approval| ApprovalClaim { by: approval.by.clone() }),
    })
}

fn hold(known: &KnownHold) -> HoldClaim {
    let KnownHold { hold, released } = known;
    let actor = |actor: &Actor| ActorClaim { name: actor.name.clone(), verified: actor.is_verified };
    HoldClaim {
        id: hold.id.as_str().to_owned(),
        case: hold.case.clone(),
        scope: hold.scope.parts().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        placed_at: whole_second(hold.placed_at).to_string(),
        placed_by: actor(&hold.placed_by),
        released_at: released.as_ref().map(|(_, at)| whole_second(*at).to_string()),
        released_by: released.as_ref().map(|(by, _)| actor(by)),
    }
}
