//! Pages of sessions, read one at a time.

use pipeline::ports::{Catalogue, Fault, Sessions};
use pipeline::query::{self, FoundSession, SessionCursor, SessionQuery};

use crate::CommandContext;
use crate::arguments::PagingArgs;

/// Sessions of a query, up to the wanted number.
pub(super) struct SessionPages<'a> {
    sessions: &'a dyn Sessions,
    catalogue: &'a dyn Catalogue,
    paging: PagingArgs,
    query: SessionQuery,
    read: usize,
    is_at_end: bool,
}

impl<'a> SessionPages<'a> {
    /// Starts before the first page of the query.
    pub(super) fn new(paging: PagingArgs, query: SessionQuery, context: &CommandContext<'a>) -> Self {
        let CommandContext { sessions, catalogue, .. } = *context;
        Self { sessions, catalogue, paging, query, read: 0, is_at_end: false }
    }

    /// Reads the next page, which may be empty. Returns `None` after the last one.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<FoundSession>>, Fault> {
        let Some(limit) = self.paging.next(self.read).filter(|_| !self.is_at_end) else {
            return Ok(None);
        };
        self.query.limit = limit;
        let page = query::sessions(self.sessions, self.catalogue, &self.query).await?;
        self.read += page.items.len();
        self.is_at_end = page.next_cursor.is_none();
        self.query.cursor = page.next_cursor;
        Ok(Some(page.items))
    }

    /// Reads the sessions of the next part of a table: one page if all sessions are listed, otherwise all pages.
    pub(super) async fn next_table(&mut self) -> Result<Option<Vec<FoundSession>>, Fault> {
        let Some(mut found) = self.next().await? else { return Ok(None) };
        while !self.paging.all
            && let Some(more) = self.next().await?
        {
            found.extend(more);
        }
        Ok(Some(found))
    }

    /// Returns the cursor after the sessions read so far; `None` at the end.
    pub(super) fn cursor(&self) -> Option<SessionCursor> {
        self.query.cursor.clone()
    }
}
