//! Recordings as a table that fits the terminal.

use comfy_table::{Cell, CellAlignment, Color, Table, presets};
use pipeline::view::RecordingView;
use unicode_width::UnicodeWidthStr;

use crate::Terminal;
use crate::output::human::{self, shortened};

/// What a table can show of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Created,
    Length,
    Size,
    State,
    Match,
    Name,
}

/// The columns from left to right; the name, which can be long, is the last one.
const COLUMNS: [Column; 7] =
    [Column::Id, Column::Created, Column::Length, Column::Size, Column::State, Column::Match, Column::Name];
/// What is left out where the terminal is narrow, the first one first.
const DISPENSABLE: [Column; 3] = [Column::Match, Column::Size, Column::Length];
/// Spaces between two columns.
const GAP: u16 = 2;
/// The least that is shown of a long name before another column gives way.
const NAME_WIDTH: usize = 20;

/// The table, a line per recording and none longer than the terminal is wide.
///
/// A terminal too narrow for an id breaks the line itself: an id that is cut is of no use.
pub(super) fn table(recordings: &[RecordingView<'_>], terminal: Terminal) -> String {
    let (columns, name_width) = fit(recordings, terminal.width.map_or(usize::MAX, usize::from));
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(columns.iter().map(|column| column.header()));
    table.add_rows(recordings.iter().map(|recording| columns.iter().map(|column| column.cell(recording, name_width))));
    for (column, shown) in columns.iter().zip(table.column_iter_mut()) {
        shown.set_padding((0, if *column == Column::Name { 0 } else { GAP }));
        if matches!(column, Column::Length | Column::Size) {
            shown.set_cell_alignment(CellAlignment::Right);
        }
    }
    if terminal.colour {
        table.enforce_styling()
    } else {
        table.force_no_tty()
    };
    table.trim_fmt()
}

/// The columns that there is room for, and the room for the name.
fn fit(recordings: &[RecordingView<'_>], width: usize) -> (Vec<Column>, usize) {
    let width_of = |column: Column| {
        let cells = recordings.iter().map(|recording| column.text(recording).width());
        cells.chain([column.header().width()]).max().unwrap_or_default()
    };
    let mut others: Vec<(Column, usize)> = COLUMNS
        .into_iter()
        .filter(|column| *column != Column::Name)
        .map(|column| (column, width_of(column) + usize::from(GAP)))
        .collect();
    let taken = |others: &[(Column, usize)]| others.iter().map(|(_, width)| width).sum::<usize>();
    let wanted = width_of(Column::Name).min(NAME_WIDTH);
    for dispensable in DISPENSABLE {
        if taken(&others) + wanted > width {
            others.retain(|(column, _)| *column != dispensable);
        }
    }
    let rest = width.saturating_sub(taken(&others));
    (others.into_iter().map(|(column, _)| column).chain([Column::Name]).collect(), rest.max(1))
}

impl Column {
    fn header(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Created => "created (UTC)",
            Self::Length => "length",
            Self::Size => "size",
            Self::State => "state",
            Self::Match => "match",
            Self::Name => "name",
        }
    }

    fn text(self, recording: &RecordingView<'_>) -> String {
        match self {
            Self::Id => recording.id.to_string(),
            Self::Created => human::minute(recording.created_at),
            Self::Length => human::duration(recording.duration_ms),
            Self::Size => human::size(recording.size_bytes),
            Self::State => recording.state.to_owned(),
            Self::Match => recording.matching.to_owned(),
            Self::Name => human::text(recording.name),
        }
    }

    fn cell(self, recording: &RecordingView<'_>, name_width: usize) -> Cell {
        let text = self.text(recording);
        match self {
            Self::Name => Cell::new(shortened(&text, name_width)),
            Self::State => Cell::new(text).fg(colour(recording.state)),
            _ => Cell::new(text),
        }
    }
}

fn colour(state: &str) -> Color {
    match state {
        "active" => Color::Yellow,
        "settled" => Color::Green,
        "missing" => Color::Red,
        _ => Color::DarkGrey,
    }
}
