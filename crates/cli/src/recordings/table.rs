//! Recordings as a table that fits the terminal.

use comfy_table::Color;
use domain::record::recording_id::RecordingId;
use domain::record::session::machine_of;
use jiff::tz::TimeZone;
use pipeline::view::RecordingView;

use crate::Terminal;
use crate::arguments::id::shortened;
use crate::output::human;
use crate::output::table::{self, TableColumn};

/// Formats recordings as a table, one line each.
pub(crate) fn table(recordings: &[RecordingView<'_>], terminal: Terminal, zone: &TimeZone) -> String {
    table::table(columns_of(recordings, terminal, zone), terminal)
}

/// Returns the columns of a table of recordings. Person and machine stay on a narrow terminal. The name is the last
/// column, because it can be long.
pub(super) fn columns_of(recordings: &[RecordingView<'_>], terminal: Terminal, zone: &TimeZone) -> Vec<TableColumn> {
    let of = |text: fn(&RecordingView<'_>) -> String| recordings.iter().map(text);
    let id: fn(RecordingId) -> String = if terminal.width.is_some() {
        shortened
    } else {
        |id: RecordingId| id.to_string()
    };
    vec![
        TableColumn::new("id", recordings.iter().map(|one| id(one.id))),
        TableColumn::new(
            human::in_zone("created", zone),
            recordings.iter().map(|one| human::minute(one.created_at, zone)),
        ),
        TableColumn::new("length", of(|one| human::duration(one.duration_ms))).right().gives_way(1),
        TableColumn::new("size", of(|one| human::size(one.size_bytes))).right().gives_way(0),
        TableColumn::new("state", of(|one| one.state.to_owned()))
            .coloured(recordings.iter().map(|one| colour(one.state))),
        TableColumn::new("match", of(|one| one.matching.to_owned())).gives_way(3),
        TableColumn::new("bastion", of(|one| human::text(one.bastion))).gives_way(2),
        TableColumn::new("machine", of(|one| human::optional(machine(one).as_deref()))),
        TableColumn::new("person", of(|one| human::optional(one.person))),
        TableColumn::new("name", of(|one| human::text(one.name))).gives_way(4),
    ]
}

/// Returns the machine of the session, if the session is certain.
fn machine(recording: &RecordingView<'_>) -> Option<String> {
    let facts = &recording.session.as_ref()?.facts;
    facts.target_resource_id.as_deref().and_then(machine_of).or_else(|| facts.target_ip.clone())
}

fn colour(state: &str) -> Color {
    match state {
        "active" => Color::Yellow,
        "settled" => Color::Green,
        "missing" => Color::Red,
        _ => Color::DarkGrey,
    }
}
