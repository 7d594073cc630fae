//! JSON and text forms of a replay.

use std::io::{self, Write};

use jiff::tz::TimeZone;
use pipeline::replay::{ItemSource, ReplayItem, ReplayOutcome, Replayed};
use serde_json::{Map, Value, json};

use crate::output::human;
use crate::output::table::{TableColumn, table};
use crate::{Exit, Terminal};

/// Version of the JSON document.
const VERSION: u32 = 1;

/// All outcomes, in the order of the totals.
const OUTCOMES: [&str; 8] =
    ["would_be_replayed", "would_be_ignored", "would_stay", "applied", "queued", "ignored", "stays", "failed"];

fn outcome(outcome: &ReplayOutcome) -> &'static str {
    match outcome {
        ReplayOutcome::Waits => "would_be_replayed",
        ReplayOutcome::WouldIgnore(_) => "would_be_ignored",
        ReplayOutcome::WouldStay(_) => "would_stay",
        ReplayOutcome::Applied => "applied",
        ReplayOutcome::Queued => "queued",
        ReplayOutcome::Ignored(_) => "ignored",
        ReplayOutcome::Refused(_) => "stays",
        ReplayOutcome::Failed(_) => "failed",
    }
}

/// Returns the reason of the outcome, if it has one.
fn detail(outcome: &ReplayOutcome) -> Option<&str> {
    match outcome {
        ReplayOutcome::Waits | ReplayOutcome::Applied | ReplayOutcome::Queued => None,
        ReplayOutcome::Ignored(reason) | ReplayOutcome::WouldIgnore(reason) => Some(reason),
        ReplayOutcome::Refused(reason) | ReplayOutcome::WouldStay(reason) | ReplayOutcome::Failed(reason) => {
            Some(reason)
        }
    }
}

fn source(source: ItemSource) -> &'static str {
    match source {
        ItemSource::DeadLetter => "dead letter",
        ItemSource::Notification => "notification",
        ItemSource::Poison => "poison",
        ItemSource::Quarantine => "quarantine",
    }
}

fn count(replayed: &Replayed, of: &str) -> usize {
    replayed.items.iter().filter(|item| outcome(&item.outcome) == of).count()
}

pub(super) fn document(replayed: &Replayed, is_applied: bool) -> Value {
    let item = |item: &ReplayItem| {
        json!({
            "source": source(item.source).replace(' ', "_"),
            "id": item.id,
            "at": item.at.to_string(),
            "type": item.summary.kind,
            "name": item.summary.name,
            "reason": item.reason,
            "outcome": outcome(&item.outcome),
            "detail": detail(&item.outcome),
        })
    };
    let totals: Map<String, Value> =
        OUTCOMES.iter().map(|outcome| ((*outcome).to_owned(), count(replayed, outcome).into())).collect();
    json!({
        "version": VERSION,
        "applied": is_applied,
        "items": replayed.items.iter().map(item).collect::<Vec<_>>(),
        "totals": totals,
        "removed": replayed.removed,
        "has_more": replayed.has_more,
        "left_over": replayed.left_over,
        "broken_off": replayed.broken_off,
    })
}

/// Formats items as a table, one line each. The last column says why the item stays, or why it was there.
pub(super) fn table_of(replayed: &Replayed, terminal: Terminal, zone: &TimeZone) -> String {
    let of = |text: fn(&ReplayItem) -> String| replayed.items.iter().map(text);
    let why = |item: &ReplayItem| match &item.outcome {
        ReplayOutcome::Refused(reason) | ReplayOutcome::WouldStay(reason) | ReplayOutcome::Failed(reason) => {
            human::text(reason)
        }
        ReplayOutcome::Ignored(reason) => format!("it changes nothing: {reason}"),
        ReplayOutcome::WouldIgnore(reason) => format!("it would change nothing: {reason}"),
        ReplayOutcome::Waits | ReplayOutcome::Applied | ReplayOutcome::Queued => human::text(&item.reason),
    };
    let given_up = replayed.items.iter().map(|item| human::minute(Some(item.at), zone));
    let columns = vec![
        TableColumn::new("outcome", of(|item| outcome(&item.outcome).replace('_', " "))),
        TableColumn::new(human::in_zone("given up", zone), given_up).gives_way(1),
        TableColumn::new("where", of(|item| source(item.source).to_owned())).gives_way(0),
        TableColumn::new("type", of(|item| human::optional(item.summary.kind.as_deref().map(short)))),
        TableColumn::new("name", of(|item| human::optional(item.summary.name.as_deref()))).gives_way(2),
        TableColumn::new("why", of(why)),
    ];
    table(columns, terminal)
}

/// Removes the prefix of the platform's event types.
fn short(kind: &str) -> &str {
    kind.strip_prefix("Microsoft.Storage.").unwrap_or(kind)
}

/// Writes the totals and the next steps.
pub(super) fn write_notes(err: &mut dyn Write, replayed: &Replayed, is_applied: bool, command: &str) -> io::Result<()> {
    if replayed.items.is_empty() {
        return writeln!(err, "nothing to replay matches");
    }
    let some = OUTCOMES.iter().map(|outcome| (count(replayed, outcome), outcome)).filter(|(count, _)| *count > 0);
    let totals: Vec<String> = some.map(|(count, outcome)| format!("{count} {}", in_words(outcome, count))).collect();
    writeln!(err, "{}", totals.join(", "))?;
    if !is_applied {
        writeln!(err, "nothing was changed; to replay: repeat the command with --apply")?;
    }
    if count(replayed, "stays") + count(replayed, "would_stay") > 0 {
        writeln!(err, "fix the cause of items that stay, then replay them: archivist replay {command}")?;
    }
    if count(replayed, "failed") > 0 {
        writeln!(err, "failed items stay where they were; repeat the command once the service answers")?;
    }
    for problem in &replayed.left_over {
        writeln!(err, "processed, but not removed; repeat the command to remove it: {}", human::text(problem))?;
    }
    if let Some(fault) = &replayed.broken_off {
        writeln!(err, "broken off: {}", human::text(fault))?;
    } else if replayed.has_more {
        writeln!(err, "there is more: run it again, or with a higher --limit")?;
    }
    Ok(())
}

fn in_words(outcome: &str, count: usize) -> &'static str {
    match outcome {
        "would_be_replayed" => "would be replayed",
        "would_be_ignored" => "would change nothing",
        "would_stay" => "would stay",
        "queued" => "queued",
        "applied" => "applied",
        "ignored" => "changed nothing",
        "stays" if count == 1 => "stays",
        "stays" => "stay",
        _ => "failed",
    }
}

/// Exit code of a replay. A dry run that finds items is done; items that stay or would stay, and items left
/// after `--apply`, are findings.
pub(super) fn exit(replayed: &Replayed, is_applied: bool) -> Exit {
    let has_failed = count(replayed, "failed") > 0 || !replayed.left_over.is_empty() || replayed.broken_off.is_some();
    if has_failed {
        Exit::OutsideFailed
    } else if count(replayed, "stays") + count(replayed, "would_stay") > 0 || (is_applied && replayed.has_more) {
        Exit::Findings
    } else {
        Exit::Done
    }
}
