//! Who used the bastion: the truth that a catalogue should find out.

use domain::address::BlobName;
use jiff::Timestamp;

use super::session::{Kind, Session, Shape, Told};
use crate::guid::guid;

/// One use of the bastion, as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The bastion's id of the connection.
    pub tunnel_id: String,
    /// Who it was.
    pub person: &'static str,
    /// The machine.
    pub machine: &'static str,
    /// The account on the machine.
    pub account: &'static str,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// What kind of a connection it was.
    pub kind: Kind,
    /// What the audit log ever says of it.
    pub told: Told,
    /// Its recording, if it left one.
    pub recording: Option<BlobName>,
    /// Whether the bastion wrote the recording to its end.
    pub is_recorded_whole: bool,
}

impl Visit {
    pub(super) fn of(session: &Session, number: u64, recording: Option<BlobName>) -> Self {
        Self {
            tunnel_id: guid(number, 0),
            person: session.person,
            machine: session.machine,
            account: session.account,
            started_at: session.started_at,
            ended_at: session.started_at + session.length,
            kind: session.kind,
            told: session.told,
            is_recorded_whole: recording.is_some() && session.shape != Shape::StaysEmpty,
            recording,
        }
    }
}
