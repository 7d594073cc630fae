//! `archivist recordings list`.

use clap::Args;
use pipeline::ports::Fault;
use pipeline::query::{self, Cursor, Page, Query};
use pipeline::view::PageView;

use super::table::table;
use super::{Filters, searched};
use crate::output::json;
use crate::{CliError, CommandContext, Exit};

/// Arguments of `recordings list`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist recordings list --state active
  archivist recordings list --person ann@contoso.com --match matched
  archivist recordings list anna sql-3 tue
  archivist recordings list --bastion bas-hub-01 web-01 unmatched 2026-03-01..2026-03-14

All words must hold. A word is a day (today, yesterday, tue, 'last tuesday', 7d, 2w, 2026-03-02, 2026-03, or a range
with ..), a state (of --state or --match, held, due), or else a part of a person, machine, account, bastion or recording
name, from the beginning of a word in it: sql-3 finds vm-sql-3. Quotes make it a part of a name: '\"tue\"'.

On a narrow terminal the columns person, match, size and length are left out, in this order; --json has everything.")]
pub struct ListArgs {
    /// Filters.
    #[command(flatten)]
    pub filters: Filters,
    /// Maximum number of recordings.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub limit: u16,
    /// Continue after the page with this cursor; use the same filters.
    #[arg(long, value_parser = Cursor::parse)]
    pub cursor: Option<Cursor>,
    /// Write one JSON document: `{"items": [...], "next_cursor": ...}`.
    #[arg(long)]
    pub json: bool,
}

pub(super) async fn run(args: &ListArgs, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let query = Query { limit: usize::from(args.limit), cursor: args.cursor, ..args.filters.query(context)? };
    let page = whole_page(context, query.clone()).await?;
    let view = PageView::of(&page, context.estate, context.now).searched(&query.search, &page);
    if args.json {
        json::write_line(&mut *context.out, &view)?;
        return Ok(Exit::Done);
    }
    searched::understood(&mut *context.err, &query.search)?;
    searched::unknown(&mut *context.err, &page.unknown)?;
    if view.items.is_empty() {
        writeln!(context.err, "no recordings found")?;
        return Ok(Exit::Done);
    }
    writeln!(context.out, "{}", table(&view.items, context.terminal))?;
    if let Some(cursor) = view.next_cursor {
        context.out.flush()?;
        writeln!(context.err, "\nThere is more: repeat the command with --cursor {cursor}")?;
    }
    Ok(Exit::Done)
}

/// Queries until the page is full or nothing is left, because a query may return a partial page.
async fn whole_page(context: &CommandContext<'_>, mut query: Query) -> Result<Page, Fault> {
    let (limit, mut items) = (query.limit, Vec::new());
    loop {
        query.limit = limit - items.len();
        let page = query::recordings(context.catalogue, context.checkpoints, &query).await?;
        items.extend(page.items);
        query.cursor = page.next_cursor;
        if query.cursor.is_none() || items.len() == limit {
            return Ok(Page { items, next_cursor: query.cursor, unknown: page.unknown });
        }
    }
}
