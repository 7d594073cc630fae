//! `archivist sessions list`.

use clap::Args;
use pipeline::ports::Fault;
use pipeline::query::{self, SessionCursor, SessionPage, SessionQuery};
use pipeline::view::SessionPageView;

use super::SessionFilters;
use super::table::table;
use crate::output::json;
use crate::{CliError, CommandContext, Exit};

/// Arguments of `sessions list`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  archivist sessions list --person ann@contoso.com --from 2026-03-01
  archivist sessions list --machine vm-web-01 --state open
  archivist sessions list --without-recording --json
  archivist sessions list --live

On a narrow terminal the columns recording, length, account and machine are left out, in this order; --json has
everything.")]
pub struct ListSessionsArgs {
    /// List the live sessions reported by the bastions; no filter except --bastion applies.
    #[arg(long, conflicts_with_all = ["person", "machine", "account", "state", "without_recording", "from", "to", "cursor"])]
    pub live: bool,
    /// Filters.
    #[command(flatten)]
    pub filters: SessionFilters,
    /// Maximum number of sessions.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub limit: u16,
    /// Continue after the page with this cursor; use the same filters.
    #[arg(long, value_parser = SessionCursor::parse)]
    pub cursor: Option<SessionCursor>,
    /// Write one JSON document: `{"items": [...], "next_cursor": ...}`.
    #[arg(long)]
    pub json: bool,
}

pub(super) async fn run(args: &ListSessionsArgs, context: &mut CommandContext<'_>) -> Result<Exit, CliError> {
    let query = SessionQuery { limit: args.limit.into(), cursor: args.cursor.clone(), ..args.filters.query() };
    let page = whole_page(context, query).await?;
    if args.json {
        json::write_line(&mut *context.out, &SessionPageView::of(&page))?;
        return Ok(Exit::Done);
    }
    if page.items.is_empty() {
        writeln!(context.err, "no sessions found")?;
        return Ok(Exit::Done);
    }
    writeln!(context.out, "{}", table(&page.items, context.terminal))?;
    if let Some(cursor) = page.next_cursor {
        context.out.flush()?;
        writeln!(context.err, "\nThere is more: repeat the command with --cursor {cursor}")?;
    }
    Ok(Exit::Done)
}

/// Queries until the page is full or nothing is left, because a query may return a partial page.
async fn whole_page(context: &CommandContext<'_>, mut query: SessionQuery) -> Result<SessionPage, Fault> {
    let (limit, mut items) = (query.limit, Vec::new());
    loop {
        query.limit = limit - items.len();
        let page = query::sessions(context.sessions, context.catalogue, &query).await?;
        items.extend(page.items);
        query.cursor = page.next_cursor;
        if query.cursor.is_none() || items.len() == limit {
            return Ok(SessionPage { items, next_cursor: query.cursor });
        }
    }
}
