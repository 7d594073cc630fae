//! `archivist sessions show`.

use std::io::{self, Write};

use clap::Args;
use domain::record::estate::BastionName;
use pipeline::query;
use pipeline::view::{RecordsView, SessionDetailView, SessionView};

use crate::arguments::TunnelArg;
use crate::output::section::{self, section};
use crate::output::session::session_lines;
use crate::output::{human, json};
use crate::recordings::{bastion, pending};
use crate::{CliError, CommandContext, Exit};

/// Arguments of `sessions show`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Example:
  archivist sessions show 5f0c1c1e-7a5e-4a1c-9a55-0d1b2c3d4e01")]
pub struct ShowSessionArgs {
    /// The session's tunnel id, ignoring case; or its last letters, as lists on a terminal show it.
    #[arg(value_parser = TunnelArg::parse)]
    pub id: TunnelArg,
    /// The bastion, if two use the same id or it is no longer configured.
    #[arg(long, value_name = "NAME", value_parser = bastion)]
    pub bastion: Option<BastionName>,
    /// Write one JSON document: the session with its audit records, or null if there is none.
    #[arg(long)]
    pub json: bool,
}

pub(super) async fn run(args: &ShowSessionArgs, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let configured = || context.estate.bastions.iter().map(|bastion| bastion.name.clone()).collect();
    let bastions: Vec<BastionName> = args.bastion.clone().map_or_else(configured, |named| vec![named]);
    let id = args.id.find(context.sessions).await?;
    let Some(found) = query::session(context.sessions, context.catalogue, &bastions, &id).await? else {
        if args.json {
            json::write_line(&mut *context.out, &None::<()>)?;
        }
        writeln!(context.err, "no bastion logged a session {}", human::text(id.as_str()))?;
        return Ok(Exit::Findings);
    };
    let candidate_of = query::candidate_of(context.catalogue, &found.entry).await?;
    let view = SessionDetailView::from_session(&found, candidate_of);
    if args.json {
        json::write_line(&mut *context.out, &view)?;
    } else {
        write_detail(context.out, &view)?;
    }
    Ok(Exit::Done)
}

fn write_detail(out: &mut dyn Write, view: &SessionDetailView<'_>) -> io::Result<()> {
    let SessionView { bastion, state, facts, recording_id, warnings, gap, .. } = &view.session;
    let recording = recording_id.map_or_else(|| "-".to_owned(), |id| id.to_string());
    section::facts(
        out,
        &[("bastion", human::text(bastion)), ("state", (*state).to_owned()), ("recording", recording)],
    )?;
    section(out, "session", session_lines(facts))?;
    section(out, "anomalies", warnings.iter().map(|warning| warning.replace('_', " ")))?;
    let missing = gap.iter().map(|gap| {
        let one_of = if gap.one_of.is_empty() {
            String::new()
        } else {
            format!(": {}", human::text(&gap.one_of.join(", ")))
        };
        format!("{}{one_of}, found {}", gap.cause.replace('_', " "), gap.found_at)
    });
    section(out, "without a recording", missing)?;
    section(out, "may be on", view.candidate_of.iter().map(ToString::to_string))?;
    section(out, "values in its records", texts(&view.records))?;
    section(out, "pending effects", view.pending_effects.iter().map(pending))
}

/// Distinct values of each field in the audit records, one line each.
fn texts(records: &RecordsView<'_>) -> Vec<String> {
    let fields = [
        ("userName", &records.user_name),
        ("userEmail", &records.user_email),
        ("clientIpAddress", &records.client_ip),
        ("protocol", &records.protocol),
        ("targetResourceId", &records.target_resource_id),
        ("targetVMIPAddress", &records.target_ip),
        ("resourceType", &records.resource_type),
        ("userAgent", &records.user_agent),
        ("message", &records.message),
        ("not understood", &records.odd),
    ];
    let lines = fields
        .iter()
        .flat_map(|(name, texts)| texts.iter().map(move |text| format!("{name:<17}  {}", human::text(text))));
    lines.collect()
}
