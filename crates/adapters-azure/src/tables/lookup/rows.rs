//! Writes, removes and follows lookup rows.

use std::collections::BTreeMap;

use futures_util::future::ready;
use futures_util::{StreamExt, TryStreamExt, stream};
use pipeline::ports::Fault;

use super::Lookup;
use crate::client::Failure;
use crate::tables::AT_ONCE;
use crate::tables::wire::{MOST_OPERATIONS, Operation, Range, Row, TableClient};

/// Columns to request of a row without properties.
const KEYS: Option<&str> = Some("PartitionKey,RowKey");

/// Writes rows, one call per partition. Returns an error unless all are written.
pub(in crate::tables) async fn write(
    table: &TableClient,
    rows: impl IntoIterator<Item = impl Into<Row>>,
) -> Result<(), Failure> {
    let mut partitions = BTreeMap::<String, Vec<Row>>::new();
    for row in rows.into_iter().map(Into::into) {
        partitions.entry(row.partition.clone()).or_default().push(row);
    }
    let mut calls: Vec<Vec<Row>> = Vec::new();
    for rows in partitions.values() {
        calls.extend(rows.chunks(MOST_OPERATIONS).map(<[Row]>::to_vec));
    }
    let writes = calls.into_iter().map(|rows| async move {
        match rows.as_slice() {
            [row] => table.upsert(row).await,
            _ => table.transact(&rows.into_iter().map(Operation::Replace).collect::<Vec<_>>()).await,
        }
    });
    stream::iter(writes).buffer_unordered(AT_ONCE).try_collect().await
}

/// Removes obsolete rows. A failure is only logged: readers drop the leftover rows.
pub(in crate::tables) async fn clean(table: &TableClient, rows: impl IntoIterator<Item = Lookup>) {
    let removals = rows.into_iter().map(|Lookup { partition, row }| async move {
        if let Err(failure) = table.delete(&partition, &row).await {
            tracing::debug!(partition, row, ?failure, "row without a target not removed, readers skip it");
        }
    });
    stream::iter(removals).buffer_unordered(AT_ONCE).collect::<()>().await;
}

/// Follows the rows of a range, page by page, until `limit` of them have led to an item. `object` reads well after
/// "failed to".
pub(in crate::tables) async fn follow<T, F>(
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
        let page = table.page(range, limit, KEYS, next.as_ref()).await;
        let page = page.map_err(|failure| failure.fault(object))?;
        let followed = stream::iter(page.rows.into_iter().map(Lookup::of)).map(&follow).buffered(AT_ONCE);
        found.extend(followed.try_collect::<Vec<_>>().await?.into_iter().flatten());
        next = page.next;
        if found.len() >= limit || next.is_none() {
            found.truncate(limit);
            return Ok(found);
        }
    }
}

/// Reads all rows of several ranges.
pub(in crate::tables) async fn gather(table: &TableClient, ranges: Vec<Range>) -> Result<Vec<Lookup>, Failure> {
    let reads = ranges.into_iter().map(|range| async move { table.all(&range, KEYS).await });
    let read: Vec<_> = stream::iter(reads).buffer_unordered(AT_ONCE).try_collect().await?;
    Ok(read.into_iter().flat_map(|(rows, _)| rows).map(Lookup::of).collect())
}

/// Follows keys in order and returns the first `limit` items.
pub(in crate::tables) async fn first<K, T, F>(
    ways: impl IntoIterator<Item = K>,
    limit: usize,
    follow: impl Fn(K) -> F,
) -> Result<Vec<T>, Fault>
where
    F: Future<Output = Result<Option<T>, Fault>>,
{
    let followed = stream::iter(ways).map(follow).buffered(AT_ONCE);
    followed.try_filter_map(|found| ready(Ok(found))).take(limit).try_collect().await
}

impl From<Lookup> for Row {
    fn from(Lookup { partition, row }: Lookup) -> Self {
        Self::new(partition, row)
    }
}

impl Lookup {
    fn of(row: Row) -> Self {
        Self { partition: row.partition, row: row.row }
    }
}
