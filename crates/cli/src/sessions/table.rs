//! Sessions as a table that fits the terminal.

use comfy_table::Color;
use domain::session::{Session, SessionState};
use pipeline::query::FoundSession;

use crate::Terminal;
use crate::output::human;
use crate::output::table::{self, TableColumn};

/// Formats sessions as a table, one line each. The person is the last column, because the name can be long.
pub(super) fn table(found: &[FoundSession], terminal: Terminal) -> String {
    let sessions: Vec<Session> = found.iter().map(|found| found.entry.session()).collect();
    let of = |text: fn(&Session) -> String| sessions.iter().map(text);
    let recordings = found.iter().map(|found| found.recording.map_or_else(|| "-".to_owned(), |id| id.to_string()));
    let columns = vec![
        TableColumn::new("tunnel id", of(|one| human::text(one.facts.tunnel_id.as_str()))),
        TableColumn::new("began (UTC)", found.iter().map(|found| human::minute(Some(found.entry.at())))),
        TableColumn::new("length", of(|one| human::length(one.facts.duration))).right().gives_way(1),
        TableColumn::new("state", of(|one| one.state.name().to_owned()))
            .coloured(sessions.iter().map(|one| colour(one.state))),
        TableColumn::new("machine", of(|one| human::optional(one.facts.machine().as_deref()))).gives_way(3),
        TableColumn::new("account", of(|one| human::optional(one.facts.user_name.as_deref()))).gives_way(2),
        TableColumn::new("recording", recordings).gives_way(0),
        TableColumn::new("person", of(|one| human::optional(one.facts.user_email.as_deref()))),
    ];
    table::table(columns, terminal)
}

fn colour(state: SessionState) -> Color {
    match state {
        SessionState::Open => Color::Yellow,
        SessionState::Ended => Color::Green,
        SessionState::Failed => Color::Red,
    }
}
