//! `archivist retention run`.

use clap::Args;
use pipeline::retention::RetentionRun;
use serde_json::json;

use super::NO_POLICY;
use super::view::{self, VERSION};
use crate::output::progress::Spinner;
use crate::output::section::facts;
use crate::output::{human, json};
use crate::{CliError, Exit, WorkContext};

/// Arguments of `retention run`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist retention plan
  archivist retention run

Exit code 1 if a plan waits for approval (`archivist retention approve`), or if something could not be processed now.
Exit code 3 if the clock of this machine is wrong, or if the catalogue cannot be reached; then nothing is deleted.")]
pub struct RunArgs {
    /// Write one JSON document: `{"version": 1, "enforced": true, "in_step": 0, "warned": 0, "deletions": 0, ...}`.
    #[arg(long)]
    pub json: bool,
}

pub(super) async fn run(args: &RunArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let policy = context.policy.ok_or_else(|| CliError::Problems(NO_POLICY.to_owned()))?;
    let spinner = Spinner::begin(context.terminal, "sweeping");
    let retained = context.archivist.retention.run_retention(&|| true).await;
    spinner.end();
    let retained = retained?;
    let stopped = retained.aborted.as_ref().map(ToString::to_string);
    if args.json {
        let RetentionRun { in_step, marked, ordered, failed, unfinished, .. } = retained;
        let document = json!({
            "version": VERSION,
            "enforced": policy.enforce,
            "in_step": in_step,
            "warned": marked,
            "deletions": ordered,
            "found": view::planned(&retained.planned, stopped.as_deref()),
            "failed": failed,
            "unfinished": unfinished,
        });
        json::write_line(&mut *context.out, &document)?;
    } else {
        write(&retained, policy.enforce, context)?;
        view::write_waiting(context.out, &retained.planned, stopped.as_deref())?;
    }
    let waits = stopped.is_some() || retained.planned.review.count > 0;
    let is_whole = retained.failed == 0 && !retained.unfinished;
    Ok(if waits || !is_whole { Exit::Findings } else { Exit::Done })
}

fn write(retained: &RetentionRun, is_enforced: bool, context: &mut WorkContext<'_>) -> Result<(), CliError> {
    let planned = &retained.planned;
    let would = |count| format!("{}, once it is enforced", human::recordings(count));
    let warned = if is_enforced {
        human::recordings(retained.marked)
    } else {
        would(planned.to_mark.count)
    };
    let mut lines = vec![
        ("enforced", if is_enforced { "yes" } else { "no: a dry run" }.to_owned()),
        ("in step", format!("{} updated to policy and holds", retained.in_step)),
        ("warned of", warned),
        ("in their grace", human::recordings(planned.waiting)),
        ("deleted", format!("{}, as far as storage permits", human::recordings(retained.ordered))),
        ("under review", human::recordings(planned.review.count)),
    ];
    if retained.failed > 0 {
        lines.push(("failed", format!("{}; the next sweep retries them", human::recordings(retained.failed))));
    }
    facts(context.out, &lines)?;
    if retained.is_overtaken {
        writeln!(context.err, "another sweep is running; repeat the command to see the rest")?;
    } else if retained.unfinished {
        let why = "not all recordings are updated to policy and holds, because some could not be processed";
        writeln!(context.err, "{why}; RUST_LOG=warn shows which; repeat the command to continue")?;
    }
    Ok(())
}
