//! Ground truth: the actual uses of the bastion, which a catalogue should find out.

use domain::address::BlobName;
use jiff::Timestamp;

use super::session::{LoggedRecords, SampleConnectionKind, SampleSession, Shape};
use crate::guid::guid;

/// Use of the bastion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleVisit {
    /// Id that the bastion assigned to the connection.
    pub tunnel_id: String,
    /// Person who connected.
    pub person: &'static str,
    /// Target machine.
    pub machine: &'static str,
    /// Account on the machine.
    pub account: &'static str,
    /// Start of the session.
    pub started_at: Timestamp,
    /// End of the session.
    pub ended_at: Timestamp,
    /// Kind of connection.
    pub kind: SampleConnectionKind,
    /// Records of this visit that reach the audit log.
    pub told: LoggedRecords,
    /// Name of the recording, if there is one.
    pub recording: Option<BlobName>,
    /// True if the bastion wrote the recording to its end.
    pub is_recorded_whole: bool,
}

/// Odd factor that spreads small numbers over all bits.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl SampleVisit {
    pub(super) fn from_session(session: &SampleSession, number: u64, recording: Option<BlobName>) -> Self {
        Self {
            // The ends differ, too: terminals show only these.
            tunnel_id: guid(number, number.wrapping_mul(SPREAD)),
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
