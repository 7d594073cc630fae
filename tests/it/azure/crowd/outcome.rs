//! The part of the outcome that must not depend on processes and order.

use std::collections::BTreeMap;

use domain::address::BlobName;
use domain::record::blob::ETag;
use domain::record::catalogue::{Entry, RecordingState};
use domain::record::tags::TagSet;
use jiff::Timestamp;
use serde_json::Value;

/// An entry without id, revision and history. The id depends on the first event, the others on the interleaving.
#[derive(Debug, PartialEq)]
pub struct CrowdOutcome {
    state: RecordingState,
    created_at: Option<Timestamp>,
    last_modified: Option<Timestamp>,
    size: Option<u64>,
    etag: Option<ETag>,
    settled_at: Option<Timestamp>,
    final_at: Option<Timestamp>,
    deleted_at: Option<Timestamp>,
    tags: TagSet,
    given_up: usize,
}

/// Groups the catalogue by blob name, with each name's blob lifetimes in order.
pub fn lives(entries: &[Entry]) -> BTreeMap<&BlobName, Vec<CrowdOutcome>> {
    let mut lives: BTreeMap<_, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        lives.entry(&entry.address.name).or_default().push(entry);
    }
    let first = |entry: &&Entry| entry.life.blob_events.events().first().map(|event| event.sequencer.clone());
    lives
        .into_iter()
        .map(|(name, mut lives)| {
            lives.sort_by_key(first);
            (name, lives.into_iter().map(seen).collect())
        })
        .collect()
}

fn seen(entry: &Entry) -> CrowdOutcome {
    CrowdOutcome {
        state: entry.state,
        created_at: entry.created_at(),
        last_modified: entry.life.last_modified(),
        size: entry.life.size(),
        etag: entry.life.etag(),
        settled_at: entry.settled_at,
        final_at: entry.final_at,
        deleted_at: entry.life.deleted_at(),
        tags: entry.tags.clone(),
        given_up: entry.refusals.len(),
    }
}

/// Counts notifications by type, subject and time. Leaves out that a recording was not final in time: on a slow machine,
/// a process may see it too late.
pub fn told(bodies: impl IntoIterator<Item = Value>) -> BTreeMap<[String; 3], usize> {
    let mut told = BTreeMap::new();
    let is_late = |body: &Value| body["type"].as_str().is_some_and(|kind| kind.starts_with("recording.stale"));
    for body in bodies.into_iter().filter(|body| !is_late(body)) {
        let facts = [&body["type"], &body["data"]["subject"], &body["timestamp"]];
        *told.entry(facts.map(Value::to_string)).or_default() += 1;
    }
    told
}
