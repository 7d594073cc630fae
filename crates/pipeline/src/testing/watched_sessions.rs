//! Session store that records its saves.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::record::estate::BastionName;
use domain::record::session::{IndexKey, SessionEntry, SessionId, TimeSpan};
use jiff::Timestamp;

use crate::ports::{Fault, SessionChange, SessionListRequest, SessionPlace, Sessions};

/// Successful saves of all writers.
#[derive(Debug, Default)]
pub struct Saves(Mutex<Vec<SessionChange>>);

impl Saves {
    /// Returns session id and revision of each save, in order.
    pub fn revisions(&self) -> Vec<(SessionId, u64)> {
        let saves = self.0.lock().unwrap();
        saves.iter().map(|save| (save.after.id.clone(), save.after.revision)).collect()
    }

    /// Asserts that no save overwrote another one or dropped records.
    pub fn lost_nothing(&self) {
        let saves = self.0.lock().unwrap();
        let mut revisions: Vec<_> = saves.iter().map(|save| (&save.after.id, save.after.revision)).collect();
        revisions.sort();
        revisions.dedup();
        assert_eq!(revisions.len(), saves.len(), "a session is saved once for each revision");
        for SessionChange { before, after } in saves.iter() {
            let mut both = before.records.clone();
            both.merge(&after.records);
            assert_eq!(both, after.records, "{} was saved with less than it had", after.id);
        }
    }

    /// Returns the number of saves that changed a session's records.
    pub fn of_records(&self) -> usize {
        self.0.lock().unwrap().iter().filter(|save| save.before.records != save.after.records).count()
    }
}

/// Session store of one archivist that records each successful save.
pub struct WatchedSessions {
    /// Underlying store.
    pub sessions: Arc<dyn Sessions>,
    /// Record of the saves.
    pub saves: Arc<Saves>,
}

#[async_trait]
impl Sessions for WatchedSessions {
    async fn load(&self, ids: &[SessionId]) -> Result<Vec<SessionEntry>, Fault> {
        self.sessions.load(ids).await
    }

    async fn save(&self, changes: &[SessionChange]) -> Result<Vec<bool>, Fault> {
        let won = self.sessions.save(changes).await?;
        let saved = changes.iter().zip(&won).filter(|(_, won)| **won).map(|(change, _)| change.clone());
        self.saves.0.lock().unwrap().extend(saved);
        Ok(won)
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[IndexKey],
        within: TimeSpan,
        limit: usize,
    ) -> Result<Vec<SessionEntry>, Fault> {
        self.sessions.near(bastion, keys, within, limit).await
    }

    async fn list(&self, request: &SessionListRequest) -> Result<Vec<SessionEntry>, Fault> {
        self.sessions.list(request).await
    }

    async fn due(
        &self,
        until: Timestamp,
        after: Option<&SessionPlace>,
        limit: usize,
    ) -> Result<Vec<SessionPlace>, Fault> {
        self.sessions.due(until, after, limit).await
    }
}
