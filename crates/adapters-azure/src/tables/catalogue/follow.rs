//! Follows lookup rows to entries.

use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use pipeline::ports::{Fault, ListRequest};

use super::TableCatalogue;
use super::rows::entry;
use crate::tables::keys::{PARTITION, entry_row};
use crate::tables::lookup::{self, KEYS, list_of};
use crate::tables::wire::Row;

impl TableCatalogue {
    /// Reads a listing.
    pub(super) async fn listed(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        let list = &list_of(request.under.as_ref());
        let select = if lookup::has_copies(request.under.as_ref()) { None } else { KEYS };
        let follow = |row: Row| async move {
            let found = self.follow_row(&row, lookup::to_listed(&row.row)).await?;
            Ok(found.filter(|found| has_copy(&row) || lookup::of_entry(found).contain(list, &row)))
        };
        let range = lookup::newest(list, request);
        lookup::follow(&self.store.entries, &range, (request.limit, select), "list entries", follow).await
    }

    /// Returns the entry in a row, or the entry `id` behind a row without a copy, which may no longer match the row.
    pub(super) async fn follow_row(&self, row: &Row, id: Option<RecordingId>) -> Result<Option<Entry>, Fault> {
        if has_copy(row) {
            return entry(row).map(Some).map_err(|error| error.fault(format!("read an entry in {}", row.row)));
        }
        let Some(id) = id else { return Ok(None) };
        let row = self.store.entries.get(PARTITION, &entry_row(id), None).await;
        let row = row.map_err(|failure| failure.fault(format!("load entry {id}")))?;
        row.as_ref().map(entry).transpose().map_err(|error| error.fault(format!("load entry {id}")))
    }
}

/// True if the row holds a copy of its entry. The save of the entry wrote both.
fn has_copy(row: &Row) -> bool {
    row.get("doc").is_some()
}
