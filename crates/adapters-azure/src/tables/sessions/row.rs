//! Rows of table `sessions`.

use domain::record::estate::BastionName;
use domain::record::session::{SessionEntry, SessionId, TunnelId};
use pipeline::stored::{self, StoredError};

use crate::tables::doc::{doc, with_doc};
use crate::tables::keys::time;
use crate::tables::wire::Row;

/// Columns of a session that are compared with a due row.
pub(super) const JUDGED_BY: &str = "bastion,tunnel,due_at,revision";

/// Adds the columns of a session. Those beside the stored form are copies, to compare with rows of table `lookup`.
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

/// Parses the id columns of a session.
pub(super) fn id(row: &Row) -> Option<SessionId> {
    Some(SessionId { bastion: BastionName::new(row.get("bastion")?), tunnel: TunnelId::parse(row.get("tunnel")?)? })
}

/// Parses the revision column of a session.
pub(super) fn revision(row: &Row) -> Option<u64> {
    row.get("revision").and_then(|text| text.parse().ok())
}
