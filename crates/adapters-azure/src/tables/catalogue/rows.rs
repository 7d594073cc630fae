//! Rows of table `entries`: names and their lives.

use domain::address::BlobAddress;
use domain::record::catalogue::Entry;
use domain::record::recording_id::RecordingId;
use pipeline::stored::{self, StoredError};

use crate::tables::doc::{doc, with_doc};
use crate::tables::keys::{self, PARTITION};
use crate::tables::wire::Row;

/// Adds the columns of a name. They are for people; nothing reads them.
pub(super) fn name(row: Row, address: &BlobAddress) -> Row {
    row.text("account", address.account.as_str())
        .text("container", address.container.as_str())
        .text("name", address.name.as_str())
}

/// Returns the row of one life. The columns beside the stored form are for people; nothing reads them.
pub(super) fn entry_row(entry: &Entry) -> Result<Row, StoredError> {
    let row = Row::new(PARTITION, keys::entry_row(entry.id))
        .text("state", entry.state.name())
        .number("revision", i64::try_from(entry.revision).unwrap_or(i64::MAX));
    Ok(with_doc(row, &stored::entry::encode(entry)?))
}

pub(super) fn entry(row: &Row) -> Result<Entry, StoredError> {
    stored::entry::decode(&doc(row))
}

/// Decodes the lives of one name; several names may share a key.
pub(super) fn lives(rows: &[Row], address: &BlobAddress) -> Result<Vec<Entry>, StoredError> {
    let mut lives = rows.iter().filter(|row| is_entry(row)).map(entry).collect::<Result<Vec<_>, _>>()?;
    lives.retain(|life| life.address == *address);
    Ok(lives)
}

/// Decodes the entry with this id from the rows of its name.
pub(super) fn found(rows: &[Row], id: RecordingId) -> Result<Option<Entry>, StoredError> {
    let key = keys::entry_row(id);
    rows.iter().find(|row| row.row == key).map(entry).transpose()
}

fn is_entry(row: &Row) -> bool {
    row.row.contains("!rec_")
}
