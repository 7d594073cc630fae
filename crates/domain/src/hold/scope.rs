//! What a hold covers.

use std::fmt;

use jiff::Timestamp;
use thiserror::Error;

use crate::catalogue::Entry;
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
    /// The recordings of a person; case does not count.
    pub person: Option<String>,
    /// The recordings of a machine; case does not count.
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
}

impl Scope {
    /// Checks that it says something that can be so.
    pub fn check(&self) -> Result<(), ScopeError> {
        if *self == Self::default() {
            return Err(ScopeError::Empty);
        }
        let is_backwards = self.from.zip(self.to).is_some_and(|(from, to)| to <= from);
        if is_backwards { Err(ScopeError::Backwards) } else { Ok(()) }
    }

    /// Whether it covers a recording, as far as that is known.
    pub fn covers(&self, entry: &Entry) -> Truth {
        let same = |one: &str, other: &str| one.trim().to_lowercase() == other.trim().to_lowercase();
        let is_recording =
            self.recording.map(|id| Truth::of(Some(id == entry.id || entry.custody.returned_from.contains(&id))));
        let is_bastion = self.bastion.as_deref().map(|name| Truth::of(Some(name == entry.bastion.as_str())));
        let is_session = self
            .session
            .as_ref()
            .map(|id| of_any_session(&entry.joined.verdict, |session| Some(same(session.tunnel_id.as_str(), id))));
        let is_person = self.person.as_ref().map(|person| {
            of_any_session(&entry.joined.verdict, |session| Some(same(session.user_email.as_deref()?, person)))
        });
        let is_machine = self
            .machine
            .as_ref()
            .map(|machine| of_any_session(&entry.joined.verdict, |session| Some(same(&session.machine()?, machine))));
        let lines = [is_recording, is_bastion, is_session, is_person, is_machine, self.went_on(entry)];
        Truth::all(lines.into_iter().flatten())
    }

    /// Whether the recording went on within the range.
    fn went_on(&self, entry: &Entry) -> Option<Truth> {
        if self.from.is_none() && self.to.is_none() {
            return None;
        }
        let ends_in_time = self.from.map(|from| entry.life.last_modified().map(|at| at >= from));
        let begins_in_time = self.to.map(|to| entry.created_at().map(|at| at < to));
        Some(Truth::all([ends_in_time, begins_in_time].into_iter().flatten().map(Truth::of)))
    }
}

/// Whether something is so of a recording's session: unknown where it is not known, and where it is only one of several
/// of which some fit.
fn of_any_session(verdict: &Match, is_so: impl Fn(&SessionFacts) -> Option<bool>) -> Truth {
    match verdict {
        Match::Matched(matched) => Truth::of(is_so(&matched.session)),
        Match::Ambiguous { candidates, .. } => {
            let answers: Vec<Truth> = candidates.iter().map(|candidate| Truth::of(is_so(&candidate.session))).collect();
            match answers.first() {
                Some(first) if answers.iter().all(|answer| answer == first) => *first,
                _ => Truth::Unknown,
            }
        }
        Match::Pending | Match::Unmatched { .. } => Truth::Unknown,
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
