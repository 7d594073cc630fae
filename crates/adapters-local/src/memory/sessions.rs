//! The sessions port in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Mutex;

use async_trait::async_trait;
use domain::record::estate::BastionName;
use domain::record::session::{IndexKey, SessionEntry, SessionId, TimeSpan};
use jiff::Timestamp;
use pipeline::ports::{Fault, SessionChange, SessionListRequest, SessionPlace, Sessions};

use super::lock;
use super::timetable::Timetable;

/// Sessions in ordered maps, with the same indexes as a database.
#[derive(Debug, Default)]
pub struct MemorySessions {
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    by_id: BTreeMap<SessionId, SessionEntry>,
    by_time: BTreeSet<SessionPlace>,
    by_key: Timetable<IndexKey, SessionId>,
    due: BTreeSet<SessionPlace>,
}

#[async_trait]
impl Sessions for MemorySessions {
    async fn load(&self, ids: &[SessionId]) -> Result<Vec<SessionEntry>, Fault> {
        let rows = lock(&self.rows);
        let mut answered = BTreeSet::new();
        let once = ids.iter().filter(|id| answered.insert(*id));
        Ok(once.map(|id| rows.by_id.get(id).cloned().unwrap_or_else(|| SessionEntry::new(id.clone()))).collect())
    }

    async fn save(&self, changes: &[SessionChange]) -> Result<Vec<bool>, Fault> {
        let mut rows = lock(&self.rows);
        Ok(changes.iter().map(|change| rows.save(change)).collect())
    }

    async fn near(
        &self,
        bastion: &BastionName,
        keys: &[IndexKey],
        within: TimeSpan,
        limit: usize,
    ) -> Result<Vec<SessionEntry>, Fault> {
        let rows = lock(&self.rows);
        let ids = rows.by_key.find(bastion, keys, within);
        Ok(ids.iter().take(limit).filter_map(|id| rows.by_id.get(id)).cloned().collect())
    }

    async fn list(&self, request: &SessionListRequest) -> Result<Vec<SessionEntry>, Fault> {
        let rows = lock(&self.rows);
        let below = request.below.clone().map_or(Bound::Unbounded, Bound::Excluded);
        let newest_first = rows.by_time.range((Bound::Unbounded, below)).rev();
        let in_time = newest_first.take_while(|place| request.from.is_none_or(|from| place.at >= from));
        let entries = in_time.filter_map(|place| rows.by_id.get(&place.id));
        let wanted = entries.filter(|entry| {
            request.bastion.as_ref().is_none_or(|bastion| *bastion == entry.id.bastion)
                && (!request.without_recording || entry.has_gap())
        });
        Ok(wanted.take(request.limit).cloned().collect())
    }

    async fn due(
        &self,
        until: Timestamp,
        after: Option<&SessionPlace>,
        limit: usize,
    ) -> Result<Vec<SessionPlace>, Fault> {
        let rows = lock(&self.rows);
        let behind = after.map_or(Bound::Unbounded, Bound::Excluded);
        let due = rows.due.range((behind, Bound::Unbounded));
        Ok(due.take_while(|place| place.at <= until).take(limit).cloned().collect())
    }
}

impl Rows {
    fn save(&mut self, change: &SessionChange) -> bool {
        let (id, after) = (&change.after.id, &change.after);
        if self.by_id.get(id).map_or(0, |entry| entry.revision) != change.before.revision {
            return false;
        }
        if let Some(was) = self.by_id.insert(id.clone(), after.clone()) {
            self.by_time.remove(&SessionPlace { at: was.at(), id: id.clone() });
            was.due_at().map(|at| self.due.remove(&SessionPlace { at, id: id.clone() }));
            for (key, at) in was.index() {
                self.by_key.remove(&id.bastion, key, at, id);
            }
        }
        self.by_time.insert(SessionPlace { at: after.at(), id: id.clone() });
        self.due.extend(after.due_at().map(|at| SessionPlace { at, id: id.clone() }));
        for (key, at) in after.index() {
            self.by_key.add(&id.bastion, key, at, id.clone());
        }
        true
    }
}
