//! A storage event about a recording, or the passing of time, becomes a change of its entries.

use domain::address::BlobAddress;
use domain::blob::{BlobEvent, Reading};
use domain::catalogue::{Context, Entry, Input, decide};
use domain::estate::BastionName;

use crate::archivist::Archivist;
use crate::outcome::{Ignored, Outcome};
use crate::ports::{Fault, Loaded};

/// How often a lost race is run again before the platform is asked to deliver again.
const RACES: usize = 8;

impl Archivist {
    /// Takes in one event about one blob.
    ///
    /// When this returns `Ok`, the event is saved: what it causes is done, or will be done by a sweep.
    pub async fn ingest(&self, address: &BlobAddress, event: &BlobEvent) -> Result<Outcome, Fault> {
        let container = address.container();
        match self.settings.estate.bastion_of(&container) {
            Some(bastion) => {
                let loaded = self.ports.catalogue.lives(address).await?;
                self.reconsider(loaded, &bastion.name, Some(event)).await
            }
            None if self.settings.estate.knows_account(&container) => Ok(Outcome::Ignored(Ignored::ForeignContainer)),
            None => Ok(Outcome::Ignored(Ignored::ForeignAccount)),
        }
    }

    /// Looks at a name, just loaded, with or without an event: decides, saves, carries out.
    pub(crate) async fn reconsider(
        &self,
        mut loaded: Loaded,
        bastion: &BastionName,
        heard: Option<&BlobEvent>,
    ) -> Result<Outcome, Fault> {
        let address = loaded.lives.address.clone();
        for _ in 0..RACES {
            // The look comes after the load: whoever saves next has looked later than all who saved before.
            let reading = self.look(&address).await;
            let now = self.ports.clock.now();
            let context = Context { now, rules: &self.settings.rules, estate: &self.settings.estate, bastion };
            let changed = decide(&loaded.lives, &Input { heard: heard.cloned(), reading }, &context);
            let Some(saved) = self.save(loaded, &changed).await? else {
                loaded = self.ports.catalogue.lives(&address).await?;
                continue;
            };
            let due = |entry: &Entry| {
                changed.iter().any(|new| new.id == entry.id) || entry.due_at().is_some_and(|at| at <= now)
            };
            let ids = saved.lives.entries.iter().filter(|entry| due(entry)).map(|entry| entry.id).collect();
            self.carry_out(saved, ids, now).await;
            return Ok(if changed.is_empty() {
                Outcome::Ignored(Ignored::AlreadyKnown)
            } else {
                Outcome::Applied
            });
        }
        Err(Fault::transient(format!("save what is new about {address}"), "others kept changing it at the same time"))
    }

    /// The lives as saved. `None` when somebody else saved meanwhile.
    pub(crate) async fn save(&self, mut loaded: Loaded, changed: &[Entry]) -> Result<Option<Loaded>, Fault> {
        if changed.is_empty() {
            return Ok(Some(loaded));
        }
        let version = self.ports.catalogue.save(&loaded, changed).await?;
        Ok(version.map(|version| {
            loaded.lives.replace(changed);
            Loaded { lives: loaded.lives, version }
        }))
    }

    /// What is at the address now. A failure is no reason to lose the event: a sweep looks again.
    async fn look(&self, address: &BlobAddress) -> Reading {
        match self.ports.blobs.properties(address).await {
            Ok(Some(properties)) => Reading::Present(properties),
            Ok(None) => Reading::Gone,
            Err(fault) => {
                tracing::warn!(blob = %address, %fault, "blob not read, a sweep looks again");
                Reading::NotRead
            }
        }
    }
}
