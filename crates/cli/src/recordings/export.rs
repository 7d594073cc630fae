//! `archivist recordings export`.

use clap::Args;
use pipeline::view::csv::RECORDING_COLUMNS;

use super::list::{checked, write_items};
use super::pages::Pages;
use super::{Filters, searched};
use crate::arguments::{ExportFormatArgs, PagingArgs};
use crate::output::items::ItemWriter;
use crate::output::progress::WrittenEntries;
use crate::{CliError, CommandContext, Exit};

/// Arguments of `recordings export`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist recordings export --format csv --from 2026-01-01 --to 2026-03-31 > quarter.csv
  archivist recordings export --format jsonl --state deleted | jq -r .name
  archivist recordings export --format csv anna sql-3 7d

The words are those of `archivist recordings list`.")]
pub struct ExportArgs {
    /// Output format.
    #[command(flatten)]
    pub format: ExportFormatArgs,
    /// Filters.
    #[command(flatten)]
    pub filters: Filters,
}

pub(super) async fn run(args: &ExportArgs, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let query = checked(&args.filters, context).await?;
    searched::understood(&mut *context.err, &query.search)?;
    let mut pages = Pages::new(PagingArgs::ALL, query, context);
    let mut progress = WrittenEntries::new(context.terminal, "recordings", &mut *context.err);
    let writer = ItemWriter::begin(args.format.items(), RECORDING_COLUMNS, &mut *context.out)?;
    write_items(&mut pages, writer, |more| Ok(progress.add(more)?)).await?;
    progress.finish()?;
    searched::unknown(&mut *context.err, pages.unknown())?;
    Ok(Exit::Done)
}
