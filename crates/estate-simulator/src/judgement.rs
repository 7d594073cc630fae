//! What can be known of a recording, from the truth alone.
//!
//! The arithmetic is written here and nowhere else, so that no mistake of a matcher can repeat itself in its judge.

use jiff::{SignedDuration, Timestamp};

use crate::truth::{Kind, TrueRecording, TrueSession, Truth};

/// How far apart the two clocks may show the start of a session.
const START: SignedDuration = SignedDuration::from_secs(120);

/// How far apart they may show its end.
const END: SignedDuration = SignedDuration::from_secs(180);

impl Truth {
    /// Whether it can be known, once all has arrived that will, which session a recording shows.
    ///
    /// That is so if of all web sessions of which start and end are told exactly one fits its name, start and end, if
    /// that one is its own, and if no stranger may have been there: a recording whose own session is not told so (records
    /// are lost, it has not ended, it is a failed login), and which may fit the same session, or one that another
    /// recording may fit which may fit the same session, and so on. Of so many recordings and one session less, nobody can
    /// tell which is the stranger.
    pub fn decidable(&self, recording: &TrueRecording) -> bool {
        let own = &self.sessions[recording.session];
        let whole = self.sessions.iter().filter(|session| is_whole(session));
        is_whole(own)
            && self.fits(recording, own)
            && whole.filter(|session| self.fits(recording, session)).count() == 1
            && !self.has_stranger_near(recording)
    }

    /// The person that a recording shows, in lower case, if it can be known who it is, though perhaps not in which
    /// session: every session that may fit is of this one person, and no stranger may have been there.
    pub fn decidable_person(&self, recording: &TrueRecording) -> Option<&str> {
        let person = self.person_of(recording)?;
        let web = self.sessions.iter().filter(|session| session.kind == Kind::Web && session.is_told());
        let possible: Vec<_> = web.filter(|session| self.may_fit(recording, session)).collect();
        let all_theirs = possible.iter().all(|session| session.person.as_deref() == Some(person));
        let is_known = is_whole(&self.sessions[recording.session]) && !self.has_stranger_near(recording);
        (is_known && all_theirs).then_some(person)
    }

    /// Whether name, start and end of a session fit a recording.
    pub fn fits(&self, recording: &TrueRecording, session: &TrueSession) -> bool {
        let end = session.ended_at;
        self.begins_with(recording, session) && end.is_some_and(|end| within(END, recording.last_written_at, end))
    }

    /// Whether nothing that arrives says that a session does not fit a recording: an end that nobody tells contradicts
    /// nothing.
    pub fn may_fit(&self, recording: &TrueRecording, session: &TrueSession) -> bool {
        self.begins_with(recording, session) && (session.end_told_at.is_none() || self.fits(recording, session))
    }

    fn begins_with(&self, recording: &TrueRecording, session: &TrueSession) -> bool {
        session.bastion == self.sessions[recording.session].bastion
            && names(recording.address.name.as_str(), session)
            && within(START, recording.created_at, session.started_at)
    }

    /// Whether a recording whose own session is not to be found in the log may fit the session of this one, directly or
    /// by way of other recordings and sessions.
    fn has_stranger_near(&self, recording: &TrueRecording) -> bool {
        let web: Vec<&TrueSession> =
            self.sessions.iter().filter(|session| session.kind == Kind::Web && session.is_told()).collect();
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

/// Whether it is a web session of which the log tells start and end.
fn is_whole(session: &TrueSession) -> bool {
    session.kind == Kind::Web && session.end_told_at.is_some()
}

fn within(tolerance: SignedDuration, one: Timestamp, other: Timestamp) -> bool {
    one.duration_since(other).abs() <= tolerance
}

/// Whether the bastion could have given a recording of this session this name: whole, or with a number behind a dot.
fn names(name: &str, session: &TrueSession) -> bool {
    let base = format!("{}-{}", session.target.name, session.account).to_ascii_lowercase();
    let name = name.to_ascii_lowercase();
    let Some(rest) = name.strip_prefix(&base) else { return false };
    let number = rest.strip_prefix('.');
    rest.is_empty() || number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}
