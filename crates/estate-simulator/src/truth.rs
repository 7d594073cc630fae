//! What really happened on the day.

use domain::address::BlobAddress;
use jiff::{SignedDuration, Timestamp};

use crate::names::Target;
use crate::people::Client;

/// Everything that happened, whether anybody hears of it or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// Sessions and failed logins, in the order of their starts.
    pub sessions: Vec<TrueSession>,
    /// Recordings, in the order of their creation.
    pub recordings: Vec<TrueRecording>,
    /// The spans in which a bastion recorded nothing that began in them.
    pub outages: Vec<Outage>,
}

/// A session, or an attempt at one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrueSession {
    /// The bastion, as an index into the estate's.
    pub bastion: usize,
    /// What its records share, in lower case.
    pub tunnel_id: String,
    /// Whose session it is, in lower case; none behind a shareable link. Records may write it in another case.
    pub person: Option<String>,
    /// Where it came from.
    pub client: Client,
    /// The account as typed. Records may write it in another case; empty for a login that needs none.
    pub account: String,
    /// Where it led to.
    pub target: Target,
    /// What it is.
    pub kind: Kind,
    /// When it began, or failed, in milliseconds; this is what its records say.
    pub started_at: Timestamp,
    /// When it ended, in milliseconds; none if it stays open, or never began.
    pub ended_at: Option<Timestamp>,
    /// Its recording, as an index into the recordings.
    pub recording: Option<usize>,
    /// When the first record of its start, or of its failure, arrives; none if all of them are lost.
    pub start_told_at: Option<Timestamp>,
    /// When the first record of its end arrives, which repeats the start; none if lost, or if there is no end.
    pub end_told_at: Option<Timestamp>,
}

/// What a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In a browser: recorded, but for outages.
    Web,
    /// By a native client: never recorded.
    Native,
    /// A login that failed: no session, though it may leave a recording.
    Failed,
}

/// A recording: one life of a blob name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrueRecording {
    /// The blob.
    pub address: BlobAddress,
    /// The session or failed login that it shows, as an index into the sessions.
    pub session: usize,
    /// When the blob was created, in whole seconds, by the clock of the storage.
    pub created_at: Timestamp,
    /// When it was last written, in whole seconds, by the same clock.
    pub last_written_at: Timestamp,
    /// When somebody deleted it.
    pub deleted_at: Option<Timestamp>,
}

/// A span in which a bastion records nothing that begins in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// The bastion, as an index into the estate's.
    pub bastion: usize,
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

impl Truth {
    /// Who is to be seen on a recording, in lower case; none for somebody behind a shareable link.
    pub fn person_of(&self, recording: &TrueRecording) -> Option<&str> {
        self.sessions[recording.session].person.as_deref()
    }

    /// The sessions that the log tells to have ended, and that have no recording: native ones and those of outages.
    pub fn unrecorded(&self) -> impl Iterator<Item = &TrueSession> {
        let told = self.sessions.iter().filter(|session| session.end_told_at.is_some());
        told.filter(|session| session.recording.is_none())
    }
}

impl TrueSession {
    /// How long it was; none if it stays open, or never began.
    pub fn length(&self) -> Option<SignedDuration> {
        Some(self.ended_at?.duration_since(self.started_at))
    }

    /// Whether any of its records arrives.
    pub fn is_told(&self) -> bool {
        self.start_told_at.is_some() || self.end_told_at.is_some()
    }
}

impl Outage {
    /// Whether a session that begins at this time on this bastion is not recorded.
    pub fn covers(&self, bastion: usize, at: Timestamp) -> bool {
        self.bastion == bastion && (self.from..self.until).contains(&at)
    }
}
