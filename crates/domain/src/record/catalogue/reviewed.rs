//! Reviews of an entry, and the people who must not review it.

use super::entry::Entry;
use crate::record::hold::Actor;
use crate::record::join::Match;
use crate::record::person_name::{is_address, is_same_person, is_user_of};
use crate::record::review::NO_REVIEW;
use crate::record::review_mark::{ReviewMark, ReviewValidity, ReviewedContent};

impl Entry {
    /// Returns the review that counts: the last one of the present content, by a person whose own session the recording
    /// cannot be. A review stops counting when the blob is overwritten, and when late data shows that the session may be
    /// the reviewer's own.
    pub fn review(&self) -> Option<&ReviewMark> {
        self.reviews.iter().rev().find(|mark| self.validity_of(mark) == ReviewValidity::Counts)
    }

    /// Returns whether a review of this entry counts.
    pub fn validity_of(&self, mark: &ReviewMark) -> ReviewValidity {
        if !mark.content.as_ref().is_some_and(|content| self.has_content(content)) {
            ReviewValidity::EarlierContent
        } else if self.may_be_session_of(&mark.by) {
            ReviewValidity::OwnSession
        } else {
            ReviewValidity::Counts
        }
    }

    /// Returns the present content, as a review stores it. `None` if its ETag is unknown.
    pub(crate) fn reviewed_content(&self) -> Option<ReviewedContent> {
        let etag = self.life.etag()?;
        let fingerprint = self.custody.fingerprint.as_ref().filter(|print| print.etag == etag);
        Some(ReviewedContent { sha256: fingerprint.map(|print| print.sha256), etag })
    }

    /// Returns true if this is the present content: by its ETag, or by its hash if both are known.
    fn has_content(&self, content: &ReviewedContent) -> bool {
        self.reviewed_content().is_some_and(|present| {
            present.etag == content.etag || present.sha256.is_some() && present.sha256 == content.sha256
        })
    }

    /// Returns the outcome of the review that counts, as a word; `none` without one.
    pub fn review_outcome(&self) -> &'static str {
        self.review().map_or(NO_REVIEW, |mark| mark.outcome.name())
    }

    /// Returns true if the recording shows, or may show, a session of this person: by the verdict, by the log behind a
    /// confirmation, and by any candidate. Case and the form of a guest's name do not count. Names that cannot be compared
    /// may be of one person, such as a verified name without an address. The user of a machine is compared with the part
    /// of an address before `@`. Sessions without a known person exclude nobody.
    pub fn may_be_session_of(&self, person: &Actor) -> bool {
        let is_named = |verdict: &Match| people(verdict).any(|known| may_be(known, person));
        is_named(&self.match_state.verdict) || is_named(self.match_state.found())
    }
}

/// Returns the people of the session, of every candidate, and of a failed login.
fn people(verdict: &Match) -> impl Iterator<Item = &str> {
    let attempt = match verdict {
        Match::Unmatched { attempt } => attempt.as_deref(),
        Match::Pending | Match::Matched(_) | Match::Ambiguous { .. } => None,
    };
    let sessions = verdict.sessions().chain(attempt);
    sessions.filter_map(|session| session.user_email.as_deref()).chain(verdict.person())
}

fn may_be(known: &str, person: &Actor) -> bool {
    match is_same_person(known, &person.name) {
        Some(is_same) => is_same,
        None => person.is_verified || is_address(&person.name) || is_user_of(&person.name, known),
    }
}
