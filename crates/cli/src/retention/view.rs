//! JSON and text forms of plans.

use std::io::{self, Write};

use pipeline::retention::{DeletionPlan, Named, Planned};
use pipeline::view::csv::CsvColumn;
use serde_json::{Value, json};

use super::approving;
use crate::Terminal;
use crate::output::human;
use crate::output::table::{TableColumn, table};

/// Version of the JSON documents of retention.
pub(super) const VERSION: u32 = 1;

/// Due recordings as JSON. `stopped` is the reason why deletions wait for approval.
pub(super) fn planned(planned: &Planned, stopped: Option<&str>) -> Value {
    let mut to_delete = plan(&planned.delete);
    to_delete["stopped"] = stopped.into();
    json!({
        "to_warn": plan(&planned.to_mark),
        "waiting": planned.waiting,
        "approved": planned.approved,
        "to_delete": to_delete,
        "to_review": plan(&planned.review),
        "failed": planned.failed,
    })
}

fn plan(plan: &DeletionPlan) -> Value {
    let by_container = plan.by_container.iter();
    let by_container: Vec<Value> = by_container
        .map(|(container, count)| json!({ "container": container.to_string(), "recordings": count }))
        .collect();
    let first: Vec<Value> = plan.first.iter().map(named).collect();
    json!({
        "digest": (plan.count > 0).then_some(&plan.digest),
        "recordings": plan.count,
        "size_bytes": plan.bytes,
        "by_container": by_container,
        "first": first,
    })
}

/// Columns of planned recordings in CSV. New columns are appended.
pub(super) const COLUMNS: &[CsvColumn] = &[
    ("step", "/step"),
    ("id", "/id"),
    ("account", "/account"),
    ("container", "/container"),
    ("name", "/name"),
    ("class", "/class"),
    ("delete_after", "/delete_after"),
    ("size_bytes", "/size_bytes"),
    ("digest", "/digest"),
];

/// Listed recordings of all steps, each with its step and the digest of its plan.
pub(super) fn items(planned: &Planned) -> Vec<Value> {
    let steps = [("to_warn", &planned.to_mark), ("to_delete", &planned.delete), ("to_review", &planned.review)];
    let items = steps.into_iter().flat_map(|(step, plan)| {
        plan.first.iter().map(move |one| {
            let mut item = named(one);
            item["step"] = step.into();
            item["digest"] = plan.digest.as_str().into();
            item
        })
    });
    items.collect()
}

fn named(named: &Named) -> Value {
    json!({
        "id": named.id.to_string(),
        "account": named.address.account.as_str(),
        "container": named.address.container.as_str(),
        "name": named.address.name.as_str(),
        "class": named.class,
        "delete_after": named.delete_after,
        "size_bytes": named.size,
    })
}

/// Writes a plan with its heading. Writes nothing if the plan is empty.
pub(super) fn write_plan(
    out: &mut dyn Write,
    heading: &str,
    plan: &DeletionPlan,
    terminal: Terminal,
) -> io::Result<()> {
    if plan.count == 0 {
        return Ok(());
    }
    writeln!(out, "\n{heading}: {}, {}", human::recordings(plan.count), human::size(Some(plan.bytes)))?;
    if plan.by_container.len() > 1 {
        for (container, count) in &plan.by_container {
            writeln!(out, "  {}: {}", human::text(&container.to_string()), human::recordings(*count))?;
        }
    }
    writeln!(out, "{}", first(&plan.first, terminal))?;
    let rest = plan.count.saturating_sub(plan.first.len() as u64);
    if rest > 0 {
        writeln!(out, "  and {rest} more")?;
    }
    Ok(())
}

fn first(first: &[Named], terminal: Terminal) -> String {
    let of = |text: fn(&Named) -> String| first.iter().map(text);
    let last_day = |one: &Named| one.delete_after.map_or_else(|| "-".to_owned(), |date| date.to_string());
    let columns = vec![
        TableColumn::new("id", of(|one| one.id.to_string())),
        TableColumn::new("last day", of(last_day)),
        TableColumn::new("class", of(|one| human::text(&one.class))).gives_way(1),
        TableColumn::new("size", of(|one| human::size(one.size))).right().gives_way(0),
        TableColumn::new("name", of(|one| human::text(one.address.name.as_str()))),
    ];
    table(columns, terminal)
}

/// Writes the plans that wait for a person, with the command that approves each.
pub(super) fn write_waiting(out: &mut dyn Write, planned: &Planned, stopped: Option<&str>) -> io::Result<()> {
    if let Some(reason) = stopped {
        writeln!(out, "\nStopped: {reason}. To approve it anyway:\n  {}", approving(&planned.delete.digest))?;
    }
    if planned.review.count > 0 {
        writeln!(out, "\nUnder review. To approve it:\n  {}", approving(&planned.review.digest))?;
    }
    Ok(())
}
