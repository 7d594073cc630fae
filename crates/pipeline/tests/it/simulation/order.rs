//! Events and logs in any order lead to the same catalogue.

use std::collections::{BTreeMap, BTreeSet};

use domain::record::catalogue::Entry;
use domain::record::session::{GapCause, SessionEntry};
use estate_simulator::{Arriving, EstateDay};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{SessionListRequest, Sessions};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::fewer_cases::{check, config};
use crate::simulation::play::{now, play};
use crate::simulation::watcher::entries;
use crate::simulation::world::{Processes, SimulationWorld};

/// Approximate number of sessions of a day.
const SESSIONS: usize = 20;
/// A case plays two days.
const PARTS: u32 = 8;

/// Visible final state, without ids, revisions and history.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    recordings: BTreeMap<(String, Option<Timestamp>), String>,
    sessions: BTreeMap<String, String>,
}

/// Delivers a past day in this order and waits until nothing is due.
async fn seen(day: &EstateDay, order: &[Index]) -> Seen {
    let world = SimulationWorld::new(day, Processes::Shared);
    let mut news: Vec<&Arriving> = Vec::new();
    for arrival in &day.arrivals {
        match &arrival.what {
            Arriving::BlobPresent { address, properties } => world.storage.put(address, properties.clone()),
            Arriving::BlobGone { address } => world.storage.remove(address),
            Arriving::LogAppended { address, bytes } => {
                if world.storage.append(address, bytes, arrival.at) {
                    news.push(&arrival.what);
                }
            }
            Arriving::Event { .. } => news.push(&arrival.what),
        }
    }
    world.clock.set(day.arrivals.last().unwrap().at + SignedDuration::from_hours(72));
    let mut order = order.iter();
    while !news.is_empty() {
        let at = order.next().map_or(0, |index| index.index(news.len()));
        match news.remove(at) {
            Arriving::Event { address, event } => {
                world.archivist().recordings.ingest(address, event).await.unwrap();
            }
            Arriving::LogAppended { address, .. } => {
                world.archivist().audit_log.log_landed(address, &|| true).await.unwrap();
            }
            Arriving::BlobPresent { .. } | Arriving::BlobGone { .. } => {}
        }
        if at.is_multiple_of(5) {
            world.archivist().due_work.sweep(&|| true).await.unwrap();
        }
    }
    for _ in 0..40 {
        world.clock.advance(SignedDuration::from_hours(3));
        world.archivist().tailing.tail(&|| true).await.unwrap();
        world.archivist().reconciliation.reconcile(&|| true).await.unwrap();
        world.archivist().due_work.sweep(&|| true).await.unwrap();
    }
    outcome(&world).await
}

async fn outcome(world: &SimulationWorld) -> Seen {
    let request =
        SessionListRequest { bastion: None, without_recording: false, below: None, from: None, limit: usize::MAX };
    let recording = |entry: Entry| {
        let found = entry.match_state.verdict.clone().finding();
        let verdict = format!("{} {found:?} {:?}", entry.state.name(), entry.life.last_modified());
        ((entry.address.to_string(), entry.created_at()), verdict)
    };
    let session = |entry: SessionEntry| {
        // Other causes of a gap depend on when it was found.
        let gap = entry
            .gap
            .as_ref()
            .filter(|_| entry.has_gap())
            .map(|gap| matches!(gap.cause, GapCause::NativeClient | GapCause::OneOf(_)).then(|| gap.cause.clone()));
        (entry.id.to_string(), format!("{:?} {:?} {gap:?}", entry.records, entry.keys))
    };
    Seen {
        recordings: entries(world).await.into_iter().map(recording).collect(),
        sessions: world.sessions.list(&request).await.unwrap().into_iter().map(session).collect(),
    }
}

/// Differences in readable lines.
fn difference<K: Ord + std::fmt::Debug>(one: &BTreeMap<K, String>, other: &BTreeMap<K, String>) -> Vec<String> {
    let keys: BTreeSet<&K> = one.keys().chain(other.keys()).collect();
    let differ = keys.into_iter().filter(|key| one.get(key) != other.get(key));
    differ.map(|key| format!("{key:?}: {:?} or {:?}", one.get(key), other.get(key))).collect()
}

#[test]
fn any_order_of_events_and_logs_ends_in_the_same_catalogue() {
    let cases = (any::<u64>(), proptest::collection::vec(any::<Index>(), 200));
    check(config(PARTS), &cases, |(seed, order)| {
        let day = EstateDay::generate(seed, SESSIONS).unwrap();
        let (shuffled, sorted) = (now(seen(&day, &order)), now(seen(&day, &[])));
        prop_assert_eq!(difference(&shuffled.recordings, &sorted.recordings), Vec::<String>::new());
        prop_assert_eq!(difference(&shuffled.sessions, &sorted.sessions), Vec::<String>::new());
        Ok(())
    });
}

#[test]
fn calls_in_processes_of_their_own_end_in_the_same_catalogue() {
    check(config(PARTS), &any::<u64>(), |seed| {
        let day = EstateDay::generate(seed, SESSIONS).unwrap();
        let [shared, apart] = [Processes::Shared, Processes::New].map(|processes| play(&day, processes).world);
        let (shared, apart) = (now(outcome(&shared)), now(outcome(&apart)));
        prop_assert_eq!(difference(&shared.recordings, &apart.recordings), Vec::<String>::new());
        prop_assert_eq!(difference(&shared.sessions, &apart.sessions), Vec::<String>::new());
        Ok(())
    });
}
