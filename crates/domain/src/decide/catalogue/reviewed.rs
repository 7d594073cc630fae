//! Applies a review submitted by a person.
//!
//! Assumptions about the outside, each tested with its opposite:
//! - A person may try to review a recording of their own session. A review by the person, or by the person of any
//!   candidate, is refused, whatever the case of the name.
//! - The same submission can arrive twice. The second changes nothing.
//! - The blob can be overwritten after a review. A review belongs to the content that the entry has at its time; of another
//!   content it does not count, and the same submission is another review.

use jiff::Timestamp;

use super::tombstone::record;
use crate::record::blob::whole_second;
use crate::record::catalogue::{Entry, EntryChangeKind, RecordingState, note};
use crate::record::effect::Effect;
use crate::record::hold::Actor;
use crate::record::ledger::{LedgerEvent, LedgerFact};
use crate::record::review::ReviewOutcome;
use crate::record::review_mark::{REVIEWS_KEPT, ReviewMark, ReviewValidity};

/// Review as submitted by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewSubmission {
    /// Outcome.
    pub outcome: ReviewOutcome,
    /// Reviewer.
    pub by: Actor,
    /// Ticket with the follow-up.
    pub ticket: Option<String>,
    /// Note of the reviewer.
    pub note: Option<String>,
}

/// Reason to refuse a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewRefusal {
    /// The content may still change.
    NotFinal,
    /// The recording no longer exists.
    NotThere(RecordingState),
    /// The recording shows, or may show, a session of the reviewer.
    OwnSession,
}

impl ReviewSubmission {
    fn is(&self, mark: &ReviewMark) -> bool {
        let ReviewMark { outcome, by, at: _, ticket, note, content: _ } = mark;
        (outcome, by, ticket, note) == (&self.outcome, &self.by, &self.ticket, &self.note)
    }
}

impl Entry {
    /// Returns why a review by this person would be refused. `None` if it would be stored.
    pub fn refuses_review(&self, by: &Actor) -> Option<ReviewRefusal> {
        if !self.state.is_there() {
            Some(ReviewRefusal::NotThere(self.state))
        } else if self.final_at.is_none() {
            Some(ReviewRefusal::NotFinal)
        } else {
            self.may_be_session_of(by).then_some(ReviewRefusal::OwnSession)
        }
    }

    /// Returns true if the last stored review is this submission and counts.
    pub fn has_review(&self, submitted: &ReviewSubmission) -> bool {
        let counts = |mark: &ReviewMark| self.validity_of(mark) == ReviewValidity::Counts;
        self.reviews.last().is_some_and(|last| submitted.is(last) && counts(last))
    }
}

/// Stores a review with its ledger fact. Repeating the last submission changes nothing.
pub(super) fn take_review(entry: &mut Entry, submitted: &ReviewSubmission, now: Timestamp) {
    if entry.refuses_review(&submitted.by).is_some() || entry.has_review(submitted) {
        return;
    }
    let ReviewSubmission { outcome, by, ticket, note: text } = submitted.clone();
    let (at, content) = (whole_second(now), entry.reviewed_content());
    let what = LedgerEvent::RecordingReviewed {
        recording: entry.id,
        address: entry.address.clone(),
        outcome,
        by: by.shown(),
        ticket: ticket.clone(),
        note: text.clone(),
        etag: content.as_ref().map(|content| content.etag.clone()),
        sha256: content.as_ref().and_then(|content| content.sha256),
    };
    record(entry, Effect::Record(LedgerFact::new(at, what)).pending(now));
    let change = EntryChangeKind::Reviewed { outcome, by: by.shown(), ticket: ticket.clone() };
    note(&mut entry.history, now, change);
    entry.reviews.push(ReviewMark { outcome, by, at, ticket, note: text, content });
    if entry.reviews.len() > REVIEWS_KEPT {
        entry.reviews.remove(1);
    }
}
