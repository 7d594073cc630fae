//! `archivist policy explain`.

mod text;

use std::path::PathBuf;

use clap::Args;
use configuration::facts::read_facts;
use domain::policy::retention::{CountedFrom, Explanation, StartsAt, facts_of_entry};
use domain::record::catalogue::Entry;
use jiff::Timestamp;
use pipeline::view::explanation_view;

use super::{NO_POLICY, PolicyContext};
use crate::arguments::IdArg;
use crate::output::json;
use crate::{CliError, CommandContext, Exit};
use text::Subject;

/// Arguments of `policy explain`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist policy explain rec_01kjpyph1yv56czgxgxa6hk7hq
  archivist policy explain --facts made-up.yaml

The file has the facts of a recording that need not be in the catalogue; a fact that is left out is not known:
  person: ada@contoso.example
  machine: vm-db-01
  tags: { scope: card }
  created: 2026-03-02T09:12:44Z
  ended: 2026-03-02T09:40:02Z")]
pub struct ExplainArgs {
    /// The recording's id, whole or short, as lists show it.
    #[arg(value_name = "ID", value_parser = IdArg::parse, required_unless_present = "facts", conflicts_with = "facts")]
    pub id: Option<IdArg>,
    /// A file with the facts of a recording, as YAML or JSON. Does not read the catalogue.
    #[arg(long, value_name = "FILE")]
    pub facts: Option<PathBuf>,
    /// Write one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// Explains an invented recording, from a file.
pub(super) fn run(args: &ExplainArgs, context: &mut PolicyContext<'_>) -> Result<Exit, CliError> {
    let configuration = context.configuration()?;
    let policy = PolicyContext::policy(&configuration)?;
    let Some(path) = &args.facts else {
        return Err(CliError::Problems("a recording of the catalogue is explained with the catalogue".to_owned()));
    };
    let (file, text) = context.read(path)?;
    let facts = read_facts(&file, &text).map_err(|problems| CliError::Problems(problems.to_string()))?;
    let Some(day) = facts.day(policy.starts_at) else {
        let needed = if policy.starts_at == StartsAt::Created { "created" } else { "ended" };
        let what =
            format!("{file}: {needed} is missing, and periods count from it; add {needed}: 2026-03-02T09:40:02Z");
        return Err(CliError::Problems(what));
    };
    let explanation = Explanation::new(policy, &facts.facts(), facts.class.as_deref(), day);
    if args.json {
        json::write_line(&mut *context.out, &explanation_view(&explanation, None))?;
    } else {
        let subject = Subject { counted_from: day, counted_by: in_words(policy.starts_at), catalogued: None };
        text::write(context.out, &explanation, &subject)?;
    }
    Ok(Exit::Done)
}

/// Explains a recording of the catalogue.
pub(crate) async fn explain_recording(args: &ExplainArgs, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let policy = context.policy.ok_or_else(|| CliError::Problems(NO_POLICY.to_owned()))?;
    let Some(id) = &args.id else { return Ok(Exit::WrongUse) };
    let id = id.find(context.catalogue).await?;
    let loaded = context.catalogue.lives_of(id).await?;
    let Some(entry) = loaded.as_ref().and_then(|loaded| loaded.lives.entry(id)) else {
        writeln!(context.err, "the catalogue has no recording {id}")?;
        return Ok(Exit::Findings);
    };
    let Some(CountedFrom { day, by }) = policy.counted_from(entry) else {
        writeln!(context.err, "its times are not known yet, so no period runs: it stays")?;
        return Ok(Exit::Findings);
    };
    let given = entry.custody.given_class.as_deref();
    let explanation = facts_of_entry(entry, policy.tolerances, |facts| Explanation::new(policy, facts, given, day));
    let catalogued = Some((entry, context.now));
    if args.json {
        json::write_line(&mut *context.out, &explanation_view(&explanation, catalogued))?;
    } else {
        let subject = Subject { counted_from: day, counted_by: by.in_words(), catalogued };
        text::write(context.out, &explanation, &subject)?;
    }
    context.out.flush()?;
    Ok(Exit::Done)
}

/// Names the day from which the facts of a file are counted.
fn in_words(starts_at: StartsAt) -> &'static str {
    match starts_at {
        StartsAt::SessionEnd => "the UTC day on which the session ended, or else the recording",
        StartsAt::Created => "the UTC day on which the recording was created",
    }
}

/// Catalogue entry and the current time.
type Catalogued<'e> = Option<(&'e Entry, Timestamp)>;
