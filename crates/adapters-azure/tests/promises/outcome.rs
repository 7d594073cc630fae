//! What must come out the same.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalogue::Entry;
use jiff::Timestamp;
use pipeline::ports::{Catalogue, ListRequest, Quarantine, QuarantineId, QueueName};

use crate::world::World;

/// Everything that must not depend on what went wrong.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    /// Without how often they were saved and in which steps.
    pub entries: Vec<Entry>,
    /// Of the blobs.
    pub tags: BTreeMap<String, BTreeMap<String, String>>,
    /// The notifications that each receiver accepted.
    pub heard: Vec<BTreeSet<String>>,
    /// What is in quarantine.
    pub quarantine: BTreeMap<QuarantineId, Vec<u8>>,
    /// How many messages are left in the poison queues, hidden ones included.
    pub poison: usize,
}

pub async fn outcome(world: &World) -> Outcome {
    let all = ListRequest { state: None, below: None, from: None, limit: 100 };
    let entries = world.healthy.catalogue.list(&all).await.unwrap();
    let mut quarantine = BTreeMap::new();
    for note in world.healthy.quarantine.since(Timestamp::UNIX_EPOCH, 100).await.unwrap() {
        let kept = world.healthy.quarantine.get(&note.id).await.unwrap().unwrap();
        assert!(quarantine.insert(note.id, kept.raw).is_none(), "one note for each input");
    }
    let mut poison = 0;
    for queue in QueueName::ALL.into_iter().filter(|queue| queue.poison().is_none()) {
        poison += world.healthy.queues.depth(queue).await.unwrap();
    }
    Outcome {
        entries: entries.into_iter().map(|entry| Entry { revision: 0, history: Vec::new(), ..entry }).collect(),
        tags: world.storage.tags().await,
        heard: world.receivers.iter().map(|receiver| receiver.heard()).collect(),
        quarantine,
        poison,
    }
}
