//! `archivist retention approve`.

use clap::Args;
use pipeline::retention::NotApproved;
use serde_json::json;

use super::NO_POLICY;
use super::view::VERSION;
use crate::output::progress::Spinner;
use crate::output::{human, json};
use crate::{CliError, Exit, WorkContext};

/// Arguments of `retention approve`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Example:
  archivist retention approve 3f0c…

`archivist retention plan` shows the digest. The approval covers exactly these recordings with exactly this content, and a
hold that is placed later wins. Exit code 1 if no plan has this digest, or if the due recordings have changed since.")]
pub struct ApproveArgs {
    /// The digest of the plan.
    #[arg(value_name = "DIGEST")]
    pub digest: String,
    /// Write one JSON document: `{"version": 1, "approved": 12, "refused": null}`.
    #[arg(long)]
    pub json: bool,
}

pub(super) async fn run(args: &ApproveArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    context.policy.ok_or_else(|| CliError::Problems(NO_POLICY.to_owned()))?;
    let spinner = Spinner::begin(context.terminal, "approving the plan");
    let approved = context.archivist.approval.approve(args.digest.trim(), &context.by).await;
    spinner.end();
    let approved = approved?;
    if args.json {
        let refused = approved.as_ref().err().map(|refused| match refused {
            NotApproved::Unknown => json!({ "reason": "unknown" }),
            NotApproved::Changed { was, now } => json!({ "reason": "changed", "was": was, "now": now }),
        });
        let count = approved.as_ref().map_or(0, |approved| approved.recordings);
        json::write_line(&mut *context.out, &json!({ "version": VERSION, "approved": count, "refused": refused }))?;
    }
    match approved {
        Ok(approved) => {
            let count = human::recordings(approved.recordings);
            let next = "archivist retention run, or the next sweep, deletes them";
            writeln!(context.err, "{count} may be deleted within seven days: {next}")?;
            Ok(Exit::Done)
        }
        Err(NotApproved::Unknown) => {
            let digest = human::text(&args.digest);
            writeln!(
                context.err,
                "no plan has the digest {digest}; `archivist retention plan` shows the present plans"
            )?;
            Ok(Exit::Findings)
        }
        Err(NotApproved::Changed { was, now }) => {
            let what = format!("the plan had {}, and the remaining {now} are another plan", human::recordings(was));
            writeln!(context.err, "{what}; review it again: archivist retention plan")?;
            Ok(Exit::Findings)
        }
    }
}
