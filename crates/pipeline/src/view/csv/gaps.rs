//! Gaps as rows: one for each bastion, session and recording.

use serde::Serialize;
use serde_json::{Error, Value, to_value};

use super::CsvColumn;
use crate::view::{GapsView, RecordingView, SessionView};

/// Columns of gaps in CSV. New columns are appended.
pub const GAP_COLUMNS: &[CsvColumn] = &[
    ("kind", "/kind"),
    ("bastion", "/bastion"),
    ("cause", "/gap/cause"),
    ("stopped", "/stopped"),
    ("last", "/last"),
    ("tunnel_id", "/tunnel_id"),
    ("user_email", "/user_email"),
    ("user_name", "/user_name"),
    ("machine", "/machine"),
    ("client_ip", "/client_ip"),
    ("started_at", "/started_at"),
    ("ended_at", "/ended_at"),
    ("gap_found_at", "/gap/found_at"),
    ("gap_one_of", "/gap/one_of"),
    ("recording_id", "/id"),
    ("account", "/account"),
    ("container", "/container"),
    ("name", "/name"),
    ("created_at", "/created_at"),
    ("duration_ms", "/duration_ms"),
    ("size_bytes", "/size_bytes"),
    ("state", "/state"),
    ("protocol", "/protocol"),
    ("target_resource_id", "/target_resource_id"),
    ("target_ip", "/target_ip"),
    ("last_modified", "/last_modified"),
    ("settled_at", "/settled_at"),
    ("class", "/retention/class"),
    ("retain_until", "/retention/retain_until"),
    ("delete_after", "/retention/delete_after"),
    ("verdict", "/retention/verdict"),
    ("holds", "/hold_cases"),
    ("warnings", "/warnings"),
];

/// Returns the public form of every gap, with its kind: `bastion`, `session_without_recording` or
/// `recording_without_session`.
pub fn gap_rows(view: &GapsView<'_>) -> Result<Vec<Value>, Error> {
    let bastions = view.bastions.iter().map(|gap| with_kind("bastion", gap));
    let sessions = view.sessions.items.iter().map(gap_of_session);
    let recordings = view.recordings.items.iter().map(gap_of_recording);
    bastions.chain(sessions).chain(recordings).collect()
}

/// Returns the row of a session without a recording.
pub fn gap_of_session(session: &SessionView) -> Result<Value, Error> {
    with_kind("session_without_recording", session)
}

/// Returns the row of a recording without a session.
pub fn gap_of_recording(recording: &RecordingView<'_>) -> Result<Value, Error> {
    with_kind("recording_without_session", recording)
}

fn with_kind(kind: &str, item: &impl Serialize) -> Result<Value, Error> {
    let mut item = to_value(item)?;
    item["kind"] = kind.into();
    Ok(item)
}
