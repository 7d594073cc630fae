//! Rows of table `sessions`.

use domain::record::session::SessionEntry;
use pipeline::stored::{self, StoredError};

use crate::tables::doc::{doc, with_doc};
use crate::tables::keys::time;
use crate::tables::wire::Row;

/// Columns to request of a due row.
pub(super) const DUE_COLUMNS: Option<&str> = Some("PartitionKey,RowKey,bastion,tunnel,due_at");

/// Adds the columns of a session. Those beside the stored form are copies, for reading due rows and for people.
pub(super) fn with_columns(row: Row, entry: &SessionEntry) -> Result<Row, StoredError> {
    let row = row
        .text("bastion", entry.id.bastion.as_str())
        .text("tunnel", entry.id.tunnel.as_str())
        .number("revision", i64::try_from(entry.revision).unwrap_or(i64::MAX));
    let row = entry.due_at().into_iter().fold(row, |row, at| row.text("due_at", time(at)));
    Ok(with_doc(row, &stored::session::encode(entry)?))
}

pub(super) fn session(row: &Row) -> Result<SessionEntry, StoredError> {
    stored::session::decode(&doc(row))
}
