//! Reviews of an entry, and the people who must not review it.

use super::entry::Entry;
use crate::record::hold::Actor;
use crate::record::join::Match;
use crate::record::review::{NO_REVIEW, ReviewMark};

impl Entry {
    /// Returns the review that counts: the last one by a person whose own session the recording cannot be. A review
    /// stops counting when late data shows that the session may be the reviewer's own.
    pub fn review(&self) -> Option<&ReviewMark> {
        self.reviews.iter().rev().find(|mark| !self.may_be_session_of(&mark.by))
    }

    /// Returns the outcome of the review that counts, as a word; `none` without one.
    pub fn review_outcome(&self) -> &'static str {
        self.review().map_or(NO_REVIEW, |mark| mark.outcome.name())
    }

    /// Returns true if the recording shows, or may show, a session of this person: by the verdict, by the log behind a
    /// confirmation, and by any candidate. Case does not count. A name that is not verified is also compared with the
    /// part of an address before `@`. Sessions without a known person exclude nobody.
    pub fn may_be_session_of(&self, person: &Actor) -> bool {
        let is_named = |verdict: &Match| people(verdict).any(|known| is_same_person(known, person));
        is_named(&self.joined.verdict) || is_named(self.joined.found())
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

fn is_same_person(known: &str, person: &Actor) -> bool {
    let (known, name) = (known.trim().to_lowercase(), person.name.trim().to_lowercase());
    let local_part = known.split_once('@').map(|(local, _)| local);
    known == name || !person.is_verified && local_part == Some(name.as_str())
}
