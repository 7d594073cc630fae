//! Table form of holds.

use domain::record::hold::Hold;
use jiff::tz::TimeZone;
use pipeline::hold::KnownHold;

use crate::Terminal;
use crate::output::human;
use crate::output::table::{TableColumn, table};

/// Version of the JSON documents of holds.
pub(super) const VERSION: u32 = 1;

/// Formats holds as a table, one line each. The scope is the last column, which may be cut.
pub(super) fn holds(holds: &[&KnownHold], terminal: Terminal, zone: &TimeZone) -> String {
    let of = |text: fn(&Hold) -> String| holds.iter().map(move |known| text(&known.hold));
    let placed = holds.iter().map(|known| human::minute(Some(known.hold.placed_at), zone));
    let mut columns = vec![
        TableColumn::new("id", of(|hold| hold.id.as_str().to_owned())),
        TableColumn::new("case", of(|hold| human::text(&hold.case))),
        TableColumn::new(human::in_zone("placed", zone), placed),
        TableColumn::new("by", of(|hold| human::text(&hold.placed_by.shown()))).gives_way(1),
        TableColumn::new("reason", of(|hold| human::text(&hold.reason))).gives_way(0),
    ];
    if holds.iter().any(|known| known.released.is_some()) {
        let released = |known: &&KnownHold| known.released.as_ref().map(|(_, at)| *at);
        let by = |known: &&KnownHold| human::optional(known.released.as_ref().map(|(by, _)| by.shown()).as_deref());
        let times = holds.iter().map(|known| human::minute(released(known), zone));
        columns.push(TableColumn::new(human::in_zone("released", zone), times));
        columns.push(TableColumn::new("by", holds.iter().map(by)).gives_way(1));
    }
    columns.push(TableColumn::new("covers", of(|hold| human::text(&hold.scope.to_string()))));
    table(columns, terminal)
}
