//! `archivist retention plan`.

use clap::Args;
use domain::record::blob::whole_second;
use domain::record::retention::Executor;
use pipeline::retention::Planned;

use super::NO_POLICY;
use super::view::{self, VERSION};
use crate::arguments::{FormatArgs, ItemFormat};
use crate::output::items::ItemWriter;
use crate::output::progress::Spinner;
use crate::output::section::facts;
use crate::output::{human, json};
use crate::{CliError, Exit, WorkContext};

/// Arguments of `retention plan`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist retention plan
  archivist retention plan --json | jq -r '.to_review.digest'

A recording is deleted in steps: its last day ends, people are warned, the grace period passes, then it is deleted or
reviewed. A digest stands for exactly the recordings that are counted under it. Each step lists its first 20 recordings; csv and
jsonl have one row for each of them. The JSON document is `{\"version\": 1, \"as_of\": \"...\", \"enforced\": true,
\"clock\": null, \"to_warn\": {...}, ...}`.")]
pub struct PlanArgs {
    /// Format.
    #[command(flatten)]
    pub format: FormatArgs,
}

pub(super) async fn run(args: &PlanArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let policy = context.policy.ok_or_else(|| CliError::Problems(NO_POLICY.to_owned()))?;
    let spinner = Spinner::begin(context.terminal, "listing due recordings");
    let planned = context.archivist.retention_plans.plan(context.now).await;
    spinner.end();
    let planned = planned?;
    let stopped = match policy.enforce {
        true => context.archivist.retention.stopped(&planned.delete).await?.map(|reason| reason.to_string()),
        false => None,
    };
    let wrong_clock = context.archivist.deletion_clock.wrong_clock().await.map(|fault| fault.to_string());
    let format = args.format.items();
    if format == Some(ItemFormat::Json) {
        let mut document = view::planned(&planned, stopped.as_deref());
        document["version"] = VERSION.into();
        document["as_of"] = whole_second(context.now).to_string().into();
        document["enforced"] = policy.enforce.into();
        document["clock"] = wrong_clock.as_deref().into();
        json::write_line(&mut *context.out, &document)?;
    } else if let Some(format) = format {
        let mut writer = ItemWriter::begin(format, view::COLUMNS, &mut *context.out)?;
        view::items(&planned).iter().try_for_each(|item| writer.write(item))?;
        writer.finish(None)?;
    } else {
        let executor = if policy.executor == Executor::Lifecycle {
            "the platform's lifecycle rule"
        } else {
            "the archivist"
        };
        let enforced = if policy.enforce {
            format!("yes, by {executor}")
        } else {
            "no: a dry run".to_owned()
        };
        write(&planned, enforced, context)?;
        view::write_waiting(context.out, &planned, stopped.as_deref())?;
        context.out.flush()?;
        if let Some(wrong) = &wrong_clock {
            writeln!(context.err, "warning: {}", human::text(wrong))?;
        }
        if !policy.enforce {
            writeln!(context.err, "nothing is warned of or deleted until retention.enforce is true in archivist.yaml")?;
        }
        if planned.failed > 0 {
            writeln!(context.err, "{} could not be read; RUST_LOG=warn shows why", human::recordings(planned.failed))?;
        }
    }
    let waits = stopped.is_some() || planned.review.count > 0 || planned.failed > 0;
    Ok(if waits || wrong_clock.is_some() { Exit::Findings } else { Exit::Done })
}

fn write(planned: &Planned, enforced: String, context: &mut WorkContext<'_>) -> Result<(), CliError> {
    let lines = [
        ("as of", human::second(Some(whole_second(context.now)))),
        ("enforced", enforced),
        ("to warn of", human::recordings(planned.to_mark.count)),
        ("in their grace", human::recordings(planned.waiting)),
        ("approved", human::recordings(planned.approved)),
        ("to be deleted", human::recordings(planned.delete.count)),
        ("under review", human::recordings(planned.review.count)),
    ];
    facts(context.out, &lines)?;
    let parts =
        [("To be warned of", &planned.to_mark), ("To be deleted", &planned.delete), ("Under review", &planned.review)];
    for (heading, plan) in parts {
        view::write_plan(context.out, heading, plan, context.terminal)?;
    }
    Ok(())
}
