//! Decides from the truth alone which sessions and persons of recordings can be known.
//!
//! The arithmetic is independent of the matcher, so that a mistake of the matcher cannot repeat itself here.

use jiff::{SignedDuration, Timestamp};

use crate::truth::{ConnectionKind, DayTruth, TrueRecording, TrueSession};

/// Tolerance between the two clocks for the start of a session.
const START: SignedDuration = SignedDuration::from_secs(120);

/// Tolerance between the two clocks for the end of a session.
const END: SignedDuration = SignedDuration::from_secs(180);

impl DayTruth {
    /// Returns true if the session of a recording can be known after all arrivals.
    ///
    /// The conditions: exactly one web session with known start and end fits the recording's name, start and end; this
    /// session is the recording's own; and no stranger is near. A stranger is a recording whose own session lacks a
    /// start or end in the log (records are lost, the session has not ended, or the login failed). A stranger is near
    /// if it may fit the same session, directly or through a chain of other recordings and sessions. With one session
    /// fewer than recordings, the stranger among them cannot be identified.
    pub fn decidable(&self, recording: &TrueRecording) -> bool {
        let own = &self.sessions[recording.session];
        let whole = self.sessions.iter().filter(|session| is_whole(session));
        is_whole(own)
            && self.fits(recording, own)
            && whole.filter(|session| self.fits(recording, session)).count() == 1
            && !self.has_stranger_near(recording)
    }

    /// Returns the person on a recording, in lower case, if the person can be known even though the session perhaps
    /// cannot: every session that may fit belongs to this person, and no stranger is near.
    pub fn decidable_person(&self, recording: &TrueRecording) -> Option<&str> {
        let person = self.person_of(recording)?;
        let web = self.sessions.iter().filter(|session| session.kind == ConnectionKind::Web && session.is_told());
        let possible: Vec<_> = web.filter(|session| self.may_fit(recording, session)).collect();
        let all_theirs = possible.iter().all(|session| session.person.as_deref() == Some(person));
        let is_known = is_whole(&self.sessions[recording.session]) && !self.has_stranger_near(recording);
        (is_known && all_theirs).then_some(person)
    }

    /// Returns true if name, start and end of a session fit a recording.
    pub fn fits(&self, recording: &TrueRecording, session: &TrueSession) -> bool {
        let end = session.ended_at;
        self.begins_with(recording, session) && end.is_some_and(|end| within(END, recording.last_written_at, end))
    }

    /// Returns true if no arrival contradicts the session. An end without a record contradicts nothing.
    pub fn may_fit(&self, recording: &TrueRecording, session: &TrueSession) -> bool {
        self.begins_with(recording, session) && (session.end_told_at.is_none() || self.fits(recording, session))
    }

    fn begins_with(&self, recording: &TrueRecording, session: &TrueSession) -> bool {
        session.bastion == self.sessions[recording.session].bastion
            && names(recording.address.name.as_str(), session)
            && within(START, recording.created_at, session.started_at)
    }

    /// Returns true if a recording whose own session is incomplete in the log may fit this recording's session,
    /// directly or through a chain of other recordings and sessions.
    fn has_stranger_near(&self, recording: &TrueRecording) -> bool {
        let web: Vec<&TrueSession> =
            self.sessions.iter().filter(|session| session.kind == ConnectionKind::Web && session.is_told()).collect();
        let mut near = vec![recording];
        let mut looked_at = 0;
        while let Some(one) = near.get(looked_at).copied() {
            looked_at += 1;
            for session in web.iter().filter(|session| self.may_fit(one, session)) {
                let others = self.recordings.iter().filter(|other| self.may_fit(other, session));
                let new: Vec<&TrueRecording> = others.filter(|other| !near.contains(other)).collect();
                near.extend(new);
            }
        }
        near.iter().any(|one| !is_whole(&self.sessions[one.session]))
    }
}

/// Returns true for a web session with start and end in the log.
fn is_whole(session: &TrueSession) -> bool {
    session.kind == ConnectionKind::Web && session.end_told_at.is_some()
}

fn within(tolerance: SignedDuration, one: Timestamp, other: Timestamp) -> bool {
    one.duration_since(other).abs() <= tolerance
}

/// Returns true if the bastion could give this name to a recording of the session: the base name, or the base name
/// with a dot and a number.
fn names(name: &str, session: &TrueSession) -> bool {
    let base = format!("{}-{}", session.target.name, session.account).to_ascii_lowercase();
    let name = name.to_ascii_lowercase();
    let Some(rest) = name.strip_prefix(&base) else { return false };
    let number = rest.strip_prefix('.');
    rest.is_empty() || number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}
