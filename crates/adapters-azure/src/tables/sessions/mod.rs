//! The sessions port on tables.

mod row;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use domain::record::estate::BastionName;
use domain::record::session::{IndexKey, SessionEntry, SessionId, TimeSpan};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use pipeline::ports::{Fault, SessionChange, SessionListRequest, SessionPlace, Sessions, Version};

use self::row::{DUE_COLUMNS, session, with_columns};
use super::AT_ONCE;
use super::keys::{PARTITION, session_row};
use super::lookup;
use super::store::TableStore;
use super::versions::{self, Save};
use super::wire::{MOST_OPERATIONS, Operation, Row};

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

    /// Saves sessions in one transaction, or one by one if another save was first with one of them.
    async fn put_together(&self, saves: Vec<SessionSave>) -> Result<Vec<bool>, Fault> {
        if saves.len() > 1 {
            let operations: Vec<_> = saves.iter().flat_map(|save| save.operations.iter().cloned()).collect();
            match self.store.sessions.transact(&operations).await {
                Ok(()) => return Ok(vec![true; saves.len()]),
                Err(failure) if versions::is_conflict(&failure) => {}
                Err(failure) => return Err(failure.fault("save sessions")),
            }
        }
        let mut saved = Vec::new();
        for SessionSave { save, operations, object } in saves {
            let won = save.run(&self.store.sessions, operations).await;
            saved.push(won.map_err(|failure| failure.fault(object))?);
        }
        Ok(saved)
    }
}

#[async_trait]
impl Sessions for TableSessions {
    async fn load(&self, ids: &[SessionId]) -> Result<Vec<SessionEntry>, Fault> {
        let mut seen = BTreeSet::new();
        let ids: Vec<_> = ids.iter().filter(|id| seen.insert(*id)).cloned().collect();
        let loads = ids.into_iter().map(|id| async move {
            let object = || format!("load session {id}");
            let row = self.store.sessions.get(PARTITION, &session_row(&id), None).await;
            let row = row.map_err(|failure| failure.fault(object()))?;
            let found = row.as_ref().map(session).transpose().map_err(|error| error.fault(object()))?;
            Ok(found.unwrap_or_else(|| SessionEntry::new(id)))
        });
        stream::iter(loads).buffered(AT_ONCE).try_collect().await
    }

    async fn save(&self, changes: &[SessionChange]) -> Result<Vec<bool>, Fault> {
        let saves = changes.iter().map(SessionSave::new).collect::<Result<Vec<_>, _>>()?;
        let saves = stream::iter(together(saves)).map(|saves| self.put_together(saves));
        let saved: Vec<_> = saves.buffered(AT_ONCE).try_collect().await?;
        Ok(saved.concat())
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[IndexKey],
        within: TimeSpan,
        limit: usize,
    ) -> Result<Vec<SessionEntry>, Fault> {
        let ranges = keys.iter().map(|key| lookup::found(bastion, key, within)).collect();
        let rows = lookup::read_ranges(&self.store.sessions, ranges).await;
        let rows = rows.map_err(|failure| failure.fault("find the sessions of a name"))?;
        let is_near = |entry: &SessionEntry| {
            let is_found = |(key, at): (IndexKey, _)| keys.contains(&key) && (within.first..=within.last).contains(&at);
            entry.id.bastion == *bastion && entry.index().into_iter().any(is_found)
        };
        let mut near = BTreeMap::new();
        for row in rows {
            let entry = session(&row).map_err(|error| error.fault("read a session of a name"))?;
            if is_near(&entry) {
                near.insert(entry.id.clone(), entry);
            }
        }
        Ok(near.into_values().take(limit).collect())
    }

    async fn list(&self, request: &SessionListRequest) -> Result<Vec<SessionEntry>, Fault> {
        let range = lookup::listed(request);
        let listed =
            async |row: Row| session(&row).map(Some).map_err(|error| error.fault("read a session of a listing"));
        lookup::follow(&self.store.sessions, &range, (request.limit, None), "list sessions", listed).await
    }

    async fn due(
        &self,
        until: Timestamp,
        after: Option<&SessionPlace>,
        limit: usize,
    ) -> Result<Vec<SessionPlace>, Fault> {
        let range = lookup::sessions_due(until, after);
        let due = async |row: Row| Ok(lookup::to_due_session(&row));
        lookup::follow(&self.store.sessions, &range, (limit, DUE_COLUMNS), "find due sessions", due).await
    }
}

/// A session prepared for saving.
struct SessionSave {
    save: Save,
    operations: Vec<Operation>,
    object: String,
}

impl SessionSave {
    fn new(change: &SessionChange) -> Result<Self, Fault> {
        let SessionChange { before, after } = change;
        let object = format!("save session {}", after.id);
        let key = session_row(&after.id);
        let save = Save::new(PARTITION.to_owned(), key.clone(), Version(before.revision)).to(Version(after.revision));
        let row = with_columns(Row::new(PARTITION, key), after).map_err(|error| error.fault(&*object))?;
        let old = if before.revision == 0 {
            lookup::Lookups::default()
        } else {
            lookup::of_session(before)
        };
        let with_copy = |copy: Row| Row { properties: row.properties.clone(), ..copy };
        let lookups = lookup::of_session(after).replacing(&old, with_copy);
        let replaced = (before.revision > 0).then(|| Operation::Replace(row.clone()));
        let operations = save.operations(|_| row, replaced.into_iter().chain(lookups));
        Ok(Self { save, operations, object })
    }
}

/// Groups saves for transactions.
fn together(saves: Vec<SessionSave>) -> Vec<Vec<SessionSave>> {
    let (mut groups, mut size) = (Vec::<Vec<SessionSave>>::new(), 0);
    for save in saves {
        size += save.operations.len();
        match groups.last_mut() {
            Some(group) if size <= MOST_OPERATIONS => group.push(save),
            _ => {
                size = save.operations.len();
                groups.push(vec![save]);
            }
        }
    }
    groups
}
