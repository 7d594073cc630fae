//! `archivist sessions disconnect`.

use clap::Args;
use domain::decide::posture::MaybeKnown;
use domain::record::estate::BastionName;
use serde_json::json;

use super::live::NO_API;
use crate::output::{human, json};
use crate::recordings::bastion;
use crate::{CliError, Exit, WorkContext};

/// Arguments of `sessions disconnect`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Example:
  archivist sessions disconnect 5f0c1c1e-7a5e-4a1c-9a55-0d1b2c3d4e01 --bastion bas-hub-01

`archivist sessions list --live` shows the id. The ledger records who ended which session. Exit code 1 if the bastion does
not end it, or if you answer no.")]
pub struct DisconnectArgs {
    /// The id of the live session.
    pub id: String,
    /// The bastion of the session; optional if only one is configured.
    #[arg(long, value_name = "NAME", value_parser = bastion)]
    pub bastion: Option<BastionName>,
    /// Skip the confirmation prompt.
    #[arg(long)]
    pub yes: bool,
    /// Write one JSON document: `{"version": 1, "sessions": [...]}`.
    #[arg(long)]
    pub json: bool,
}

pub(crate) async fn run(args: &DisconnectArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let Some(api) = context.live else {
        return Err(CliError::Problems(NO_API.to_owned()));
    };
    let configured: Vec<BastionName> = context.estate.bastions.iter().map(|one| one.name.clone()).collect();
    let (bastion, several) = match (&args.bastion, configured.as_slice()) {
        (Some(named), _) => (named.clone(), false),
        (None, [only]) => (only.clone(), false),
        (None, [first, ..]) => (first.clone(), true),
        (None, []) => return Err(CliError::Problems("no bastion is configured".to_owned())),
    };
    if several {
        return Err(CliError::Problems("several bastions are configured: name one with --bastion NAME".to_owned()));
    }
    let (id, name) = (human::text(&args.id), human::text(bastion.as_str()));
    let question = format!("End session {id} of bastion {name}? The connected person loses unsaved work.");
    if !context.is_wanted(args.yes, &question)? {
        writeln!(context.err, "nothing was ended")?;
        return Ok(Exit::Findings);
    }
    let by = context.by.shown();
    let ended = match context.archivist.live.disconnect(api, &bastion, &args.id, &by).await? {
        MaybeKnown::Read(ended) => ended,
        MaybeKnown::NotReadable(why) => {
            writeln!(context.err, "not confirmed that it ended: {}", human::text(&why))?;
            return Ok(Exit::Findings);
        }
    };
    if args.json {
        let each = |one: &pipeline::ports::Disconnected| json!({ "session_id": one.id, "ended": one.is_done, "said": one.message });
        let sessions: Vec<_> = ended.iter().map(each).collect();
        json::write_line(&mut *context.out, &json!({ "version": 1, "sessions": sessions }))?;
    } else {
        for one in &ended {
            let what = if one.is_done { "ended" } else { "not ended" };
            writeln!(context.out, "{}: {what} ({})", human::text(&one.id), human::text(&one.message))?;
        }
    }
    let is_done = ended.iter().any(|one| one.id == args.id && one.is_done);
    Ok(if is_done { Exit::Done } else { Exit::Findings })
}
