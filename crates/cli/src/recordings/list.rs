//! `archivist recordings list`.

use clap::Args;
use pipeline::query::{Cursor, Query};
use pipeline::view::csv::RECORDING_COLUMNS;

use super::pages::Pages;
use super::table::columns_of;
use super::{Filters, searched};
use crate::arguments::known::{check_bastion, check_class};
use crate::arguments::{FormatArgs, ItemFormat, PagingArgs};
use crate::output::items::ItemWriter;
use crate::output::table::PagedTable;
use crate::{CliError, CommandContext, Exit};

/// Arguments of `recordings list`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist recordings list --state active
  archivist recordings list anna sql-3 tue
  archivist recordings list --person ann@contoso.com --match matched --from 'last monday'
  archivist recordings list --bastion bas-hub-01 web-01 unmatched 2026-03-01..2026-03-14
  archivist recordings list --all --format csv --tz Europe/Berlin > recordings.csv

All words must hold. A word is a day (a DATE but a time, or dates with .. between them), a state (of --state or --match,
held, due), an id of a recording or session, or else a part of a person, machine, account, bastion or recording name,
from the beginning of a word in it: sql-3 finds vm-sql-3. Quotes make it a part of a name: '\"tue\"'.

A DATE is today, yesterday, tuesday, last tuesday, this week, last month, w42, 7d, 2w, 2026-11-17, 2026-11 or an RFC 3339
time; days begin in the time zone of --tz. On a terminal, ids are shortened to their last letters, and every command
accepts them so. On a narrow terminal the columns size, length, bastion, match and name are left out, in this order; the
other formats have everything.
The JSON document is `{\"items\": [...], \"next_cursor\": ...}`.")]
pub struct ListArgs {
    /// Filters.
    #[command(flatten)]
    pub filters: Filters,
    /// Number of recordings.
    #[command(flatten)]
    pub paging: PagingArgs,
    /// Continue after the page with this cursor; use the same filters.
    #[arg(long, value_parser = Cursor::parse)]
    pub cursor: Option<Cursor>,
    /// Format.
    #[command(flatten)]
    pub format: FormatArgs,
}

pub(super) async fn run(args: &ListArgs, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let query = Query { cursor: args.cursor, ..checked(&args.filters, context).await? };
    searched::understood(&mut *context.err, &query.search)?;
    let mut pages = Pages::new(args.paging, query, context);
    let format = args.format.items();
    let next = match format {
        Some(format) => {
            let writer = ItemWriter::begin(format, RECORDING_COLUMNS, &mut *context.out)?;
            write_items(&mut pages, writer, |_| Ok(())).await?
        }
        None => write_table(&mut pages, context).await?,
    };
    searched::unknown(&mut *context.err, pages.unknown())?;
    if format.is_none() && pages.is_empty() {
        writeln!(context.err, "no recordings found")?;
    }
    if let Some(cursor) = next.filter(|_| format != Some(ItemFormat::Json)) {
        context.out.flush()?;
        writeln!(context.err, "\nThere is more: repeat the command with --all, or with --cursor {cursor}")?;
    }
    Ok(Exit::Done)
}

/// Returns the query of the filters.
///
/// # Errors
/// A bastion or a class is not known, or the time range ends before it begins.
pub(crate) async fn checked(filters: &Filters, context: &CommandContext<'_>) -> Result<Query, CliError> {
    let query = filters.query(&context.today())?;
    check_bastion(query.bastion.as_ref(), context).await?;
    check_class(query.class.as_deref(), context).await?;
    Ok(query)
}

async fn write_table(pages: &mut Pages<'_>, context: &mut CommandContext<'_>) -> Result<Option<Cursor>, CliError> {
    let mut shown = PagedTable::default();
    while let Some(entries) = pages.next_table().await? {
        let views: Vec<_> = entries.iter().map(|entry| pages.view(entry)).collect();
        if !views.is_empty() {
            let columns = columns_of(&views, context.terminal, &context.zone);
            writeln!(context.out, "{}", shown.page(columns, context.terminal))?;
        }
    }
    Ok(pages.cursor())
}

/// Writes all pages, and calls `written` with the number of recordings of each. Returns the cursor of the next page.
pub(super) async fn write_items(
    pages: &mut Pages<'_>,
    mut writer: ItemWriter<'_>,
    mut written: impl FnMut(usize) -> Result<(), CliError>,
) -> Result<Option<Cursor>, CliError> {
    while let Some(entries) = pages.next().await? {
        for entry in &entries {
            writer.write(&pages.view(entry))?;
        }
        written(entries.len())?;
    }
    let next = pages.cursor();
    writer.finish(next.map(|cursor| cursor.to_string()))?;
    Ok(next)
}
