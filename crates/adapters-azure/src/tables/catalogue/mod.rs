//! The catalogue port on tables.

mod follow;
mod rows;
mod saving;
mod vocabulary;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::record::catalogue::{Entry, Lives};
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::recording_id::RecordingId;
use domain::record::session::TimeSpan;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Due, Fault, Heading, ListRequest, Loaded, NameRange, Version};
use pipeline::stored::StoredError;

use self::rows::found;
use self::vocabulary::WrittenWords;
use super::AT_ONCE;
use super::keys::{BEHIND, PARTITION, entry_prefix, name_prefix, name_row};
use super::lookup::{self, DISPOSALS, DUE, KEYS};
use super::store::TableStore;
use super::versions;
use super::wire::{Range, Row};
use crate::client::Failure;

/// Most reads of a name that changes while it is read page by page.
const READS: usize = 5;

/// Catalogue in a table. All lives of a name lie beside each other.
#[derive(Debug, Clone)]
pub struct TableCatalogue {
    store: TableStore,
    written: Arc<WrittenWords>,
}

impl TableCatalogue {
    /// Opens the catalogue of a store.
    pub fn new(store: &TableStore) -> Self {
        Self { store: store.clone(), written: Arc::default() }
    }

    /// Reads the rows with this beginning as one consistent snapshot.
    async fn snapshot(&self, prefix: &str, object: impl Fn() -> String) -> Result<Vec<Row>, Fault> {
        let failed = |failure: Failure| failure.fault(object());
        let range = |prefix: &str| Range::partition(PARTITION).from(prefix).before(format!("{prefix}{BEHIND}"));
        for _ in 0..READS {
            let (rows, of_one_moment) = self.store.entries.all(&range(prefix), None).await.map_err(failed)?;
            if of_one_moment {
                return Ok(rows);
            }
            // Name rows sort before entries, so their versions come from the first page. If they are unchanged now,
            // all pages belong to one snapshot.
            let names = range(&format!("{prefix}name_"));
            let (names, _) = self.store.entries.all(&names, None).await.map_err(failed)?;
            if rows.iter().take(names.len()).map(|row| &row.row).eq(names.iter().map(|row| &row.row)) {
                return Ok(rows);
            }
        }
        Err(Fault::transient(object(), "the name kept changing while it was read"))
    }

    /// Reads a range of due times.
    async fn timed(&self, range: Range, limit: usize, object: &str) -> Result<Vec<Due>, Fault> {
        let due = async |row: Row| Ok(lookup::to_due(&row.row));
        lookup::follow(&self.store.entries, &range, (limit, KEYS), object, due).await
    }
}

#[async_trait]
impl Catalogue for TableCatalogue {
    async fn lives(&self, address: &BlobAddress) -> Result<Loaded, Fault> {
        let object = || format!("load the entries of {address}");
        let rows = self.snapshot(&name_prefix(address), object).await?;
        let entries = rows::lives(&rows, address).map_err(|error| error.fault(object()))?;
        let version = versions::version(&rows, &name_row(address));
        Ok(Loaded { lives: Lives { address: address.clone(), entries }, version })
    }

    async fn lives_of(&self, id: RecordingId) -> Result<Option<Loaded>, Fault> {
        let object = || format!("load entry {id}");
        let rows = self.snapshot(&entry_prefix(id), object).await?;
        let unreadable = |error: StoredError| error.fault(object());
        let Some(entry) = found(&rows, id).map_err(unreadable)? else {
            return Ok(None);
        };
        let address = entry.address;
        let entries = rows::lives(&rows, &address).map_err(unreadable)?;
        let version = versions::version(&rows, &name_row(&address));
        Ok(Some(Loaded { lives: Lives { address, entries }, version }))
    }

    async fn save(&self, before: &Loaded, changed: &[Entry]) -> Result<Option<Version>, Fault> {
        let address = &before.lives.address;
        let object = || format!("save the entries of {address}");
        let save = Self::save_of(before);
        Ok(self.save_all(&save, before, changed, &object).await?.then(|| save.next()))
    }

    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        self.listed(request).await
    }

    async fn by_name(&self, range: &NameRange<'_>) -> Result<Vec<Entry>, Fault> {
        let follow = async |row: Row| self.follow_row(&row, lookup::to_named(&row.row)).await;
        let rows = lookup::by_name(range);
        lookup::follow(&self.store.entries, &rows, (range.limit, None), "list entries by name", follow).await
    }

    async fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Heading>, Fault> {
        self.headings(prefix, limit).await
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[JoinKey],
        created: TimeSpan,
        limit: usize,
    ) -> Result<Vec<Entry>, Fault> {
        let ranges = keys.iter().map(|key| lookup::named(bastion, key, created)).collect();
        let rows = lookup::read_ranges(&self.store.entries, ranges).await;
        let rows = rows.map_err(|failure| failure.fault("find the entries of a name"))?;
        let is_near = |entry: &Entry| {
            let is_within = entry.created_at().is_some_and(|at| (created.first..=created.last).contains(&at));
            is_within && entry.bastion == *bastion && entry.keys.iter().any(|key| keys.contains(key))
        };
        let follow = |row: Row| async move { self.follow_row(&row, lookup::to_named(&row.row)).await };
        let near = stream::iter(rows).map(follow).buffered(AT_ONCE);
        let near: BTreeMap<_, _> = near
            .try_filter_map(async |entry| Ok(entry.filter(is_near).map(|entry| (entry.id, entry))))
            .try_collect()
            .await?;
        Ok(near.into_values().take(limit).collect())
    }

    async fn due(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        self.timed(lookup::timed(DUE, until, after), limit, "find due entries").await
    }

    async fn disposals(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        let object = "find entries whose last day is over";
        self.timed(lookup::timed(DISPOSALS, until, after), limit, object).await
    }
}
