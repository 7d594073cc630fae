//! The quarantine port in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Mutex;

use async_trait::async_trait;
use jiff::Timestamp;
use pipeline::ports::{Fault, Quarantine, QuarantineId, QuarantineNote, QuarantinedInput};

use super::lock;

/// Quarantined inputs in the order in which they were put.
#[derive(Debug, Default)]
pub struct MemoryQuarantine {
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    since: HashMap<QuarantineId, Timestamp>,
    inputs: BTreeMap<Timestamp, BTreeMap<QuarantineId, QuarantinedInput>>,
    unannounced: BTreeSet<(Timestamp, QuarantineId)>,
}

#[async_trait]
impl Quarantine for MemoryQuarantine {
    async fn put(&self, input: &QuarantinedInput) -> Result<(), Fault> {
        let mut rows = lock(&self.rows);
        if !rows.since.contains_key(&input.id) {
            rows.since.insert(input.id.clone(), input.at);
            rows.unannounced.insert((input.at, input.id.clone()));
            rows.inputs.entry(input.at).or_default().insert(input.id.clone(), input.clone());
        }
        Ok(())
    }

    async fn get(&self, id: &QuarantineId) -> Result<Option<QuarantinedInput>, Fault> {
        let rows = lock(&self.rows);
        Ok(rows.since.get(id).and_then(|at| rows.inputs.get(at)?.get(id)).cloned())
    }

    async fn since(&self, since: Timestamp, limit: usize) -> Result<Vec<QuarantineNote>, Fault> {
        let rows = lock(&self.rows);
        let inputs = rows.inputs.range(since..).flat_map(|(_, inputs)| inputs.values());
        Ok(inputs.take(limit).map(QuarantinedInput::note).collect())
    }

    async fn behind(&self, last: &QuarantineNote, limit: usize) -> Result<Vec<QuarantineNote>, Fault> {
        let rows = lock(&self.rows);
        let inputs = rows.inputs.range(last.at..).flat_map(|(_, inputs)| inputs.values());
        let behind = inputs.filter(|input| (input.at, &input.id) > (last.at, &last.id));
        Ok(behind.take(limit).map(QuarantinedInput::note).collect())
    }

    async fn unannounced(&self, limit: usize) -> Result<Vec<QuarantineNote>, Fault> {
        let rows = lock(&self.rows);
        let inputs = rows.unannounced.iter().filter_map(|(at, id)| rows.inputs.get(at)?.get(id));
        Ok(inputs.take(limit).map(QuarantinedInput::note).collect())
    }

    async fn announced(&self, ids: &[QuarantineId]) -> Result<(), Fault> {
        let mut rows = lock(&self.rows);
        for id in ids {
            if let Some(at) = rows.since.get(id).copied() {
                rows.unannounced.remove(&(at, id.clone()));
            }
        }
        Ok(())
    }

    async fn remove(&self, id: &QuarantineId) -> Result<(), Fault> {
        let mut rows = lock(&self.rows);
        if let Some(at) = rows.since.remove(id) {
            rows.unannounced.remove(&(at, id.clone()));
            if let Some(inputs) = rows.inputs.get_mut(&at) {
                inputs.remove(id);
            }
        }
        Ok(())
    }
}
