//! The truth of a world.

/// The truth about every recording and session, by their indices in the world.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorldTruth {
    /// One entry for each recording.
    pub recordings: Vec<TrueBlob>,
    /// One entry for each logged session.
    pub sessions: Vec<SessionFate>,
}

/// The truth about a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrueBlob {
    /// Session or failed login that it shows.
    pub shows: Shows,
    /// Person on the recording, also if there is no log record.
    pub person: String,
    /// Way of writing.
    pub way: WrittenAs,
    /// False if times and names leave another explanation possible, even to a reader who knows the limits of every
    /// delay and the error of every clock. Such an explanation may still be improbable, so a matcher that weighs
    /// probabilities may match some of these correctly.
    pub is_knowable: bool,
}

/// Content of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// The session with this index.
    Session(usize),
    /// A session without a log record; any match is wrong.
    UnloggedSession,
    /// A failed login; any match is wrong.
    FailedLogin,
}

/// Way in which the recorder wrote a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenAs {
    /// Created at the begin of the session, last written at its end.
    Live,
    /// Created and written after the session's end.
    Uploaded,
}

/// Outcome of recording a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionFate {
    /// The recording with this index shows the session.
    Recorded(usize),
    /// Native client, which Bastion cannot record.
    NativeClient,
    /// Began while the bastion did not record.
    Outage,
    /// Never written, or deleted before the reader saw it.
    Lost,
}

impl WorldTruth {
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
