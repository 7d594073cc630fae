//! Compares everything visible with the truth after every step.

use std::collections::BTreeMap;

use domain::address::BlobAddress;
use domain::record::catalogue::Entry;
use estate_simulator::{EstateDay, TrueRecording};
use jiff::{SignedDuration, Timestamp};
use pipeline::ports::{Catalogue, ListRequest};

use crate::simulation::world::SimulationWorld;

#[derive(Default)]
pub struct Watcher {
    /// Revision of each entry at the last check.
    seen: BTreeMap<String, u64>,
    /// Every notification.
    pub told: Vec<serde_json::Value>,
    /// Every visible wrong name.
    pub wrong: Vec<String>,
}

impl Watcher {
    pub async fn look(&mut self, day: &EstateDay, world: &SimulationWorld) {
        let changed: Vec<Entry> = entries(world).await.into_iter().filter(|entry| self.is_news(entry)).collect();
        for entry in &changed {
            let Some(truth) = truth_of(day, &entry.address, entry.created_at()) else {
                continue;
            };
            let session = &day.truth.sessions[truth.session];
            let (named, person) = (entry.match_state.verdict.session(), entry.match_state.verdict.person());
            if named.is_some_and(|named| named.tunnel_id.as_str() != session.tunnel_id) {
                self.wrong.push(format!("{}: {}: {:?} is {}", world.now(), entry.address, named, session.tunnel_id));
            }
            if person.is_some_and(|person| Some(person.to_lowercase()) != session.person) {
                self.wrong.push(format!("{}: {}: {person:?} is {:?}", world.now(), entry.address, session.person));
            }
        }
        if !changed.is_empty() {
            self.look_at_tags(day, world);
        }
        for told in world.told().await {
            self.look_at_notification(day, &told);
            self.told.push(told);
        }
    }

    fn is_news(&mut self, entry: &Entry) -> bool {
        self.seen.insert(entry.id.to_string(), entry.revision) != Some(entry.revision)
    }

    fn look_at_tags(&mut self, day: &EstateDay, world: &SimulationWorld) {
        for (address, created_at, tags) in world.storage.tags() {
            let Some(truth) = truth_of(day, &address, Some(created_at)) else { continue };
            let session = &day.truth.sessions[truth.session];
            if tags.0.get("bsr-session").is_some_and(|tunnel| *tunnel != session.tunnel_id) {
                self.wrong.push(format!("{}: tag of {address}: {:?} is {}", world.now(), tags, session.tunnel_id));
            }
            let person = session.person.as_deref().map(|person| person.replace('@', "_"));
            if tags.0.get("bsr-user").is_some_and(|user| Some(user.to_lowercase()) != person) {
                self.wrong.push(format!("{}: tag of {address}: {:?} is {person:?}", world.now(), tags));
            }
        }
    }

    fn look_at_notification(&mut self, day: &EstateDay, told: &serde_json::Value) {
        let facts = &told["data"]["facts"];
        let text = |name: &str| facts[name].as_str().unwrap_or_default().to_owned();
        if facts["recording"].is_null() || (facts["tunnel_id"].is_null() && facts["person"].is_null()) {
            return;
        }
        let address =
            BlobAddress::parse(&text("account"), &text("container"), told["data"]["subject"].as_str().unwrap());
        let created_at = text("created_at").parse().ok();
        let Some(truth) = truth_of(day, &address.unwrap(), created_at) else { return };
        let session = &day.truth.sessions[truth.session];
        let person = session.person.clone().unwrap_or_default();
        if text("tunnel_id") != session.tunnel_id
            || !["", person.as_str()].contains(&text("person").to_lowercase().as_str())
        {
            self.wrong.push(format!("notified: {told} is {session:?}"));
        }
    }
}

pub async fn entries(world: &SimulationWorld) -> Vec<Entry> {
    let request = ListRequest { under: None, below: None, from: None, limit: usize::MAX };
    world.catalogue.list(&request).await.unwrap()
}

/// True recording of an entry: same name, created within two seconds. `None` if there is none.
pub fn truth_of<'a>(
    day: &'a EstateDay,
    address: &BlobAddress,
    created_at: Option<Timestamp>,
) -> Option<&'a TrueRecording> {
    let created_at = created_at?;
    let named = day.truth.recordings.iter().filter(|recording| recording.address == *address);
    let apart = |recording: &&TrueRecording| recording.created_at.duration_since(created_at).abs();
    named.min_by_key(apart).filter(|recording| apart(recording) <= SignedDuration::from_secs(2))
}
