//! Output of `archivist init`.

use std::io::Write;

use domain::decide::posture::ResourceId;
use serde_json::{Value, json};

use super::compared::Change;
use super::found::{Found, FoundContainer, Note};
use super::limits::{BEYOND, Count};
use super::{Outcome, PlannedFile};
use crate::output::human;
use crate::output::table::{TableColumn, table};
use crate::{CliError, Terminal};

/// Prints the table, the missing parts with their fixes, the comparison and the counts.
pub(super) fn write(outcome: &Outcome, terminal: Terminal, out: &mut dyn Write) -> Result<(), CliError> {
    let all = || outcome.bastions.iter().map(|(found, _)| found);
    let columns = vec![
        TableColumn::new("bastion", all().map(|one| human::text(&one.name))),
        TableColumn::new("region", all().map(|one| human::text(&one.region))).gives_way(0),
        TableColumn::new("file", outcome.bastions.iter().map(|(_, change)| change.name().replace('_', " "))),
        TableColumn::new("records into", all().map(recordings)),
        TableColumn::new(
            "audit log",
            all().map(|one| one.audit.as_ref().map_or("-", |it| it.account.as_str()).to_owned()),
        ),
    ];
    writeln!(out, "{}\n", table(columns, terminal))?;
    let mut lines = Lines { width: terminal.width.map(usize::from), out: &mut *out };
    for one in all() {
        lines.notes(&one.name, &one.notes)?;
    }
    lines.notes("templates", &outcome.notes)?;
    for gone in &outcome.gone {
        lines.write("", &format!("{gone}: in the file, but not visible"))?;
        lines.write("  -> ", "it stays: its recordings may still exist. Remove the entry by hand once they do not")?;
    }
    writeln!(out, "\nThe deployment at its fullest place, and the limits of Azure:")?;
    for count in &outcome.counts {
        writeln!(out, "{:>5} of {:>5}  {}", count.used, count.limit, count.what)?;
        if count.is_beyond() {
            let mut lines = Lines { width: terminal.width.map(usize::from), out: &mut *out };
            lines.write("  beyond the limit: ", &count.place)?;
            lines.write("  -> ", BEYOND)?;
        }
    }
    Ok(())
}

/// Writes sentences that fit the terminal, and commands as they are, to be copied.
struct Lines<'a> {
    width: Option<usize>,
    out: &'a mut dyn Write,
}

impl Lines<'_> {
    fn notes(&mut self, about: &str, notes: &[Note]) -> Result<(), CliError> {
        for note in notes {
            self.write("", &format!("{about}: {}", note.what))?;
            if let Some(because) = &note.because {
                self.write("  ", because)?;
            }
            self.write("  -> ", &note.fix)?;
        }
        Ok(())
    }

    fn write(&mut self, before: &str, text: &str) -> Result<(), CliError> {
        let width = self.width.filter(|_| !text.starts_with("az ")).unwrap_or(usize::MAX);
        let mut line = before.to_owned();
        for word in human::text(text).split(' ') {
            if line.len() > before.len() && line.len() + word.len() > width {
                writeln!(self.out, "{}", line.trim_end())?;
                line = " ".repeat(before.len());
            }
            line.push_str(word);
            line.push(' ');
        }
        Ok(writeln!(self.out, "{}", line.trim_end())?)
    }
}

fn recordings(found: &Found) -> String {
    found.recordings.as_ref().map_or_else(|| "-".to_owned(), |it| format!("{}/{}", it.account.as_str(), it.container))
}

/// Prints how a file changes, or what was done with it.
pub(super) fn write_file(file: &PlannedFile, is_written: bool, out: &mut dyn Write) -> Result<(), CliError> {
    let name = human::text(&file.path.display().to_string());
    if file.before.as_ref() == Some(&file.after) {
        writeln!(out, "\n{name} is up to date")?;
    } else if is_written {
        writeln!(out, "\n{name} is written")?;
    } else {
        let before = file.before.as_deref().unwrap_or_default();
        write!(out, "\n{}", crate::config::difference::between((&name, before), (&name, &file.after)))?;
    }
    Ok(())
}

/// Returns the JSON document.
pub(super) fn document(outcome: &Outcome, is_written: bool) -> Value {
    let bastions: Vec<Value> = outcome.bastions.iter().map(|(found, change)| bastion(found, *change)).collect();
    let limits: Vec<Value> = outcome.counts.iter().map(limit).collect();
    let files: Vec<Value> = outcome.files.iter().map(|file| file_view(file, is_written)).collect();
    json!({
        "version": 1,
        "bastions": bastions,
        "gone": outcome.gone,
        "notes": notes(&outcome.notes),
        "limits": limits,
        "files": files,
    })
}

fn bastion(found: &Found, change: Change) -> Value {
    json!({
        "name": found.name,
        "resource_id": found.id.as_str(),
        "region": found.region,
        "sku": found.sku,
        "change": change.name(),
        "recordings": found.recordings.as_ref().map(container),
        "audit_logs": found.audit.as_ref().map(container),
        "notes": notes(&found.notes),
    })
}

fn container(it: &FoundContainer) -> Value {
    let container = Some(&it.container).filter(|name| !name.is_empty());
    json!({ "account_url": it.url, "container": container, "account_id": it.id.as_ref().map(ResourceId::as_str) })
}

fn notes(notes: &[Note]) -> Vec<Value> {
    notes
        .iter()
        .map(|note| json!({ "what": note.what, "fix": note.fix, "unknown": note.is_unknown, "because": note.because }))
        .collect()
}

fn limit(count: &Count) -> Value {
    let beyond = count.is_beyond().then_some(BEYOND);
    json!({ "what": count.what, "place": count.place, "used": count.used, "limit": count.limit, "fix": beyond })
}

fn file_view(file: &PlannedFile, is_written: bool) -> Value {
    let is_changed = file.before.as_ref() != Some(&file.after);
    json!({
        "path": file.path.display().to_string(),
        "is_new": file.before.is_none(),
        "is_changed": is_changed,
        "is_written": is_written && is_changed,
        "text": file.after,
    })
}
