//! Decides if a hold covers a recording or session.

use jiff::Timestamp;
use thiserror::Error;

use super::machine::is_machine;
use super::tunnel::is_session;
use crate::folded::fold;
use crate::policy::matcher::ConditionResult;
use crate::policy::times::StoredTimes;
use crate::record::catalogue::Entry;
use crate::record::hold::HoldScope;
use crate::record::join::Match;
use crate::record::person_name::is_same_person;
use crate::record::recording_id::RecordingId;
use crate::record::session::SessionFacts;

/// Error in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ScopeError {
    /// No condition is given, which would cover everything.
    #[error("a hold needs a recording, session, person, machine, bastion or time range")]
    Empty,
    /// The range ends at or before its start.
    #[error("the time range does not end after its start")]
    Backwards,
    /// A name contains pattern characters, which a scope does not support.
    #[error("a hold takes exact names, no patterns: give names without * and ?, or place a hold for each")]
    Pattern,
    /// A name contains no letter or digit to compare.
    #[error("a name of a hold needs letters or digits")]
    Blank,
}

impl HoldScope {
    /// Checks the scope. Returns an error if it is empty or can never apply.
    pub fn check(&self) -> Result<(), ScopeError> {
        if *self == Self::default() {
            return Err(ScopeError::Empty);
        }
        let mut named = [&self.person, &self.machine, &self.bastion].into_iter().flatten();
        // An address of the management API contains a question mark.
        if named.clone().any(|name| name.contains('*') || name.contains('?') && !name.contains('/')) {
            return Err(ScopeError::Pattern);
        }
        if named.any(|name| fold(name).chars().all(|letter| !letter.is_alphanumeric())) {
            return Err(ScopeError::Blank);
        }
        let is_backwards = self.from.zip(self.to).is_some_and(|(from, to)| to <= from);
        if is_backwards { Err(ScopeError::Backwards) } else { Ok(()) }
    }

    /// Checks if the scope covers a recording. Never `False` if the recording may be meant.
    pub fn covers(&self, entry: &Entry) -> ConditionResult {
        let is_recording = self.recording.map(|id| is_recording(id, entry));
        let of_session = self.asks_session().then(|| of_its_session(entry, |session| self.fits(session)));
        let is_on_bastion = self.is_on_bastion(entry.bastion.as_str()).map(|answer| match answer {
            // A container belongs to one bastion, whose name in the configuration may have changed.
            ConditionResult::False if self.containers.contains(&entry.address.container()) => ConditionResult::Unknown,
            answer => answer,
        });
        ConditionResult::all([is_recording, is_on_bastion, of_session, self.went_on(entry)].into_iter().flatten())
    }

    /// Checks if the scope covers a session of this bastion. A condition on one recording is ignored.
    pub fn covers_session(&self, bastion: &str, session: &SessionFacts) -> ConditionResult {
        // Contradictory times are ignored.
        let is_sound = session.started_at.zip(session.ended_at).is_none_or(|(start, end)| start <= end);
        let ends_in_time = self.from.map(|from| session.ended_at.filter(|_| is_sound).map(|at| at >= from));
        let begins_in_time = self.to.map(|to| session.started_at.filter(|_| is_sound).map(|at| at < to));
        let times = [ends_in_time, begins_in_time].into_iter().flatten().map(ConditionResult::from_test);
        ConditionResult::all(self.is_on_bastion(bastion).into_iter().chain(times).chain([self.fits(session)]))
    }

    /// Returns true if the scope depends on the session: its id, person or machine.
    pub fn asks_session(&self) -> bool {
        self.session.is_some() || self.person.is_some() || self.machine.is_some()
    }

    fn is_on_bastion(&self, bastion: &str) -> Option<ConditionResult> {
        self.bastion.as_deref().map(|name| ConditionResult::from_test(Some(fold(name) == fold(bastion))))
    }

