//! Rows of table `entries`: names and their lives.

use domain::address::BlobAddress;
use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use pipeline::stored::{self, StoredError};

use crate::tables::doc::{doc, with_doc};
use crate::tables::keys::{entry_partition, time};
use crate::tables::wire::{MOST_OPERATIONS, Row};

/// Most lives in one transaction; two more of its operations change the version.
pub(super) const LONGEST_SAVE: usize = MOST_OPERATIONS - 2;

/// Columns of an entry that are compared with a lookup row.
pub(super) const JUDGED_BY: &str = "due_at,disposal_at,revision";

/// Adds the columns of a name. They are for people; nothing reads them.
pub(super) fn name(row: Row, address: &BlobAddress) -> Row {
    row.text("account", address.account.as_str())
        .text("container", address.container.as_str())
        .text("name", address.name.as_str())
}

/// Returns the row of one life. The columns beside the stored form are copies, to compare with rows of table
/// `lookup`.
pub(super) fn entry_row(entry: &Entry) -> Result<Row, StoredError> {
    let row = Row::new(entry_partition(entry.id), entry.id.to_string())
        .text("state", entry.state.name())
        .number("revision", i64::try_from(entry.revision).unwrap_or(i64::MAX));
    let times = [("due_at", entry.due_at()), ("disposal_at", entry.disposal_at())];
    let row =
        times.into_iter().fold(row, |row, (column, at)| at.into_iter().fold(row, |row, at| row.text(column, time(at))));
    Ok(with_doc(row, &stored::entry::encode(entry)?))
}

/// Parses the revision column of an entry.
pub(super) fn revision(row: &Row) -> Option<u64> {
    row.get("revision").and_then(|text| text.parse().ok())
}

pub(super) fn entry(row: &Row) -> Result<Entry, StoredError> {
    stored::entry::decode(&doc(row))
}

/// Decodes the lives of one name; a partition may hold several names.
pub(super) fn lives(rows: &[Row], address: &BlobAddress) -> Result<Vec<Entry>, StoredError> {
    let mut lives = rows.iter().filter(|row| is_entry(row)).map(entry).collect::<Result<Vec<_>, _>>()?;
    lives.retain(|life| life.address == *address);
    Ok(lives)
}

/// Decodes the entry with this id from the rows of its partition.
pub(super) fn found(rows: &[Row], id: RecordingId) -> Result<Option<Entry>, StoredError> {
    let id = id.to_string();
    rows.iter().find(|row| row.row == id).map(entry).transpose()
}

fn is_entry(row: &Row) -> bool {
    row.row.starts_with("rec_")
}
