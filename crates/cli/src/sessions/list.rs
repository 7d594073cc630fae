//! `archivist sessions list` and `export`.

use clap::Args;
use pipeline::query::{SessionCursor, SessionQuery};
use pipeline::view::SessionView;
use pipeline::view::csv::SESSION_COLUMNS;

use super::SessionFilters;
use super::pages::SessionPages;
use super::table::columns_of;
use crate::arguments::known::check_bastion;
use crate::arguments::{ExportFormatArgs, FormatArgs, ItemFormat, PagingArgs};
use crate::output::items::ItemWriter;
use crate::output::progress::WrittenEntries;
use crate::output::table::PagedTable;
use crate::{CliError, CommandContext, Exit};

/// Arguments of `sessions list`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist sessions list --person ann@contoso.com --from 2026-03-01
  archivist sessions list --machine vm-web-01 --state open
  archivist sessions list --without-recording --format csv
  archivist sessions list --all --from 7d --tz Europe/Berlin
  archivist sessions list --live

A DATE is today, yesterday, tuesday, last tuesday, this week, last month, w42, 7d, 2w, 2026-11-17, 2026-11 or an RFC 3339
time; days begin in the time zone of --tz. On a terminal, long ids are shortened to their last letters. On a narrow
terminal the columns recording, length, bastion, account and state are left out, in this order; the other formats have
everything. The JSON document is
`{\"items\": [...], \"next_cursor\": ...}`.")]
pub struct ListSessionsArgs {
    /// List the live sessions reported by the bastions; no filter except --bastion applies.
    #[arg(long, conflicts_with_all = ["person", "machine", "account", "state", "without_recording", "from", "to", "cursor", "all", "format"])]
    pub live: bool,
    /// Filters.
    #[command(flatten)]
    pub filters: SessionFilters,
    /// Number of sessions.
    #[command(flatten)]
    pub paging: PagingArgs,
    /// Continue after the page with this cursor; use the same filters.
    #[arg(long, value_parser = SessionCursor::parse)]
    pub cursor: Option<SessionCursor>,
    /// Format.
    #[command(flatten)]
    pub format: FormatArgs,
}

/// Arguments of `sessions export`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist sessions export --format csv --from 2026-01 --to 2026-03 > quarter.csv
  archivist sessions export --format jsonl --without-recording | jq -r .tunnel_id")]
pub struct ExportSessionsArgs {
    /// Output format.
    #[command(flatten)]
    pub format: ExportFormatArgs,
    /// Filters.
    #[command(flatten)]
    pub filters: SessionFilters,
}

pub(super) async fn run(args: &ListSessionsArgs, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let query = SessionQuery { cursor: args.cursor.clone(), ..checked(&args.filters, context).await? };
    let pages = SessionPages::new(args.paging, query, context);
    let format = args.format.items();
    let next = match format {
        Some(format) => {
            let writer = ItemWriter::begin(format, SESSION_COLUMNS, &mut *context.out)?;
            write_items(pages, writer, |_| Ok(())).await?
        }
        None => write_table(pages, context).await?,
    };
    if let Some(cursor) = next.filter(|_| format != Some(ItemFormat::Json)) {
        context.out.flush()?;
        writeln!(context.err, "\nThere is more: repeat the command with --all, or with --cursor {cursor}")?;
    }
    Ok(Exit::Done)
}

pub(super) async fn export(args: &ExportSessionsArgs, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let query = checked(&args.filters, context).await?;
    let pages = SessionPages::new(PagingArgs::ALL, query, context);
    let mut progress = WrittenEntries::new(context.terminal, "sessions", &mut *context.err);
    let writer = ItemWriter::begin(args.format.items(), SESSION_COLUMNS, &mut *context.out)?;
    write_items(pages, writer, |more| Ok(progress.add(more)?)).await?;
    progress.finish()?;
    Ok(Exit::Done)
}

/// Returns the query of the filters.
///
/// # Errors
/// The bastion is not known, or the time range ends before it begins.
async fn checked(filters: &SessionFilters, context: &CommandContext<'_>) -> Result<SessionQuery, CliError> {
    let query = filters.query(&context.today())?;
    check_bastion(query.bastion.as_ref(), context).await?;
    Ok(query)
}

async fn write_table(
    mut pages: SessionPages<'_>,
    context: &mut CommandContext<'_>,
) -> Result<Option<SessionCursor>, CliError> {
    let (mut is_empty, mut shown) = (true, PagedTable::default());
    while let Some(found) = pages.next_table().await? {
        if !found.is_empty() {
            is_empty = false;
            let columns = columns_of(&found, context.terminal, &context.zone);
            writeln!(context.out, "{}", shown.page(columns, context.terminal))?;
        }
    }
    if is_empty {
        writeln!(context.err, "no sessions found")?;
    }
    Ok(pages.cursor())
}

/// Writes all pages, and calls `written` with the number of sessions of each. Returns the cursor of the next page.
async fn write_items(
    mut pages: SessionPages<'_>,
    mut writer: ItemWriter<'_>,
    mut written: impl FnMut(usize) -> Result<(), CliError>,
) -> Result<Option<SessionCursor>, CliError> {
    while let Some(found) = pages.next().await? {
        for one in &found {
            writer.write(&SessionView::from_session(one))?;
        }
        written(found.len())?;
    }
    let next = pages.cursor();
    writer.finish(next.as_ref().map(ToString::to_string))?;
    Ok(next)
}
