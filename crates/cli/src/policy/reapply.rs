//! `archivist policy reapply`.

use clap::Args;
use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use pipeline::retention::{OutOfStep, Reapplied};
use serde_json::{Value, json};

use super::NO_POLICY;
use super::assign::{stays, view};
use crate::output::progress::WrittenEntries;
use crate::output::table::{TableColumn, table};
use crate::output::{human, json};
use crate::{CliError, Exit, WorkContext};

/// Arguments of `policy reapply`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist policy reapply
  archivist policy reapply --allow-shorten

A policy change lengthens retention automatically. Retention that is longer than today's policy says stays until this
command shortens it, after a report. Exit code 1 if recordings are out of step; after an interruption, repeat the command to
continue. The recording's history and the ledger name the person who shortened it.")]
pub struct ReapplyArgs {
    /// Let today's policy shorten retention promised by earlier policies. Without it, only report.
    #[arg(long)]
    pub allow_shorten: bool,
    /// Skip the confirmation prompt.
    #[arg(long)]
    pub yes: bool,
    /// Maximum number of recordings in the report.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub limit: u16,
    /// Write one JSON document: `{"version": 1, "looked_at": 0, "out_of_step": 0, "changed": 0, "first": [...]}`.
    #[arg(long)]
    pub json: bool,
}

/// A recording in the report.
struct Reported {
    name: String,
    is_shorter: bool,
    step: OutOfStep,
}

pub(crate) async fn reapply(args: &ReapplyArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    context.policy.ok_or_else(|| CliError::Problems(NO_POLICY.to_owned()))?;
    let mut first: Vec<Reported> = Vec::new();
    let found = pass(false, context, |entry, step| {
        if first.len() < usize::from(args.limit) {
            let is_shorter = step.today.shortens(&step.promised);
            first.push(Reported { name: entry.address.name.as_str().to_owned(), is_shorter, step: step.clone() });
        }
    })
    .await?;
    let mut done = found;
    if !args.json {
        write(&found, &first, context)?;
    }
    if found.out_of_step > 0 && args.allow_shorten {
        let question = format!("Apply today's policy to {}?", human::recordings(found.out_of_step));
        if context.is_wanted(args.yes, &question)? {
            done = pass(true, context, |_, _| {}).await?;
        }
    }
    if args.json {
        let first: Vec<Value> = first.iter().map(reported).collect();
        let Reapplied { looked_at, out_of_step, changed } = done;
        let document = json!({
            "version": 1,
            "looked_at": looked_at,
            "out_of_step": out_of_step,
            "changed": changed,
            "first": first,
        });
        json::write_line(&mut *context.out, &document)?;
    } else if done.changed > 0 {
        writeln!(context.err, "policy applied to {}", human::recordings(done.changed))?;
    } else if done.out_of_step > 0 {
        let next = if args.allow_shorten {
            ""
        } else {
            "; to apply the policy: archivist policy reapply --allow-shorten"
        };
        writeln!(context.err, "nothing was changed{next}")?;
    }
    Ok(if done.out_of_step > done.changed { Exit::Findings } else { Exit::Done })
}

/// Compares every recording with the policy; with `apply`, changes those that differ.
async fn pass(
    apply: bool,
    context: &mut WorkContext<'_>,
    mut report: impl FnMut(&Entry, &OutOfStep),
) -> Result<Reapplied, CliError> {
    let mut progress = WrittenEntries::aside(context.terminal, &mut *context.err);
    let mut failed = None;
    let by = apply.then_some(&context.by);
    let mut look = |entry: &Entry, step: Option<&OutOfStep>| {
        failed = failed.take().or(progress.add(1).err());
        if let Some(step) = step {
            report(entry, step);
        }
    };
    let reapplied = context.archivist.policy_change.reapply(by, &mut look).await;
    progress.clear();
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(reapplied?),
    }
}

fn write(found: &Reapplied, first: &[Reported], context: &mut WorkContext<'_>) -> Result<(), CliError> {
    if found.out_of_step == 0 {
        writeln!(context.err, "{} checked, all are in step with the policy", human::recordings(found.looked_at))?;
        return Ok(());
    }
    let of = |text: fn(&Reported) -> String| first.iter().map(text);
    let change = |one: &Reported| if one.is_shorter { "shorter" } else { "longer" }.to_owned();
    let columns = vec![
        TableColumn::new("id", of(|one| one.step.id.to_string())),
        TableColumn::new("was promised", of(|one| stays(&one.step.promised))),
        TableColumn::new("today", of(|one| stays(&one.step.today))),
        TableColumn::new("change", of(change)).gives_way(0),
        TableColumn::new("name", of(|one| human::text(&one.name))),
    ];
    writeln!(context.out, "{}", table(columns, context.terminal))?;
    let rest = found.out_of_step.saturating_sub(first.len() as u64);
    if rest > 0 {
        writeln!(context.out, "and {rest} more")?;
    }
    context.out.flush()?;
    let (out_of_step, looked_at) = (human::recordings(found.out_of_step), human::recordings(found.looked_at));
    writeln!(context.err, "{out_of_step} out of step, of {looked_at} checked")?;
    Ok(())
}

fn reported(one: &Reported) -> Value {
    let id: RecordingId = one.step.id;
    json!({
        "id": id.to_string(),
        "name": one.name,
        "promised": view(&one.step.promised),
        "today": view(&one.step.today),
        "shorter": one.is_shorter,
    })
}
