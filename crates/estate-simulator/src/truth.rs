//! The truth of a day.

use domain::address::BlobAddress;
use jiff::{SignedDuration, Timestamp};

use crate::names::SessionTarget;
use crate::people::Client;

/// All sessions, recordings and outages of a day, including those without any record or event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayTruth {
    /// Sessions and failed logins in order of their starts.
    pub sessions: Vec<TrueSession>,
    /// Recordings in order of their creation.
    pub recordings: Vec<TrueRecording>,
    /// Spans in which a bastion does not record new sessions.
    pub outages: Vec<RecordingOutage>,
}

/// A session or failed login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrueSession {
    /// Index of the bastion in the estate.
    pub bastion: usize,
    /// Tunnel id shared by its records, in lower case.
    pub tunnel_id: String,
    /// Person in lower case; `None` behind a shareable link. Records may use a different case.
    pub person: Option<String>,
    /// Client of the connection.
    pub client: Client,
    /// Account as typed; empty for a login that needs none. Records may use a different case.
    pub account: String,
    /// Target of the connection.
    pub target: SessionTarget,
    /// Kind of the connection.
    pub kind: ConnectionKind,
    /// Time of its start or failure with milliseconds, as in its records.
    pub started_at: Timestamp,
    /// Time of its end with milliseconds; `None` if it stays open or never began.
    pub ended_at: Option<Timestamp>,
    /// Index of its recording.
    pub recording: Option<usize>,
    /// Arrival of the first record of its start or failure; `None` if all of them are lost.
    pub start_told_at: Option<Timestamp>,
    /// Arrival of the first record of its end, which repeats the start; `None` if lost or if there is no end.
    pub end_told_at: Option<Timestamp>,
}

/// Kind of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionKind {
    /// Browser session, recorded except in outages.
    Web,
    /// Native client session, never recorded.
    Native,
    /// Failed login: not a session, but it may leave a recording.
    Failed,
}

/// A recording: one blob lifetime under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrueRecording {
    /// Address of the blob.
    pub address: BlobAddress,
    /// Index of the session or failed login that it shows.
    pub session: usize,
    /// Creation of the blob by the storage clock, in whole seconds.
    pub created_at: Timestamp,
    /// Last write by the storage clock, in whole seconds.
    pub last_written_at: Timestamp,
    /// Time of its deletion; `None` if it is not deleted.
    pub deleted_at: Option<Timestamp>,
}

/// A span in which a bastion does not record new sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingOutage {
    /// Index of the bastion in the estate.
    pub bastion: usize,
    /// Begin of the span.
    pub from: Timestamp,
    /// End of the span, exclusive.
    pub until: Timestamp,
}

impl DayTruth {
    /// Returns the person on a recording, in lower case; `None` behind a shareable link.
    pub fn person_of(&self, recording: &TrueRecording) -> Option<&str> {
        self.sessions[recording.session].person.as_deref()
    }

    /// Returns the sessions with an end in the log and without a recording: native sessions and those of outages.
    pub fn unrecorded(&self) -> impl Iterator<Item = &TrueSession> {
        let told = self.sessions.iter().filter(|session| session.end_told_at.is_some());
        told.filter(|session| session.recording.is_none())
    }
}

impl TrueSession {
    /// Returns the length of the session; `None` if it stays open or never began.
    pub fn length(&self) -> Option<SignedDuration> {
        Some(self.ended_at?.duration_since(self.started_at))
    }

    /// Returns true if any of its records arrives.
    pub fn is_told(&self) -> bool {
        self.start_told_at.is_some() || self.end_told_at.is_some()
    }
}

impl RecordingOutage {
    /// Returns true if a session that begins at this time on this bastion is not recorded.
    pub fn covers(&self, bastion: usize, at: Timestamp) -> bool {
        self.bastion == bastion && (self.from..self.until).contains(&at)
    }
}
