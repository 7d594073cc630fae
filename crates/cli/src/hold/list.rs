//! `archivist hold list`.

use clap::Args;
use pipeline::hold::KnownHold;
use pipeline::view::HoldView;
use pipeline::view::csv::HOLD_COLUMNS;
use serde_json::json;

use super::view::{VERSION, holds};
use crate::arguments::{FormatArgs, ItemFormat};
use crate::output::items::ItemWriter;
use crate::output::json;
use crate::{CliError, Exit, WorkContext};

/// Arguments of `hold list`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist hold list
  archivist hold list --case 2026-17 --all --json
  archivist hold list --all --format csv

On a narrow terminal the reason and the person who placed it are left out; the other formats have
everything. The JSON document is `{\"version\": 1, \"holds\": [...]}`. `archivist recordings
show ID` lists the holds of a recording.")]
pub struct ListHoldsArgs {
    /// Only holds of this case.
    #[arg(long, value_name = "CASE")]
    pub case: Option<String>,
    /// Include released holds.
    #[arg(long)]
    pub all: bool,
    /// Format.
    #[command(flatten)]
    pub format: FormatArgs,
}

pub(super) async fn run(args: &ListHoldsArgs, context: &mut WorkContext<'_>) -> Result<Exit, CliError> {
    let known = context.archivist.holds.list_holds().await?;
    let is_wanted = |known: &&KnownHold| {
        (args.all || known.released.is_none()) && args.case.as_ref().is_none_or(|case| *case == known.hold.case)
    };
    let wanted: Vec<&KnownHold> = known.iter().filter(is_wanted).collect();
    let format = args.format.items();
    if format == Some(ItemFormat::Json) {
        let views: Vec<HoldView<'_>> = wanted.into_iter().map(HoldView::from_hold).collect();
        json::write_line(&mut *context.out, &json!({ "version": VERSION, "holds": views }))?;
    } else if let Some(format) = format {
        let mut writer = ItemWriter::begin(format, HOLD_COLUMNS, &mut *context.out)?;
        wanted.into_iter().try_for_each(|known| writer.write(&HoldView::from_hold(known)))?;
        writer.finish(None)?;
    } else if wanted.is_empty() {
        let hint = if args.all { "" } else { "; --all lists those that were released" };
        writeln!(context.err, "there is no such hold{hint}")?;
    } else {
        writeln!(context.out, "{}", holds(&wanted, context.terminal, &context.zone))?;
    }
    Ok(Exit::Done)
}
