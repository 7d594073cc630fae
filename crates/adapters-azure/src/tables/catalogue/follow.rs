//! Follows rows of table `lookup` to entries that still match them.

use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use pipeline::ports::{Due, Fault};

use super::TableCatalogue;
use super::rows::{JUDGED_BY, entry, revision};
use crate::tables::keys::{entry_partition, time};
use crate::tables::lookup::{self, Lookup};
use crate::tables::wire::Row;

impl TableCatalogue {
    /// Returns the entry behind a row of a listing, or `None` if the entry no longer matches the row.
    pub(super) async fn follow_listed(&self, row: Lookup) -> Result<Option<Entry>, Fault> {
        let Some((id, written)) = lookup::to_entry(&row.row) else { return Ok(None) };
        let Some(entry) = self.entry(id).await? else { return Ok(None) };
        if lookup::of_entry(&entry).contain(&row) {
            return Ok(Some(entry));
        }
        if let Some(written) = written {
            self.drop_if_passed(row, written, entry.revision).await;
        }
        Ok(None)
    }

    /// Returns the due time in a row of [`DUE`](lookup::DUE) or [`DISPOSALS`](lookup::DISPOSALS), if the entry's
    /// column still has it.
    pub(super) async fn follow_timed(&self, row: Lookup, column: &str) -> Result<Option<Due>, Fault> {
        let Some((at, id, written)) = lookup::to_timed(&row.row) else {
            return Ok(None);
        };
        let Ok(id) = RecordingId::parse(id) else { return Ok(None) };
        let Some(found) = self.row(id, Some(JUDGED_BY)).await? else { return Ok(None) };
        let revision = revision(&found).unwrap_or_default();
        if revision == written && found.get(column) == Some(time(at).as_str()) {
            return Ok(Some(Due { at, id }));
        }
        self.drop_if_passed(row, written, revision).await;
        Ok(None)
    }

    /// Loads the entry with this id.
    pub(super) async fn entry(&self, id: RecordingId) -> Result<Option<Entry>, Fault> {
        let Some(found) = self.row(id, None).await? else { return Ok(None) };
        entry(&found).map(Some).map_err(|error| error.fault(format!("load entry {id}")))
    }

    async fn row(&self, id: RecordingId, select: Option<&str>) -> Result<Option<Row>, Fault> {
        let row = self.store.entries.get(&entry_partition(id), &id.to_string(), select).await;
        row.map_err(|failure| failure.fault(format!("load entry {id}")))
    }

    /// Removes a row that no longer matches, unless it belongs to a save under way.
    async fn drop_if_passed(&self, row: Lookup, written: u64, revision: u64) {
        if revision >= written {
            lookup::clean(&self.store.lookup, [row]).await;
        }
    }
}
