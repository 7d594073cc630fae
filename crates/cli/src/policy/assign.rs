//! `archivist policy assign`.

use clap::Args;
use domain::record::recording_id::RecordingId;
use domain::record::retention::Retention;
use pipeline::retention::{Assigned, NotAssigned};
use serde_json::{Value, json};

use super::NO_POLICY;
use crate::arguments::IdArg;
use crate::output::{human, json};
use crate::{CliError, Exit, WorkContext};

/// Arguments of `policy assign`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist policy assign rec_01kjpyph1yv56czgxgxa6hk7hq pci
  archivist policy assign rec_01kjpyph1yv56czgxgxa6hk7hq --by-rules

A class given by a person overrides the rules, except rules that are a minimum. Longer retention applies at once; shorter
retention waits for `archivist policy reapply --allow-shorten`. Exit code 1 if the recording does not exist, or may still
be written.")]
pub struct AssignArgs {
    /// The recording's id, whole or short, as lists show it.
    #[arg(value_name = "ID", value_parser = IdArg::parse)]
    pub id: IdArg,
    /// The class, by its name in the policy.
    #[arg(value_name = "CLASS", required_unless_present = "by_rules", conflicts_with = "by_rules")]
    pub class: Option<String>,
    /// Remove a class assigned by a person; the rules decide again.
    #[arg(long)]
    pub by_rules: bool,
    /// Write one JSON document: `{"version": 1, "changed": true, "retention": {...}, "shorter": null,
    /// "refused": null}`.
    #[arg(long)]
    pub json: bool,
}

pub(crate) async fn assign(args: &AssignArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let id = args.id.find_to_change(context.catalogue).await?;
    let assigned = context.archivist.class_assignment.give_class(id, args.class.as_deref(), &context.by).await?;
    let refused = match &assigned {
        Ok(_) => None,
        Err(NotAssigned::NoPolicy) => return Err(CliError::Problems(NO_POLICY.to_owned())),
        Err(NotAssigned::UnknownClass(known)) => {
            let class = human::optional(args.class.as_deref());
            let problem = format!("the policy has no class {class}; it has {}", known.join(", "));
            return Err(CliError::Problems(problem));
        }
        Err(NotAssigned::UnknownRecording) => Some(format!("the catalogue has no recording {id}")),
        Err(NotAssigned::NotFinal) => Some(format!("{id} may still be written; give it a class once it is final")),
        Err(NotAssigned::NotThere(state)) => Some(format!("{id} is {}", state.name())),
    };
    if args.json {
        let assigned = assigned.as_ref().ok();
        let document = json!({
            "version": 1,
            "id": id.to_string(),
            "changed": assigned.is_some_and(|assigned| assigned.is_changed),
            "retention": assigned.and_then(|assigned| assigned.promised.as_ref()).map(view),
            "shorter": assigned.and_then(|assigned| assigned.shorter.as_ref()).map(view),
            "refused": refused,
        });
        json::write_line(&mut *context.out, &document)?;
    } else if let Ok(assigned) = &assigned {
        write(id, assigned, context)?;
    }
    context.end(refused)
}

fn write(id: RecordingId, assigned: &Assigned, context: &mut WorkContext<'_>) -> Result<(), CliError> {
    if !assigned.is_changed {
        writeln!(context.err, "unchanged: it had this already")?;
    }
    if let Some(promised) = &assigned.promised {
        writeln!(context.out, "{id}  {}", stays(promised))?;
    }
    if let Some(shorter) = &assigned.shorter {
        context.out.flush()?;
        let today = stays(shorter);
        writeln!(context.err, "its retention stays longer than today's policy says ({today}), until you run")?;
        writeln!(context.err, "  archivist policy reapply --allow-shorten")?;
    }
    Ok(())
}

/// Retention in words: `pci until 2027-09-02, then review`.
pub(super) fn stays(retention: &Retention) -> String {
    let class = human::text(&retention.class);
    match retention.delete_after {
        Some(date) => format!("{class} until {date}, then {}", retention.then.name()),
        None => format!("{class} for ever"),
    }
}

/// Retention as JSON.
pub(super) fn view(retention: &Retention) -> Value {
    json!({
        "class": retention.class,
        "retain_until": retention.retain_until,
        "delete_after": retention.delete_after,
        "then": retention.then.name(),
        "unknown_rules": retention.unknown,
    })
}
