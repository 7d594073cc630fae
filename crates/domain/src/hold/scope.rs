//! What a hold covers.

use std::fmt;

use jiff::Timestamp;
use thiserror::Error;

use super::folded::fold;
use super::machine::is_machine;
use super::person::is_person;
use super::tunnel::is_session;
use crate::catalogue::{Entry, StoredTimes};
use crate::join::Match;
use crate::matcher::Truth;
use crate::recording_id::RecordingId;
use crate::session::SessionFacts;

/// What a hold covers: everything of which all that is said here is so. It says something at least.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// One recording.
    pub recording: Option<RecordingId>,
    /// The recording of one session, by its tunnel id.
    pub session: Option<String>,
    /// The recordings of a person, by sign-in name or mail address.
    pub person: Option<String>,
    /// The recordings of a machine or a scale set, by name, address, network or resource id.
    pub machine: Option<String>,
    /// The recordings of a bastion.
    pub bastion: Option<String>,
    /// Only recordings that went on at this time or later.
    pub from: Option<Timestamp>,
    /// Only recordings that began before this time.
    pub to: Option<Timestamp>,
}

/// Why a scope cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ScopeError {
    /// Nothing is said, which would cover everything.
    #[error("a hold needs a recording, session, person, machine, bastion or time range")]
    Empty,
    /// The range ends before it begins.
    #[error("the time range ends before it begins")]
    Backwards,
    /// A text would have to be a pattern, which a scope does not know.
    #[error("a hold takes names as they are and no patterns: name each one without * and ?, or place a hold for each")]
    Pattern,
    /// A text has nothing in it that can be compared.
    #[error("a hold needs a name with letters or digits in it")]
    Blank,
}

impl Scope {
    /// Checks that it says something that can be so.
    pub fn check(&self) -> Result<(), ScopeError> {
        if *self == Self::default() {
            return Err(ScopeError::Empty);
        }
        let mut named = [&self.person, &self.machine, &self.bastion].into_iter().flatten();
        // An address of the management API has a question mark.
        if named.clone().any(|name| name.contains('*') || name.contains('?') && !name.contains('/')) {
            return Err(ScopeError::Pattern);
        }
        if named.any(|name| fold(name).chars().all(|letter| !letter.is_alphanumeric())) {
            return Err(ScopeError::Blank);
        }
        let is_backwards = self.from.zip(self.to).is_some_and(|(from, to)| to <= from);
        if is_backwards { Err(ScopeError::Backwards) } else { Ok(()) }
    }

    /// Whether it covers a recording, as far as that is known. It is never false of a recording that it may mean.
    pub fn covers(&self, entry: &Entry) -> Truth {
        let is_recording =
            self.recording.map(|id| Truth::of(Some(id == entry.id || entry.custody.returned_from.contains(&id))));
        let of_session = self.asks_session().then(|| of_its_session(entry, |session| self.fits(session)));
        let is_on_bastion = self.is_on_bastion(entry.bastion.as_str());
        Truth::all([is_recording, is_on_bastion, of_session, self.went_on(entry)].into_iter().flatten())
    }

    /// Whether it means a session of this bastion, as far as that is known; what it says of one recording does not count.
    pub fn covers_session(&self, bastion: &str, session: &SessionFacts) -> Truth {
        // Times that contradict each other say nothing.
        let is_sound = session.started_at.zip(session.ended_at).is_none_or(|(start, end)| start <= end);
        let ends_in_time = self.from.map(|from| session.ended_at.filter(|_| is_sound).map(|at| at >= from));
        let begins_in_time = self.to.map(|to| session.started_at.filter(|_| is_sound).map(|at| at < to));
        let times = [ends_in_time, begins_in_time].into_iter().flatten().map(Truth::of);
        Truth::all(self.is_on_bastion(bastion).into_iter().chain(times).chain([self.fits(session)]))
    }

    /// Whether it asks whose session it was, or on which machine.
    pub fn asks_session(&self) -> bool {
        self.session.is_some() || self.person.is_some() || self.machine.is_some()
    }

    fn is_on_bastion(&self, bastion: &str) -> Option<Truth> {
        self.bastion.as_deref().map(|name| Truth::of(Some(fold(name) == fold(bastion))))
    }

