//! Sessions as a table that fits the terminal.

use comfy_table::Color;
use domain::record::recording_id::RecordingId;
use domain::record::session::{Session, SessionState};
use jiff::tz::TimeZone;
use pipeline::query::FoundSession;

use crate::Terminal;
use crate::arguments::id::shortened;
use crate::output::human;
use crate::output::table::TableColumn;

/// Returns the columns of a table of sessions. The person is the last column, because the name can be long.
pub(super) fn columns_of(found: &[FoundSession], terminal: Terminal, zone: &TimeZone) -> Vec<TableColumn> {
    let sessions: Vec<Session> = found.iter().map(|found| found.entry.session()).collect();
    let of = |text: fn(&Session) -> String| sessions.iter().map(text);
    let is_short = terminal.width.is_some();
    let tunnel = |one: &Session| short_tunnel(&human::text(one.facts.tunnel_id.as_str()), is_short);
    let id: fn(RecordingId) -> String = if is_short { shortened } else { |id: RecordingId| id.to_string() };
    let recordings = found.iter().map(|found| found.recording.map_or_else(|| "-".to_owned(), id));
    let began = found.iter().map(|found| human::minute(Some(found.entry.at()), zone));
    vec![
        TableColumn::new("tunnel id", sessions.iter().map(tunnel)),
        TableColumn::new(human::in_zone("began", zone), began),
        TableColumn::new("length", of(|one| human::length(one.facts.duration))).right().gives_way(1),
        TableColumn::new("state", of(|one| one.state.name().to_owned()))
            .coloured(sessions.iter().map(|one| colour(one.state)))
            .gives_way(4),
        TableColumn::new("bastion", found.iter().map(|found| human::text(found.entry.id.bastion.as_str())))
            .gives_way(2),
        TableColumn::new("account", of(|one| human::optional(one.facts.user_name.as_deref()))).gives_way(3),
        TableColumn::new("recording", recordings).gives_way(0),
        TableColumn::new("machine", of(|one| human::optional(one.facts.machine().as_deref()))),
        TableColumn::new("person", of(|one| human::optional(one.facts.user_email.as_deref()))),
    ]
}

/// Shortens a tunnel id to its last letters, if it is long.
pub(crate) fn short_tunnel(tunnel: &str, is_short: bool) -> String {
    let end = tunnel.char_indices().rev().nth(SHOWN - 1).map_or(0, |(at, _)| at);
    if is_short && end > SHOWN {
        format!("…{}", &tunnel[end..])
    } else {
        tunnel.to_owned()
    }
}

/// Letters of a shortened tunnel id.
const SHOWN: usize = 8;

fn colour(state: SessionState) -> Color {
    match state {
        SessionState::Open => Color::Yellow,
        SessionState::Ended => Color::Green,
        SessionState::Failed => Color::Red,
    }
}
