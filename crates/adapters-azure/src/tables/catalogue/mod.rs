//! The catalogue port on tables.

mod follow;
mod rows;
mod vocabulary;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::record::catalogue::{Entry, Lives};
use domain::record::estate::BastionName;
use domain::record::join_key::JoinKey;
use domain::record::recording_id::RecordingId;
use domain::record::session::TimeSpan;
use futures_util::future::try_join_all;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Due, Fault, Heading, ListRequest, Loaded, Version};
use pipeline::stored::StoredError;

use self::rows::{LONGEST_SAVE, entry_row, found, name};
use self::vocabulary::WrittenWords;
use super::keys::{BEHIND, entry_partition, name_partition, name_row, newest_first};
use super::lookup::{self, DISPOSALS, DUE, Lookups};
use super::store::TableStore;
use super::versions::{self, Save};
use super::wire::{Operation, Range, Row};
use crate::client::Failure;

/// Most reads of a name that changes while it is read page by page.
const READS: usize = 5;

/// Catalogue in tables. All lives of a name lie in one partition.
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

    /// Reads the rows of a partition as one consistent snapshot.
    async fn partition(&self, partition: &str, object: impl Fn() -> String) -> Result<Vec<Row>, Fault> {
        let failed = |failure: Failure| failure.fault(object());
        for _ in 0..READS {
            let (rows, of_one_moment) =
                self.store.entries.all(&Range::partition(partition), None).await.map_err(failed)?;
            if of_one_moment {
                return Ok(rows);
            }
            // Name rows sort before entries, so their versions come from the first page. If they are unchanged now,
            // all pages belong to one snapshot.
            let names = Range::partition(partition).from("name_").before(format!("name_{BEHIND}"));
            let (names, _) = self.store.entries.all(&names, None).await.map_err(failed)?;
            if rows.iter().take(names.len()).map(|row| &row.row).eq(names.iter().map(|row| &row.row)) {
                return Ok(rows);
            }
        }
        Err(Fault::transient(object(), "the name kept changing while it was read"))
    }

    /// Reads the part of a listing that lies in one partition.
    async fn listed(&self, partition: String, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        let mut range = Range::partition(partition);
        if let Some(below) = request.below {
            range = range.behind(format!("{}{BEHIND}", newest_first(below)));
        }
        if let Some(from) = request.from {
            range = range.before(format!("{}{BEHIND}", newest_first(from)));
        }
        lookup::follow(&self.store.lookup, &range, request.limit, "list entries", |row| self.follow_listed(row)).await
    }
}

#[async_trait]
impl Catalogue for TableCatalogue {
    async fn lives(&self, address: &BlobAddress) -> Result<Loaded, Fault> {
        let object = || format!("load the entries of {address}");
        let rows = self.partition(&name_partition(address), object).await?;
        let entries = rows::lives(&rows, address).map_err(|error| error.fault(object()))?;
        let version = versions::version(&rows, &name_row(address));
        Ok(Loaded { lives: Lives { address: address.clone(), entries }, version })
    }

    async fn lives_of(&self, id: RecordingId) -> Result<Option<Loaded>, Fault> {
        let object = || format!("load entry {id}");
        let rows = self.partition(&entry_partition(id), object).await?;
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
        if changed.len() > LONGEST_SAVE {
            return Err(Fault::permanent(object(), "more lives of one name changed than a transaction allows"));
        }
        let failed = |failure: Failure| failure.fault(object());
        let rows = changed.iter().map(entry_row).collect::<Result<Vec<_>, _>>();
        let rows = rows.map_err(|error| error.fault(object()))?;
        let (new, old) = lookups(before, changed);
        let headings = self.written.missing(before, changed);
        let missing =
            new.missing_in(&old).into_iter().map(Row::from).chain(headings.iter().flat_map(lookup::of_heading));
        lookup::write(&self.store.lookup, missing).await.map_err(failed)?;
        self.written.remember(headings);
        let save = Save::new(name_partition(address), name_row(address), before.version);
        let replaced = rows.into_iter().map(Operation::Replace);
        if !save.run(&self.store.entries, |row| name(row, address), replaced).await.map_err(failed)? {
            return Ok(None);
        }
        lookup::clean(&self.store.lookup, new.left_of(&old)).await;
        Ok(Some(save.next()))
    }

    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        let partitions = lookup::partitions(request.under.as_ref());
        let listed = try_join_all(partitions.into_iter().map(|partition| self.listed(partition, request))).await?;
        let mut listed = listed.concat();
        listed.sort_by_key(|entry| Reverse(entry.id));
        listed.dedup_by_key(|entry| entry.id);
        listed.truncate(request.limit);
        Ok(listed)
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
        let rows = lookup::gather(&self.store.lookup, ranges).await;
        let rows = rows.map_err(|failure| failure.fault("find the entries of a name"))?;
        let ids: BTreeSet<_> = rows.iter().filter_map(|row| lookup::to_named(&row.row)).collect();
        let is_near = |entry: &Entry| {
            let is_within = entry.created_at().is_some_and(|at| (created.first..=created.last).contains(&at));
            is_within && entry.bastion == *bastion && entry.keys.iter().any(|key| keys.contains(key))
        };
        lookup::first(ids, limit, async |id| Ok(self.entry(id).await?.filter(is_near))).await
    }

    async fn due(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        let (range, object) = (lookup::timed(DUE, until, after), "find due entries");
        let due = |row| self.follow_timed(row, "due_at");
        lookup::follow(&self.store.lookup, &range, limit, object, due).await
    }

    async fn disposals(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        let (range, object) = (lookup::timed(DISPOSALS, until, after), "find entries whose last day is over");
        let disposal = |row| self.follow_timed(row, "disposal_at");
        lookup::follow(&self.store.lookup, &range, limit, object, disposal).await
    }
}

/// Lookup rows of the changed entries: after the save, and before it.
fn lookups(before: &Loaded, changed: &[Entry]) -> (Lookups, Lookups) {
    let new = changed.iter().map(lookup::of_entry);
    let old = changed.iter().filter_map(|entry| before.lives.entry(entry.id)).map(lookup::of_entry);
    (new.fold(Lookups::default(), Lookups::with), old.fold(Lookups::default(), Lookups::with))
}
