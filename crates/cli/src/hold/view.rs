//! JSON and table forms of holds.

use domain::blob::whole_second;
use domain::hold::{Actor, Hold};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::hold::KnownHold;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::Terminal;
use crate::output::human;
use crate::output::items::CsvColumn;
use crate::output::table::{TableColumn, table};

/// Version of the JSON documents of holds.
pub(super) const VERSION: u32 = 1;

#[derive(Debug, Serialize)]
pub(super) struct HoldView<'a> {
    id: &'a str,
    case: &'a str,
    reason: &'a str,
    /// Only the parts that are set: `recording`, `session`, `person`, `machine`, `bastion`, `from`, `to`.
    scope: Map<String, Value>,
    placed_at: Timestamp,
    placed_by: ActorView<'a>,
    released_at: Option<Timestamp>,
    released_by: Option<ActorView<'a>>,
}

#[derive(Debug, Serialize)]
struct ActorView<'a> {
    name: &'a str,
    verified: bool,
}

impl<'a> HoldView<'a> {
    pub(super) fn of(known: &'a KnownHold) -> Self {
        let KnownHold { hold, released } = known;
        let scope = hold.scope.parts().into_iter().map(|(name, value)| (name.to_owned(), value.into()));
        let (released_by, released_at) = released.as_ref().map(|(by, at)| (by, *at)).unzip();
        Self {
            id: hold.id.as_str(),
            case: &hold.case,
            reason: &hold.reason,
            scope: scope.collect(),
            placed_at: whole_second(hold.placed_at),
            placed_by: ActorView::of(&hold.placed_by),
            released_at: released_at.map(whole_second),
            released_by: released_by.map(ActorView::of),
        }
    }
}

impl<'a> ActorView<'a> {
    fn of(actor: &'a Actor) -> Self {
        Self { name: &actor.name, verified: actor.is_verified }
    }
}

/// Columns of holds in CSV. New columns are appended.
pub(super) const COLUMNS: &[CsvColumn] = &[
    ("id", "/id"),
    ("case", "/case"),
    ("reason", "/reason"),
    ("recording", "/scope/recording"),
    ("session", "/scope/session"),
    ("person", "/scope/person"),
    ("machine", "/scope/machine"),
    ("bastion", "/scope/bastion"),
    ("from", "/scope/from"),
    ("to", "/scope/to"),
    ("placed_at", "/placed_at"),
    ("placed_by", "/placed_by/name"),
    ("placed_by_verified", "/placed_by/verified"),
    ("released_at", "/released_at"),
    ("released_by", "/released_by/name"),
    ("released_by_verified", "/released_by/verified"),
];

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
