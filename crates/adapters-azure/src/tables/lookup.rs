//! Rows that lead to an entry or a notification.
//!
//! Each save has rows of its own, told apart by the revision: so whoever cleans the rows of the save before can never
//! hit a row that a later save has written.

use domain::catalogue::{Entry, State};
use domain::recording_id::RecordingId;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use pipeline::ports::{Fault, NotificationRecord, Version};

use super::keys::{from_newest_first, from_number, from_time, newest_first, number, time};
use super::wire::{Range, Row, TableClient};
use crate::client::Failure;

/// The partition of all entries.
pub(super) const ALL: &str = "all";
/// The partition of entries with something to do.
pub(super) const DUE: &str = "due";
/// The partition of notifications that may be forgotten.
pub(super) const FORGOTTEN: &str = "forgotten";

/// How many of these rows are written, or followed, at the same time.
const AT_ONCE: usize = 16;

/// The partition of entries in a state.
pub(super) fn state_partition(state: State) -> String {
    format!("state_{}", state.name())
}

/// The keys of a row that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lookup {
    pub(super) partition: String,
    pub(super) row: String,
}

/// The rows that lead to an entry as it is saved.
pub(super) fn of_entry(entry: &Entry) -> Vec<Lookup> {
    let id = newest_first(entry.id);
    let revision = number(entry.revision);
    let all = Lookup { partition: ALL.to_owned(), row: id.clone() };
    let state = Lookup { partition: state_partition(entry.state), row: format!("{id}_{revision}") };
    let due = entry.due_at().map(|at| due(at, entry.id, entry.revision));
    [all, state].into_iter().chain(due).collect()
}

/// The row that leads to an entry when it is due.
pub(super) fn due(at: Timestamp, id: RecordingId, revision: u64) -> Lookup {
    Lookup { partition: DUE.to_owned(), row: format!("{}_{id}_{}", time(at), number(revision)) }
}

/// The row that leads to a notification when it may be forgotten.
pub(super) fn of_notification(record: &NotificationRecord, version: Version) -> Option<Lookup> {
    let row = |at| format!("{}_{}_{}", time(at), record.id.as_str(), number(version.0));
    record.forgotten_at().map(|at| Lookup { partition: FORGOTTEN.to_owned(), row: row(at) })
}

/// Where a row of [`ALL`] or of a state leads, and under which revision it was written, where it has one.
pub(super) fn to_entry(row: &str) -> Option<(RecordingId, Option<u64>)> {
    match row.split_once('_') {
        None => Some((from_newest_first(row)?, None)),
        Some((id, revision)) => Some((from_newest_first(id)?, Some(from_number(revision)?))),
    }
}

/// The time in a row of [`DUE`] or [`FORGOTTEN`], the id it leads to, and the revision or version it was written under.
pub(super) fn to_timed(row: &str) -> Option<(Timestamp, &str, u64)> {
    let (at, rest) = row.split_once('_')?;
    let (id, written) = rest.rsplit_once('_')?;
    Some((from_time(at)?, id, from_number(written)?))
}

/// Writes rows, all of them or it fails.
pub(super) async fn write(table: &TableClient, rows: Vec<Lookup>) -> Result<(), Failure> {
    let writes =
        rows.into_iter().map(|Lookup { partition, row }| async move { table.upsert(&Row::new(partition, row)).await });
    stream::iter(writes).buffer_unordered(AT_ONCE).try_collect().await
}

/// Removes rows that lead nowhere any more. One that stays is dropped by whoever reads it, so a failure is none.
pub(super) async fn clean(table: &TableClient, rows: Vec<Lookup>) {
    let removals = rows.into_iter().map(|Lookup { partition, row }| async move {
        if let Err(failure) = table.delete(&partition, &row).await {
            tracing::debug!(partition, row, ?failure, "row that leads nowhere not removed, a reader drops it");
        }
    });
    stream::iter(removals).buffer_unordered(AT_ONCE).collect::<()>().await;
}

/// Follows the rows of a range, page by page, until `limit` of them have led somewhere. `object` reads well after
/// "failed to".
pub(super) async fn follow<T, F>(
    table: &TableClient,
    range: &Range,
    limit: usize,
    object: &str,
    follow: impl Fn(Lookup) -> F,
) -> Result<Vec<T>, Fault>
where
    F: Future<Output = Result<Option<T>, Fault>>,
{
    let (mut found, mut next) = (Vec::new(), None);
    loop {
        let page = table.page(range, limit, Some("PartitionKey,RowKey"), next.as_ref()).await;
        let page = page.map_err(|failure| failure.fault(object))?;
        let rows = page.rows.into_iter().map(|row| Lookup { partition: row.partition, row: row.row });
        let followed = stream::iter(rows).map(&follow).buffered(AT_ONCE);
        found.extend(followed.try_collect::<Vec<_>>().await?.into_iter().flatten());
        next = page.next;
        if found.len() >= limit || next.is_none() {
            found.truncate(limit);
            return Ok(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::address::BlobAddress;

    use super::*;

    fn id(at: &str) -> RecordingId {
        let address = BlobAddress::parse("stbastionrec01", "recordings", "vm-user").unwrap();
        RecordingId::derive(&address, at.parse().unwrap(), b"1")
    }

    #[test]
    fn rows_of_all_and_of_states_come_newest_first() {
        let (early, late) = (id("2026-03-02T09:12:44Z"), id("2026-03-02T09:12:45Z"));
        assert!(newest_first(late) < newest_first(early));
        assert_eq!(to_entry(&newest_first(late)), Some((late, None)));
        assert_eq!(to_entry(&format!("{}_{}", newest_first(late), number(7))), Some((late, Some(7))));
        assert_eq!(to_entry("no row of ours"), None);
    }

    #[test]
    fn due_rows_come_in_the_order_of_time() {
        let (id, at) = (id("2026-03-02T09:12:44Z"), "2026-03-02T09:12:44.000000001Z".parse().unwrap());
        let row = due(at, id, 3).row;
        assert_eq!(to_timed(&row), Some((at, id.to_string().as_str(), 3)));
        assert!(row < due("2026-03-02T09:12:44.1Z".parse().unwrap(), id, 2).row);
        assert_eq!(to_timed("no row of ours"), None);
    }
}
