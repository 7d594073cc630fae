//! The catalogue in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Mutex;

use async_trait::async_trait;
use domain::address::BlobAddress;
use domain::catalogue::{Entry, Lives, State};
use domain::recording_id::RecordingId;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, Due, Fault, ListRequest, Loaded, Version};

use super::lock;

/// Entries in ordered maps, with the same indexes that a database keeps.
#[derive(Debug, Default)]
pub struct MemoryCatalogue {
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    names: HashMap<BlobAddress, Name>,
    entries: BTreeMap<RecordingId, Entry>,
    by_state: BTreeMap<State, BTreeSet<RecordingId>>,
    due: BTreeSet<Due>,
}

#[derive(Debug, Default)]
struct Name {
    saves: u64,
    lives: BTreeSet<RecordingId>,
}

#[async_trait]
impl Catalogue for MemoryCatalogue {
    async fn lives(&self, address: &BlobAddress) -> Result<Loaded, Fault> {
        Ok(lock(&self.rows).lives(address))
    }

    async fn lives_of(&self, id: RecordingId) -> Result<Option<Loaded>, Fault> {
        let rows = lock(&self.rows);
        Ok(rows.entries.get(&id).map(|entry| rows.lives(&entry.address)))
    }

    async fn save(&self, before: &Loaded, changed: &[Entry]) -> Result<Option<Version>, Fault> {
        Ok(lock(&self.rows).save(&before.lives.address, before.version, changed))
    }

    async fn list(&self, request: &ListRequest) -> Result<Vec<Entry>, Fault> {
        let rows = lock(&self.rows);
        if request.below.zip(request.from).is_some_and(|(below, from)| below < from) {
            return Ok(Vec::new());
        }
        let range = (
            request.from.map_or(Bound::Unbounded, Bound::Included),
            request.below.map_or(Bound::Unbounded, Bound::Excluded),
        );
        Ok(match request.state {
            None => rows.entries.range(range).rev().take(request.limit).map(|(_, entry)| entry.clone()).collect(),
            Some(state) => {
                let ids = rows.by_state.get(&state).into_iter().flat_map(|ids| ids.range(range).rev());
                ids.take(request.limit).filter_map(|id| rows.entries.get(id)).cloned().collect()
            }
        })
    }

    async fn due(&self, until: Timestamp, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Fault> {
        let rows = lock(&self.rows);
        let behind = after.map_or(Bound::Unbounded, |after| Bound::Excluded(*after));
        let due = rows.due.range((behind, Bound::Unbounded));
        Ok(due.take_while(|due| due.at <= until).take(limit).copied().collect())
    }
}

impl Rows {
    fn lives(&self, address: &BlobAddress) -> Loaded {
        let Some(name) = self.names.get(address) else {
            return Loaded::nothing(address.clone());
        };
        let entries = name.lives.iter().filter_map(|id| self.entries.get(id)).cloned().collect();
        Loaded { lives: Lives { address: address.clone(), entries }, version: Version(name.saves) }
    }

    fn save(&mut self, address: &BlobAddress, expected: Version, changed: &[Entry]) -> Option<Version> {
        if self.names.get(address).map_or(0, |name| name.saves) != expected.0 {
            return None;
        }
        let name = self.names.entry(address.clone()).or_default();
        name.saves += 1;
        name.lives.extend(changed.iter().map(|entry| entry.id));
        let saves = name.saves;
        for entry in changed {
            self.put(entry);
        }
        Some(Version(saves))
    }

    fn put(&mut self, entry: &Entry) {
        let id = entry.id;
        if let Some(was) = self.entries.insert(id, entry.clone()) {
            self.by_state.entry(was.state).or_default().remove(&id);
            was.due_at().map(|at| self.due.remove(&Due { at, id }));
        }
        self.by_state.entry(entry.state).or_default().insert(id);
        self.due.extend(entry.due_at().map(|at| Due { at, id }));
    }
}
