//! Recordings as a table that fits the terminal.

use comfy_table::Color;
use pipeline::view::RecordingView;

use crate::Terminal;
use crate::output::human;
use crate::output::table::{self, TableColumn};

/// Formats recordings as a table, one line each. The name is the last column, because it can be long.
pub(crate) fn table(recordings: &[RecordingView<'_>], terminal: Terminal) -> String {
    let of = |text: fn(&RecordingView<'_>) -> String| recordings.iter().map(text);
    let columns = vec![
        TableColumn::new("id", of(|one| one.id.to_string())),
        TableColumn::new("created (UTC)", of(|one| human::minute(one.created_at))),
        TableColumn::new("length", of(|one| human::duration(one.duration_ms))).right().gives_way(3),
        TableColumn::new("size", of(|one| human::size(one.size_bytes))).right().gives_way(2),
        TableColumn::new("state", of(|one| one.state.to_owned()))
            .coloured(recordings.iter().map(|one| colour(one.state))),
        TableColumn::new("match", of(|one| one.matching.to_owned())).gives_way(1),
        TableColumn::new("person", of(|one| human::optional(one.person))).gives_way(0),
        TableColumn::new("name", of(|one| human::text(one.name))),
    ];
    table::table(columns, terminal)
}

fn colour(state: &str) -> Color {
    match state {
        "active" => Color::Yellow,
        "settled" => Color::Green,
        "missing" => Color::Red,
        _ => Color::DarkGrey,
    }
}
