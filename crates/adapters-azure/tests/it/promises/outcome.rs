//! The final state every run must reach.

use std::collections::{BTreeMap, BTreeSet};

use domain::record::catalogue::{EarlierTags, Entry};
use domain::record::join::MatchReasoning;
use domain::record::session::{Records, SessionEntry};
use jiff::Timestamp;
use pipeline::audit_log::LogCheckpoint;
use pipeline::ports::{
    Catalogue, CheckpointKind, Checkpoints, ListRequest, Quarantine, QuarantineId, QueueName, SessionListRequest,
};

use crate::promises::world::AzureWorld;

/// State that must not depend on failures.
#[derive(Debug, PartialEq)]
pub struct PromiseOutcome {
    /// Entries without revision, history, earlier tags and the weighing of a match, which depend on the steps.
    pub entries: Vec<Entry>,
    /// Audit records of each session.
    pub sessions: BTreeMap<String, Records>,
    /// Read offset and size of logs that may still grow.
    pub positions: Vec<(u64, u64)>,
    /// Tags of each blob.
    pub tags: BTreeMap<String, BTreeMap<String, String>>,
    /// Notifications each receiver accepted.
    pub heard: Vec<BTreeSet<String>>,
    /// Quarantined inputs.
    pub quarantine: BTreeMap<QuarantineId, Vec<u8>>,
    /// Number of messages in the poison queues, including hidden ones.
    pub poison: usize,
}

pub async fn outcome(world: &AzureWorld) -> PromiseOutcome {
    let all = ListRequest { under: None, below: None, from: None, limit: 100 };
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
    PromiseOutcome {
        entries: entries
            .into_iter()
            .map(|mut entry| {
                entry.match_state.verdict = entry.match_state.verdict.finding();
                entry.match_state.reasoning = MatchReasoning::default();
                Entry { revision: 0, history: Vec::new(), earlier_tags: EarlierTags::default(), ..entry }
            })
            .collect(),
        sessions: sessions(world).await,
        positions: positions(world).await,
        tags: world.storage.tags().await,
        heard: world.receivers.iter().map(|receiver| receiver.heard()).collect(),
        quarantine,
        poison,
    }
}

pub async fn stored_sessions(world: &AzureWorld) -> Vec<SessionEntry> {
    let all = SessionListRequest { bastion: None, without_recording: false, below: None, from: None, limit: 100 };
    world.healthy.sessions.list(&all).await.unwrap()
}

/// Sessions by tunnel id.
pub async fn sessions(world: &AzureWorld) -> BTreeMap<String, Records> {
    let stored = stored_sessions(world).await.into_iter();
    stored.map(|entry| (entry.id.tunnel.to_string(), entry.records)).collect()
}

/// Read offset and size of logs that may still grow.
pub async fn positions(world: &AzureWorld) -> Vec<(u64, u64)> {
    let open = world.healthy.checkpoints.list(CheckpointKind::OpenLog, None, 100).await.unwrap();
    let read = |doc: &str| serde_json::from_str::<LogCheckpoint>(doc).unwrap();
    open.into_iter().map(|(_, checkpoint)| read(&checkpoint.doc)).map(|read| (read.offset, read.size)).collect()
}
