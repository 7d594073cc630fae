//! Reads lookup rows.

use futures_util::{StreamExt, TryStreamExt, stream};
use pipeline::ports::Fault;

use crate::client::Failure;
use crate::tables::AT_ONCE;
use crate::tables::wire::{Range, Row, TableClient};

/// Columns to request of a row without properties.
pub(in crate::tables) const KEYS: Option<&str> = Some("PartitionKey,RowKey");

/// Follows the rows of a range, page by page, until `limit` of them have led to an item. `object` reads well after
/// "failed to".
pub(in crate::tables) async fn follow<T, F>(
    table: &TableClient,
    range: &Range,
    (limit, select): (usize, Option<&str>),
    object: &str,
    follow: impl Fn(Row) -> F,
) -> Result<Vec<T>, Fault>
where
    F: Future<Output = Result<Option<T>, Fault>>,
{
    let (mut found, mut next) = (Vec::new(), None);
    loop {
        let page = table.page(range, limit, select, next.as_ref()).await;
        let page = page.map_err(|failure| failure.fault(object))?;
        let followed = stream::iter(page.rows).map(&follow).buffered(AT_ONCE);
        found.extend(followed.try_collect::<Vec<_>>().await?.into_iter().flatten());
        next = page.next;
        if found.len() >= limit || next.is_none() {
            found.truncate(limit);
            return Ok(found);
        }
    }
}

/// Reads all rows of several ranges, whole.
pub(in crate::tables) async fn read_ranges(table: &TableClient, ranges: Vec<Range>) -> Result<Vec<Row>, Failure> {
    let reads = ranges.into_iter().map(|range| async move { table.all(&range, None).await });
    let read: Vec<_> = stream::iter(reads).buffer_unordered(AT_ONCE).try_collect().await?;
    Ok(read.into_iter().flat_map(|(rows, _)| rows).collect())
}
