//! Gaps as rows: one for each bastion, session and recording.

use pipeline::view::GapsView;
use serde::Serialize;
use serde_json::{Value, to_value};

use crate::CliError;
use crate::output::items::CsvColumn;

/// Columns of gaps in CSV. New columns are appended.
pub(super) const COLUMNS: &[CsvColumn] = &[
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
];

/// Kind of a session without a recording.
pub(super) const SESSION: &str = "session_without_recording";
/// Kind of a recording without a session.
pub(super) const RECORDING: &str = "recording_without_session";

/// Returns the public form of every gap, with its kind: `bastion`, `session_without_recording` or
/// `recording_without_session`.
pub(super) fn items(view: &GapsView<'_>) -> Result<Vec<Value>, CliError> {
    let bastions = view.bastions.iter().map(|gap| kind("bastion", gap));
    let sessions = view.sessions.items.iter().map(|session| kind(SESSION, session));
    let recordings = view.recordings.items.iter().map(|recording| kind(RECORDING, recording));
    bastions.chain(sessions).chain(recordings).collect()
}

/// Returns the public form of an item with its kind.
pub(super) fn kind(kind: &str, item: &impl Serialize) -> Result<Value, CliError> {
    let mut item = to_value(item)?;
    item["kind"] = kind.into();
    Ok(item)
}
