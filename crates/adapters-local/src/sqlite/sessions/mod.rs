//! The sessions port on SQLite.

mod row;
pub(super) mod statements;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use domain::record::estate::BastionName;
use domain::record::session::{IndexKey, SessionEntry, SessionId, TimeSpan, TunnelId};
use jiff::Timestamp;
use pipeline::ports::{Fault, SessionChange, SessionListRequest, SessionPlace, Sessions};
use pipeline::stored::{self, StoredError};
use rusqlite::{OptionalExtension, params};

use super::SqliteStore;
use super::number::{from_limit, from_time, to_time};
use row::IndexedSession;
use statements::{DOC, DUE, GET, LIST, LIST_GAPS, LIST_GAPS_OF, LIST_OF, NEAR};

/// Sorts after the name of every bastion.
const BEHIND_ALL: &str = "\u{10ffff}";

/// Sessions as rows: the stored form and the columns the indexes need.
#[derive(Debug, Clone)]
pub struct SqliteSessions {
    store: SqliteStore,
}

impl SqliteSessions {
    /// Opens the sessions of a store.
    pub fn new(store: &SqliteStore) -> Self {
        Self { store: store.clone() }
    }
}

#[async_trait]
impl Sessions for SqliteSessions {
    async fn load(&self, ids: &[SessionId]) -> Result<Vec<SessionEntry>, Fault> {
        let object = || format!("load {} sessions", ids.len());
        let mut asked = BTreeSet::new();
        let ids: Vec<&SessionId> = ids.iter().filter(|id| asked.insert(*id)).collect();
        let found = self.store.connections.read_at_once(|snapshot| {
            let mut get = snapshot.prepare_cached(GET)?;
            let doc = |id: &&SessionId| {
                get.query_row([id.bastion.as_str(), id.tunnel.as_str()], |row| row.get::<_, String>(0)).optional()
            };
            ids.iter().map(doc).collect::<rusqlite::Result<Vec<_>>>()
        });
        let docs = found.map_err(|error| error.fault(object()))?;
        let entries = ids.into_iter().zip(docs).map(|(id, doc)| match doc {
            Some(doc) => stored::session::decode(&doc).map_err(|error| error.fault(format!("load session {id}"))),
            None => Ok(SessionEntry::new(id.clone())),
        });
        entries.collect()
    }

    async fn save(&self, changes: &[SessionChange]) -> Result<Vec<bool>, Fault> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let row = |change| {
            IndexedSession::from_change(change)
                .map_err(|error| error.fault(format!("save session {}", change.after.id)))
        };
        let rows = changes.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let saved = self.store.connections.write(|transaction| {
            rows.iter().map(|row| row.put(transaction)).collect::<rusqlite::Result<Vec<_>>>().map(Some)
        });
        let saved = saved.map_err(|error| error.fault(format!("save {} sessions", changes.len())))?;
        Ok(saved.unwrap_or_default())
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[IndexKey],
        within: TimeSpan,
        limit: usize,
    ) -> Result<Vec<SessionEntry>, Fault> {
        let object = || format!("find sessions of bastion {:?} by name and time", bastion.as_str());
        let (first, last) = (from_time(within.first), from_time(within.last));
        let found = self.store.connections.read_at_once(|snapshot| {
            let mut rows_by_tunnel = BTreeMap::new();
            for key in keys {
                let mut near = snapshot.prepare_cached(NEAR)?;
                let mut rows = near.query(params![bastion.as_str(), key.as_str(), first, last])?;
                while let Some(row) = rows.next()? {
                    rows_by_tunnel.insert(row.get::<_, String>(0)?, row.get::<_, i64>(1)?);
                }
            }
            let mut doc = snapshot.prepare_cached(DOC)?;
            let rows = rows_by_tunnel.values().take(limit);
            rows.map(|row| doc.query_row([row], |row| row.get(0))).collect::<rusqlite::Result<Vec<_>>>()
        });
        let docs = found.map_err(|error| error.fault(object()))?;
        decode(&docs).map_err(|error| error.fault(object()))
    }

    async fn list(&self, request: &SessionListRequest) -> Result<Vec<SessionEntry>, Fault> {
        let (at, bastion, tunnel) = match &request.below {
            Some(below) => (from_time(below.at), below.id.bastion.as_str(), below.id.tunnel.as_str()),
            None => (i64::MAX, BEHIND_ALL, ""),
        };
        let from = request.from.map_or(i64::MIN, from_time);
        let limit = from_limit(request.limit);
        let found = self.store.connections.read(|connection| {
            let run = |statement, parameters: &[&dyn rusqlite::ToSql]| {
                connection.prepare_cached(statement)?.query_map(parameters, |row| row.get(0))?.collect()
            };
            match (&request.bastion, request.without_recording) {
                (None, false) => run(LIST, params![at, bastion, tunnel, from, limit]),
                (None, true) => run(LIST_GAPS, params![at, bastion, tunnel, from, limit]),
                (Some(of), false) => run(LIST_OF, params![at, bastion, tunnel, from, limit, of.as_str()]),
                (Some(of), true) => run(LIST_GAPS_OF, params![at, bastion, tunnel, from, limit, of.as_str()]),
            }
        });
        let docs: Vec<String> = found.map_err(|error| error.fault("list sessions"))?;
        decode(&docs).map_err(|error| error.fault("list sessions"))
    }

    async fn due(
        &self,
        until: Timestamp,
        after: Option<&SessionPlace>,
        limit: usize,
    ) -> Result<Vec<SessionPlace>, Fault> {
        let (at, bastion, tunnel) = match after {
            Some(after) => (from_time(after.at), after.id.bastion.as_str(), after.id.tunnel.as_str()),
            None => (i64::MIN, "", ""),
        };
        let (until, limit) = (from_time(until), from_limit(limit));
        let found = self.store.connections.read(|connection| {
            let mut statement = connection.prepare_cached(DUE)?;
            let rows = statement.query_map(params![until, at, bastion, tunnel, limit], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
            rows.collect::<rusqlite::Result<Vec<(i64, String, String)>>>()
        });
        let found = found.map_err(|error| error.fault("find due sessions"))?;
        found.into_iter().map(place).collect()
    }
}

fn place((at, bastion, tunnel): (i64, String, String)) -> Result<SessionPlace, Fault> {
    let object = || format!("find due sessions of bastion {bastion:?}");
    let no_id = || Fault::permanent(object(), format!("{tunnel:?} is not a tunnel id"));
    let tunnel = TunnelId::parse(&tunnel).ok_or_else(no_id)?;
    Ok(SessionPlace { at: to_time(at), id: SessionId { bastion: BastionName::new(&bastion), tunnel } })
}

fn decode(docs: &[String]) -> Result<Vec<SessionEntry>, StoredError> {
    docs.iter().map(|doc| stored::session::decode(doc)).collect()
}