    /// Whether a session is the one that is asked for.
    fn fits(&self, session: &SessionFacts) -> Truth {
        let is_session = self.session.as_deref().map(|id| is_session(id, &session.tunnel_id));
        let is_person = self
            .person
            .as_deref()
            .map(|person| session.user_email.as_deref().map_or(Truth::Unknown, |known| is_person(person, known)));
        let is_machine = self.machine.as_deref().map(|machine| is_machine(machine, session));
        Truth::all([is_session, is_person, is_machine].into_iter().flatten())
    }

    /// Whether the recording went on within the range. Storage's times decide; no time of a log takes a recording out.
    fn went_on(&self, entry: &Entry) -> Option<Truth> {
        if self.from.is_none() && self.to.is_none() {
            return None;
        }
        let stored = StoredTimes::of(&entry.life);
        let ends_in_time = self.from.map(|from| match stored {
            Some(stored) if stored.last_modified >= from => Truth::True,
            // A write that was heard of, and not seen yet, may be as late as its event says.
            Some(_) if entry.life.last_modified().is_none_or(|heard| heard < from) => Truth::False,
            _ => Truth::Unknown,
        });
        let begins_in_time = self.to.map(|to| match stored {
            Some(stored) if stored.created_at < to => Truth::True,
            Some(stored) if stored.begun_after() >= to && !may_begin_before(entry, to, stored) => Truth::False,
            // It may have been uploaded after a session that began earlier.
            _ => Truth::Unknown,
        });
        Some(Truth::all([ends_in_time, begins_in_time].into_iter().flatten()))
    }
}

/// Whether the log names a session that began before a time of a recording that may have been uploaded: an upload says
/// nothing of a start. A time of a log takes a recording into a hold by this, and never out of one.
fn may_begin_before(entry: &Entry, to: Timestamp, stored: StoredTimes) -> bool {
    let begins_before = |session: &SessionFacts| session.started_at.is_some_and(|at| at < to);
    stored.begun_after() < stored.created_at
        && entry.joined.verdict.sessions().chain(entry.joined.found().sessions()).any(begins_before)
}

/// Asks a question about a recording's session. It is answered with no only where the session is known and its match is
/// [settled](Entry::has_settled_match): candidates are what the log has told so far, and the true session may be none of
/// them, or one that was cut off.
///
/// A person's word only ever makes a hold wider: it takes a recording into one, and what the log alone leaves possible stays
/// covered, so that nobody gets a recording out of a hold by saying whose it is.
fn of_its_session(entry: &Entry, question: impl Fn(&SessionFacts) -> Truth) -> Truth {
    let said = entry.joined.confirmed.as_ref().and(entry.joined.verdict.session());
    let by_word = said.map_or(Truth::False, &question);
    Truth::any([by_word, by_log(entry, question)])
}

/// Answers by what the log alone says.
fn by_log(entry: &Entry, question: impl Fn(&SessionFacts) -> Truth) -> Truth {
    match entry.joined.found() {
        Match::Matched(matched) => match question(&matched.session) {
            Truth::False if !entry.has_settled_match() => Truth::Unknown,
            answer => answer,
        },
        // Of all of them the log says that it is one of them, whoever it is.
        Match::Ambiguous { candidates, more: 0, person: Some(_) }
            if candidates.iter().all(|candidate| question(&candidate.session) == Truth::True) =>
        {
            Truth::True
        }
        Match::Ambiguous { .. } | Match::Pending | Match::Unmatched { .. } => Truth::Unknown,
    }
}

impl Scope {
    /// Every part that it says something of, by its name, as it is compared.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let lower = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_lowercase());
        let parts = [
            ("recording", self.recording.map(|id| id.to_string())),
            ("session", lower(&self.session)),
            ("person", lower(&self.person)),
            ("machine", lower(&self.machine)),
            ("bastion", self.bastion.clone()),
            ("from", self.from.map(|at| at.to_string())),
            ("to", self.to.map(|at| at.to_string())),
        ];
        parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// One line, with every part that it says something of.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = self.parts().into_iter().map(|(name, value)| format!("{name} {value}"));
        f.write_str(&said.collect::<Vec<_>>().join(", "))
    }
}
