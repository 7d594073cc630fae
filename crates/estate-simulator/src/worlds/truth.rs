//! What really happened in a world, and what of it nobody can know.

/// The truth about every recording and every session, by their indexes in the world.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truth {
    /// One entry for each recording.
    pub recordings: Vec<TrueBlob>,
    /// One entry for each session of the log.
    pub sessions: Vec<SessionFate>,
}

/// The truth about a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrueBlob {
    /// What it shows.
    pub shows: Shows,
    /// Person on it, whether logged or not.
    pub person: String,
    /// How it was written.
    pub way: WrittenAs,
    /// False if times and names leave another explanation possible, even to a reader who knows the limits of every
    /// delay and the error of every clock. Such an explanation may still be improbable: a matcher that weighs
    /// probabilities may name some of these and be right.
    pub is_knowable: bool,
}

/// What is on a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// The session with this index.
    Session(usize),
    /// A session that has no record in the log. No session of the world may be named.
    UnloggedSession,
    /// A login that failed. No session of the world may be named.
    FailedLogin,
}

/// How the recorder wrote a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenAs {
    /// Created at the begin of the session, written for the last time at its end.
    Live,
    /// Created and written after the session's end.
    Uploaded,
}

/// What became of the recording of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionFate {
    /// The recording with this index shows it.
    Recorded(usize),
    /// Native client, which Bastion cannot record.
    NativeClient,
    /// Began while the bastion did not record.
    Outage,
    /// Never written, or deleted before the reader saw it.
    Lost,
}

impl Truth {
    /// Returns the session that a recording shows, or `None` if the log does not have it.
    pub fn session_of(&self, recording: usize) -> Option<usize> {
        match self.recordings[recording].shows {
            Shows::Session(session) => Some(session),
            Shows::UnloggedSession | Shows::FailedLogin => None,
        }
    }

    /// Returns the recording that shows a session, or `None` if there is none.
    pub fn recording_of(&self, session: usize) -> Option<usize> {
        match self.sessions[session] {
            SessionFate::Recorded(recording) => Some(recording),
            SessionFate::NativeClient | SessionFate::Outage | SessionFate::Lost => None,
        }
    }
}
