//! State that must be equal in every run.

use std::collections::{BTreeMap, BTreeSet};

use domain::record::blob::ETag;
use domain::record::catalogue::{Entry, NotifiedVerdict, RecordingState};
use domain::record::join::Match;
use domain::record::notification::Event;
use domain::record::review_mark::ReviewMark;
use domain::record::session::{GapCause, Records, SessionEntry};
use domain::record::tags::TagSet;
use jiff::Timestamp;
use pipeline::ports::{
    BlobStore, Catalogue, Ledger, ListBlobs, ListRequest, Quarantine, QueueName, SessionListRequest, Sessions,
};

use crate::promises::world::{World, container};
use pipeline::testing::schedule::now;

/// An entry without id, revision and history. Facts that only the blob can give are compared only if the blob exists.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub state: RecordingState,
    pub created_at: Option<Timestamp>,
    pub last_modified: Option<Timestamp>,
    pub size: Option<u64>,
    pub etag: Option<ETag>,
    pub deleted_at: Option<Timestamp>,
    pub verdict: Match,
    pub told: Option<NotifiedVerdict>,
    pub reviews: Vec<ReviewMark>,
    pub there: Option<There>,
}

/// A session without revision and processing times.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenSession {
    pub records: Records,
    /// Cause of the missing recording, and true if it is still missing.
    pub gap: Option<(GapCause, bool)>,
    pub announced: BTreeSet<Event>,
    pub undone: usize,
}

/// Facts that only the blob can give.
#[derive(Debug, Clone, PartialEq)]
pub struct There {
    pub settled_at: Option<Timestamp>,
    pub tier: Option<String>,
    pub tags: TagSet,
}

/// Catalogue by blob name, with the lives of each name in order.
pub fn catalogue(world: &World) -> BTreeMap<String, Vec<Seen>> {
    let mut names: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in entries(world) {
        names.entry(entry.address.name.as_str().to_owned()).or_default().push(entry);
    }
    names
        .into_iter()
        .map(|(name, mut lives)| {
            lives.sort_by_key(|entry| {
                let first = entry.life.blob_events.events().first();
                (first.map(|event| event.at).or(entry.created_at()), first.map(|event| event.sequencer.clone()))
            });
            (name, lives.iter().map(seen).collect())
        })
        .collect()
}

/// Tags of the blobs.
pub fn tags(world: &World) -> BTreeMap<String, TagSet> {
    let page = now(world.blobs.list(ListBlobs::first(&container(), usize::MAX).with_tags())).unwrap().unwrap();
    page.blobs.into_iter().map(|blob| (blob.name.as_str().to_owned(), blob.tags.unwrap())).collect()
}

pub fn entries(world: &World) -> Vec<Entry> {
    let all = ListRequest { under: None, below: None, from: None, limit: usize::MAX };
    now(world.catalogue.list(&all)).unwrap()
}

pub fn stored_sessions(world: &World) -> Vec<SessionEntry> {
    let all =
        SessionListRequest { bastion: None, without_recording: false, below: None, from: None, limit: usize::MAX };
    now(world.sessions.list(&all)).unwrap()
}

/// Sessions by tunnel id.
pub fn sessions(world: &World) -> BTreeMap<String, SeenSession> {
    let seen = |session: &SessionEntry| SeenSession {
        records: session.records.clone(),
        gap: session.gap.as_ref().map(|gap| (gap.cause.clone(), gap.closed_at.is_none())),
        announced: session.announced.clone(),
        undone: session.pending.len(),
    };
    stored_sessions(world).iter().map(|session| (session.id.tunnel.to_string(), seen(session))).collect()
}

/// Number of accepted notifications of this event.
pub fn told(world: &World, event: Event) -> usize {
    world.receiver.accepted().iter().filter(|received| received.event == event).count()
}

/// Ids of all accepted notifications.
pub fn heard(world: &World) -> BTreeSet<String> {
    world.receiver.accepted().into_iter().map(|received| received.id).collect()
}

/// Ids of all accepted notifications except heads of the ledger. The id of a head depends on the times at which the
/// lines were written, so it may differ after a crash.
pub fn heard_except_anchors(world: &World) -> BTreeSet<String> {
    let accepted = world.receiver.accepted().into_iter();
    accepted.filter(|received| received.event != Event::LedgerAnchored).map(|received| received.id).collect()
}

/// Lines of the ledger about this kind of fact, without their places in the chain.
pub fn facts(world: &World, kind: &str) -> Vec<String> {
    let mut facts = Vec::new();
    for segment in now(world.ledger.segments()).unwrap() {
        let bytes = now(world.ledger.read(segment, 0, 1_000_000)).unwrap().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let fact = |line: &str| Some(line.split_once("\"fact\":")?.1.split_once(",\"hash\":")?.0.to_owned());
        facts.extend(text.lines().filter_map(fact).filter(|fact| fact.contains(&format!("\"kind\":\"{kind}\""))));
    }
    facts
}

/// Ids of the quarantined inputs.
pub fn quarantined(world: &World) -> Vec<String> {
    let inputs = now(world.quarantine.since(Timestamp::MIN, usize::MAX)).unwrap();
    inputs.into_iter().map(|input| input.id.as_str().to_owned()).collect()
}

/// Number of messages in both poison queues, including hidden ones.
pub fn poison(world: &World) -> usize {
    let queues = [QueueName::RecordingEventsPoison, QueueName::NotificationsPoison];
    queues.into_iter().map(|queue| now(world.queue.depth(queue)).unwrap()).sum()
}

pub fn seen(entry: &Entry) -> Seen {
    Seen {
        state: entry.state,
        created_at: entry.created_at(),
        last_modified: entry.life.last_modified(),
        size: entry.life.size(),
        etag: entry.life.etag(),
        deleted_at: entry.life.deleted_at(),
        verdict: entry.match_state.verdict.clone().finding(),
        told: entry.match_state.notified.clone(),
        reviews: entry.reviews.clone(),
        there: matches!(entry.state, RecordingState::Active | RecordingState::Settled).then(|| There {
            settled_at: entry.settled_at,
            tier: entry.life.tier().map(str::to_owned),
            tags: entry.tags.clone(),
        }),
    }
}
