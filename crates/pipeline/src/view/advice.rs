//! Advice on gaps: their causes, and the next steps.

use crate::query::Silence;
use domain::record::session::GapCause;

/// Advice on recordings without a session.
pub const OF_RECORDINGS: &str = "the audit log has no fitting session: check that diagnostic settings send BastionAuditLogs to storage, \
     and that matching.name_template matches the names of recordings";

/// Returns a cause in words short enough for a table.
pub fn cause_in_words(cause: &GapCause) -> String {
    match cause {
        GapCause::OneOf(tunnels) => format!("one of {}", tunnels.len()),
        other => other.name().replace('_', " "),
    }
}

/// Returns advice on sessions without a recording for this cause.
pub fn of_cause(cause: &GapCause) -> &'static str {
    match cause {
        GapCause::NativeClient => {
            "the bastion cannot record native clients; if every session must be recorded, turn native client support off"
        }
        GapCause::AccessExpired => {
            "the SAS that the bastion writes with had expired: give it a new one, and change sas_expires in archivist.yaml"
        }
        GapCause::RecordingOff => {
            "the bastion has recorded nothing since: check that session recording is on, and that it can write to the container"
        }
        GapCause::ContainerMismatch => {
            "a fitting recording is in another bastion's container: compare the containers in archivist.yaml with the bastions'"
        }
        GapCause::OneOf(_) => {
            "one of these sessions has no recording, and it is unknown which: check the recordings that they share"
        }
        GapCause::Unknown => {
            "no known explanation: look for the recording in the container, and at changes of the bastion that day"
        }
    }
}

/// Returns advice on a bastion that stopped recording or logging.
pub fn of_silence(silence: Silence) -> &'static str {
    match silence {
        Silence::Recording => of_cause(&GapCause::RecordingOff),
        Silence::AuditLog => {
            "no person on its recordings can be named: check that its diagnostic setting still sends BastionAuditLogs to storage"
        }
    }
}