    /// Checks id, person and machine of a session.
    fn fits(&self, session: &SessionFacts) -> ConditionResult {
        let is_session = self.session.as_deref().map(|id| is_session(id, &session.tunnel_id));
        let is_person = self.person.as_deref().map(|person| {
            session
                .user_email
                .as_deref()
                .map_or(ConditionResult::Unknown, |known| ConditionResult::from_test(is_same_person(person, known)))
        });
        let is_machine = self.machine.as_deref().map(|machine| is_machine(machine, session));
        ConditionResult::all([is_session, is_person, is_machine].into_iter().flatten())
    }

    /// Checks the time range. The times of storage decide; no time from the log excludes a recording.
    fn went_on(&self, entry: &Entry) -> Option<ConditionResult> {
        if self.from.is_none() && self.to.is_none() {
            return None;
        }
        let stored = StoredTimes::from_life(&entry.life);
        let ends_in_time = self.from.map(|from| match stored {
            Some(stored) if stored.last_modified >= from => ConditionResult::True,
            // A received write not yet observed may be as late as its event claims.
            Some(_) if entry.life.last_modified().is_none_or(|modified| modified < from) => ConditionResult::False,
            _ => ConditionResult::Unknown,
        });
        let begins_in_time = self.to.map(|to| match stored {
            Some(stored) if stored.created_at < to => ConditionResult::True,
            // Written for longer than any upload or copy takes, so the session began with the recording.
            Some(stored) if !stored.may_be_uploaded() => ConditionResult::False,
            Some(stored) if stored.begun_after() >= to && begins_after(entry, to) => ConditionResult::False,
            // The recording may have been uploaded after a session that began earlier, or copied much later.
            _ => ConditionResult::Unknown,
        });
        Some(ConditionResult::all([ends_in_time, begins_in_time].into_iter().flatten()))
    }
}

/// Returns true if the session is known and its match is settled, and every start that the log names lies at `to` or
/// later. A copy has a creation of its own, so only a known session can then exclude a recording.
fn begins_after(entry: &Entry, to: Timestamp) -> bool {
    let begins_after = |session: &SessionFacts| session.started_at.is_some_and(|at| at >= to);
    let is_known = entry.has_settled_match() && entry.match_state.found().session().is_some();
    is_known && entry.match_state.verdict.sessions().chain(entry.match_state.found().sessions()).all(begins_after)
}

/// Returns `Unknown` if the blob may be the one of this recording, put back under its name.
fn is_recording(id: RecordingId, entry: &Entry) -> ConditionResult {
    if id == entry.id || entry.custody.returned_from.contains(&id) {
        ConditionResult::True
    } else if entry.custody.perhaps_returned_from.contains(&id) {
        ConditionResult::Unknown
    } else {
        ConditionResult::False
    }
}

/// Answers a question about a recording's session. `False` only if the session is known and its match is
/// [settled](Entry::has_settled_match): candidates come from the log as read so far, and the true session may be none
/// of them, or one cut off from the list.
///
/// A confirmation can only widen a hold. It adds a recording, and every session left possible by the log alone stays
/// covered. A confirmation therefore never releases a recording from a hold.
fn of_its_session(entry: &Entry, question: impl Fn(&SessionFacts) -> ConditionResult) -> ConditionResult {
    let confirmed = entry.match_state.confirmed.as_ref().and(entry.match_state.verdict.session());
    let by_word = confirmed.map_or(ConditionResult::False, &question);
    ConditionResult::any([by_word, by_log(entry, question)])
}

/// Answers from the log alone.
fn by_log(entry: &Entry, question: impl Fn(&SessionFacts) -> ConditionResult) -> ConditionResult {
    match entry.match_state.found() {
        Match::Matched(matched) => match question(&matched.session) {
            ConditionResult::False if !entry.has_settled_match() => ConditionResult::Unknown,
            answer => answer,
        },
        // Every candidate answers yes, and the recording belongs to one of them.
        Match::Ambiguous { candidates, more: 0, person: Some(_) }
            if candidates.iter().all(|candidate| question(&candidate.session) == ConditionResult::True) =>
        {
            ConditionResult::True
        }
        Match::Ambiguous { .. } | Match::Pending | Match::Unmatched { .. } => ConditionResult::Unknown,
    }
}
