//! The sessions port on tables.

mod follow;
mod row;

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::record::estate::BastionName;
use domain::record::session::{IndexKey, SessionEntry, SessionId, TimeSpan};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use pipeline::ports::{Fault, SessionChange, SessionListRequest, SessionPlace, Sessions, Version};

use self::row::with_columns;
use super::AT_ONCE;
use super::keys::{session_partition, session_row};
use super::lookup::{self, Lookup, Lookups};
use super::store::TableStore;
use super::versions::Save;
use super::wire::{Operation, Row};
use crate::client::Failure;

/// Sessions in a table, each saved on its own.
#[derive(Debug, Clone)]
pub struct TableSessions {
    store: TableStore,
}

impl TableSessions {
    /// Opens the sessions of a store.
    pub fn new(store: &TableStore) -> Self {
        Self { store: store.clone() }
    }

    /// Saves one session after its lookup rows were written. Returns false if another save was first.
    async fn put(&self, session: SessionSave) -> Result<bool, Fault> {
        let SessionSave { save, row, is_new, object } = session;
        let replaced = (!is_new).then(|| Operation::Replace(row.clone()));
        let saved = save.run(&self.store.sessions, |_| row, replaced).await;
        saved.map_err(|failure| failure.fault(object))
    }
}

#[async_trait]
impl Sessions for TableSessions {
    async fn load(&self, ids: &[SessionId]) -> Result<Vec<SessionEntry>, Fault> {
        let mut seen = BTreeSet::new();
        let ids: Vec<_> = ids.iter().filter(|id| seen.insert(*id)).cloned().collect();
        let loads = ids.into_iter().map(|id| async move {
            let found = self.session(&session_row(&id), &id).await?;
            Ok(found.unwrap_or_else(|| SessionEntry::new(id)))
        });
        stream::iter(loads).buffered(AT_ONCE).try_collect().await
    }

    async fn save(&self, changes: &[SessionChange]) -> Result<Vec<bool>, Fault> {
        let saves = changes.iter().map(SessionSave::new).collect::<Result<Vec<_>, _>>()?;
        let lookups: Vec<_> = changes.iter().map(lookups).collect();
        let missing: BTreeSet<_> = lookups.iter().flat_map(|(new, old)| new.missing_in(old)).collect();
        let failed = |failure: Failure| failure.fault("save the rows that lead to sessions");
        lookup::write(&self.store.lookup, missing).await.map_err(failed)?;
        let saved: Vec<bool> =
            stream::iter(saves.into_iter().map(|save| self.put(save))).buffered(AT_ONCE).try_collect().await?;
        lookup::clean(&self.store.lookup, left(&lookups, &saved)).await;
        Ok(saved)
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[IndexKey],
        within: TimeSpan,
        limit: usize,
    ) -> Result<Vec<SessionEntry>, Fault> {
        let ranges = keys.iter().map(|key| lookup::found(bastion, key, within)).collect();
        let rows = lookup::gather(&self.store.lookup, ranges).await;
        let rows = rows.map_err(|failure| failure.fault("find the sessions of a name"))?;
        let ways: BTreeSet<String> = rows.iter().map(|row| lookup::by_id(&row.row).to_owned()).collect();
        let is_near = |entry: &SessionEntry| {
            let is_found = |(key, at): (IndexKey, _)| keys.contains(&key) && (within.first..=within.last).contains(&at);
            entry.id.bastion == *bastion && entry.index().into_iter().any(is_found)
        };
        let load = async |way: String| {
            let found = self.session(lookup::to_session(&way), &"of a name").await?;
            Ok(found.filter(is_near))
        };
        lookup::first(ways, limit, load).await
    }

    async fn list(&self, request: &SessionListRequest) -> Result<Vec<SessionEntry>, Fault> {
        let range = lookup::listed(request);
        let follow = |row| self.follow_listed(row);
        lookup::follow(&self.store.lookup, &range, request.limit, "list sessions", follow).await
    }

    async fn due(
        &self,
        until: Timestamp,
        after: Option<&SessionPlace>,
        limit: usize,
    ) -> Result<Vec<SessionPlace>, Fault> {
        let range = lookup::sessions_due(until, after);
        lookup::follow(&self.store.lookup, &range, limit, "find due sessions", |row| self.follow_due(row)).await
    }
}

/// A session prepared for saving.
struct SessionSave {
    save: Save,
    row: Row,
    is_new: bool,
    object: String,
}

impl SessionSave {
    fn new(change: &SessionChange) -> Result<Self, Fault> {
        let SessionChange { before, after } = change;
        let object = format!("save session {}", after.id);
        let row = session_row(&after.id);
        let partition = session_partition(&row).to_owned();
        let save = Save::new(partition.clone(), row.clone(), Version(before.revision)).to(Version(after.revision));
        let row = with_columns(Row::new(partition, row), after).map_err(|error| error.fault(&*object))?;
        Ok(Self { save, row, is_new: before.revision == 0, object })
    }
}

/// Obsolete lookup rows of the saved sessions.
fn left(lookups: &[(Lookups, Lookups)], saved: &[bool]) -> Vec<Lookup> {
    let saved = lookups.iter().zip(saved).filter(|(_, saved)| **saved);
    saved.flat_map(|((new, old), _)| new.left_of(old)).collect()
}

/// Lookup rows of a session: after the save, and before it.
fn lookups(change: &SessionChange) -> (Lookups, Lookups) {
    let old = (change.before.revision > 0).then(|| lookup::of_session(&change.before));
    (lookup::of_session(&change.after), old.unwrap_or_default())
}
