//! Pages of recordings, read one at a time.

use domain::record::catalogue::Entry;
use domain::record::estate::Estate;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Checkpoints, Fault};
use pipeline::query::{self, Cursor, Query, UnknownWord};
use pipeline::view::RecordingView;

use crate::CommandContext;
use crate::arguments::PagingArgs;

/// Recordings of a query, up to the wanted number.
pub(super) struct Pages<'a> {
    catalogue: &'a dyn Catalogue,
    checkpoints: &'a dyn Checkpoints,
    estate: &'a Estate,
    now: Timestamp,
    paging: PagingArgs,
    query: Query,
    unknown: Vec<UnknownWord>,
    read: usize,
    is_at_end: bool,
}

impl<'a> Pages<'a> {
    /// Starts before the first page of the query.
    pub(super) fn new(paging: PagingArgs, query: Query, context: &CommandContext<'a>) -> Self {
        let CommandContext { catalogue, checkpoints, estate, now, .. } = *context;
        Self { catalogue, checkpoints, estate, now, paging, query, unknown: Vec::new(), read: 0, is_at_end: false }
    }

    /// Reads the next page, which may be empty. Returns `None` after the last one.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Entry>>, Fault> {
        let Some(limit) = self.paging.next(self.read).filter(|_| !self.is_at_end) else {
            return Ok(None);
        };
        self.query.limit = limit;
        let page = query::recordings(self.catalogue, self.checkpoints, &self.query).await?;
        self.read += page.items.len();
        self.is_at_end = page.next_cursor.is_none();
        self.query.cursor = page.next_cursor;
        self.unknown = page.unknown;
        Ok(Some(page.items))
    }

    /// Reads the recordings of the next part of a table: one page if all recordings are listed, otherwise all pages,
    /// because one table is easier to read.
    pub(super) async fn next_table(&mut self) -> Result<Option<Vec<Entry>>, Fault> {
        let Some(mut entries) = self.next().await? else { return Ok(None) };
        while !self.paging.all
            && let Some(more) = self.next().await?
        {
            entries.extend(more);
        }
        Ok(Some(entries))
    }

    /// Returns true if no recording was read.
    pub(super) fn is_empty(&self) -> bool {
        self.read == 0
    }

    /// Returns the words of the search that no name has.
    pub(super) fn unknown(&self) -> &[UnknownWord] {
        &self.unknown
    }

    /// Returns the cursor after the recordings read so far; `None` at the end.
    pub(super) fn cursor(&self) -> Option<Cursor> {
        self.query.cursor
    }

    /// Returns the public form of a recording.
    pub(super) fn view<'e>(&self, entry: &'e Entry) -> RecordingView<'e> {
        RecordingView::from_entry(entry, self.estate, self.now)
    }
}
