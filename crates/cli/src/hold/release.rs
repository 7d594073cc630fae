//! `archivist hold release`.

use clap::Args;
use domain::record::hold::{Hold, HoldId};
use pipeline::hold::KnownHold;
use pipeline::view::HoldView;
use serde_json::json;

use super::view::{VERSION, holds};
use crate::arguments::text::not_empty;
use crate::output::{human, json};
use crate::{CliError, Exit, WorkContext};

/// Arguments of `hold release`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist hold release --case 2026-17
  archivist hold release --case 2026-17 --hold hold_507h7sfwqs0kbjad25wp4wz0gm --yes

Exit code 1 if there is no such active hold, or if you answer no.")]
pub struct ReleaseArgs {
    /// The case whose holds are released.
    #[arg(long, value_name = "CASE", value_parser = not_empty)]
    pub case: String,
    /// Release only this hold of the case.
    #[arg(long, value_name = "ID", value_parser = hold_id)]
    pub hold: Option<HoldId>,
    /// Skip the confirmation prompt.
    #[arg(long)]
    pub yes: bool,
    /// Write one JSON document: `{"version": 1, "released": [...]}`.
    #[arg(long)]
    pub json: bool,
}

fn hold_id(text: &str) -> Result<HoldId, &'static str> {
    HoldId::parse(text).ok_or("it is not the id of a hold; `archivist hold list` shows the ids")
}

pub(super) async fn run(args: &ReleaseArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let known = context.archivist.holds.list_holds().await?;
    let is_meant = |known: &&KnownHold| {
        let is_it = args.hold.as_ref().is_none_or(|id| *id == known.hold.id);
        known.released.is_none() && known.hold.case == args.case && is_it
    };
    let meant: Vec<&KnownHold> = known.iter().filter(is_meant).collect();
    let case = human::text(&args.case);
    if meant.is_empty() {
        if args.json {
            json::write_line(&mut *context.out, &json!({ "version": VERSION, "released": [] }))?;
        }
        writeln!(context.err, "no such hold of case {case} is active; `archivist hold list --all` shows all holds")?;
        return Ok(Exit::Findings);
    }
    if !args.json {
        writeln!(context.out, "{}", holds(&meant, context.terminal, &context.zone))?;
        context.out.flush()?;
    }
    let which = if meant.len() == 1 {
        "this hold".to_owned()
    } else {
        format!("these {} holds", meant.len())
    };
    let question =
        format!("Release {which} of case {case}? Recordings that it covers can be deleted once they are due.");
    if !context.is_wanted(args.yes, &question)? {
        writeln!(context.err, "nothing was released")?;
        return Ok(Exit::Findings);
    }
    // Only what was shown and confirmed, not what was placed in the meantime.
    let meant: Vec<Hold> = meant.into_iter().map(|known| known.hold.clone()).collect();
    let released = context.archivist.hold_release.release_these(&meant, &context.by).await?;
    let known = context.archivist.holds.list_holds().await?;
    if args.json {
        let is_released =
            |known: &&KnownHold| known.released.is_some() && released.iter().any(|hold| hold.id == known.hold.id);
        let views: Vec<HoldView<'_>> = known.iter().filter(is_released).map(HoldView::from_hold).collect();
        json::write_line(&mut *context.out, &json!({ "version": VERSION, "released": views }))?;
    } else {
        let released = counted(released.len());
        writeln!(context.err, "{released} released; entries and tags follow with the next retention sweep")?;
    }
    let further = |known: &&KnownHold| known.released.is_none() && known.hold.case == args.case;
    let further: Vec<&str> = known.iter().filter(further).map(|known| known.hold.id.as_str()).collect();
    if !further.is_empty() {
        let (holds, ids) = (counted(further.len()), further.join(", "));
        writeln!(context.err, "case {case} has {holds} still active: {ids}")?;
    }
    Ok(Exit::Done)
}

fn counted(holds: usize) -> String {
    if holds == 1 { "1 hold".to_owned() } else { format!("{holds} holds") }
}
