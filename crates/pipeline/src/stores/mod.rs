//! Compares each store with the one the catalogue was built from.
//!
//! All requests to storage pass [`KnownStores`]. At first contact with a container it remembers the identity of the
//! store. If another store later answers under the same container name, every call fails with [`StrangeStore`]; no
//! recording is then reported missing, tagged or deleted because of it.

mod blobs;
mod judge;
mod mark;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::address::ContainerAddress;
use domain::record::estate::Estate;
use thiserror::Error;

use crate::ports::{BlobStore, Catalogue, Checkpoints, Fault, Ports, StoreId};
use crate::stored::checkpoint::encode;

pub(crate) use judge::JudgedNeighbourhood;
#[cfg(test)]
pub(crate) use mark::StoreMark;

/// Advice on a store mismatch, for messages.
pub const ADVICE: &str = "nothing is concluded from it. Set ARCHIVIST_CATALOGUE to its own catalogue, view this one with \
                          `archivist page`, or, if the recordings were moved here, run once with --adopt";

/// Container whose store is not the one the catalogue was built from.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("container {container} {}; {ADVICE}", self.reason())]
pub struct StrangeStore {
    /// Address of the container.
    pub container: ContainerAddress,
    /// Store the catalogue was built from. `None` if it was built without access to a store.
    pub known: Option<StoreId>,
    /// Store that answers under the container's name.
    pub found: StoreId,
}

/// Missing container: its former content is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("it does not exist, so its blobs are unknown")]
pub struct ContainerAbsent;

/// Returns true if the error lasts until a person fixes a container. The log reports such an error once per container.
pub(crate) fn is_strange(fault: &Fault) -> bool {
    fault.is_because_of::<StrangeStore>() || fault.is_because_of::<ContainerAbsent>()
}

impl StrangeStore {
    /// Describes the mismatch; reads well after the container's name.
    pub fn reason(&self) -> String {
        let found = self.found.as_str();
        match &self.known {
            Some(known) => {
                format!("is in another store ({found}) than this catalogue was made from ({})", known.as_str())
            }
            None => format!("holds none of the recordings that this catalogue knows in it ({found})"),
        }
    }

    /// Returns one message per group of containers that moved between the same two stores.
    pub fn in_words(strangers: &[Self]) -> Vec<String> {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for stranger in strangers {
            groups.entry(stranger.reason()).or_default().push(stranger.container.to_string());
        }
        let groups = groups.into_iter();
        groups.map(|(reason, containers)| format!("container {} {reason}; {ADVICE}", containers.join(", "))).collect()
    }
}

/// Storage port that rejects stores the catalogue was not built from.
pub struct KnownStores {
    blobs: Arc<dyn BlobStore>,
    catalogue: Arc<dyn Catalogue>,
    checkpoints: Arc<dyn Checkpoints>,
    estate: Estate,
    /// Cache; changes only when a person adopts another store.
    remembered: Mutex<BTreeMap<ContainerAddress, StoreId>>,
    /// Containers already reported in the log.
    warned: Mutex<BTreeSet<ContainerAddress>>,
    /// Containers found strange without a remembered store since the last [`KnownStores::doubt_no_longer`].
    unproven: Mutex<BTreeMap<ContainerAddress, StoreId>>,
}

impl KnownStores {
    /// Wraps the blob port of `ports`; their checkpoints hold the remembered stores.
    pub fn new(ports: &Ports, estate: &Estate) -> Self {
        Self {
            blobs: ports.blobs.clone(),
            catalogue: ports.catalogue.clone(),
            checkpoints: ports.checkpoints.clone(),
            estate: estate.clone(),
            remembered: Mutex::default(),
            warned: Mutex::default(),
            unproven: Mutex::default(),
        }
    }

    /// Returns the configured containers with a store mismatch. Changes nothing.
    pub async fn strangers(&self) -> Result<Vec<StrangeStore>, Fault> {
        let mut strangers = Vec::new();
        for container in self.containers() {
            if let JudgedNeighbourhood::Strange(stranger) = self.judge(&container).await? {
                strangers.push(stranger);
            }
        }
        Ok(strangers)
    }

    /// Suppresses the log message on a container, because a person has been informed.
    pub fn mute(&self, stranger: &StrangeStore) {
        lock(&self.warned).insert(stranger.container.clone());
    }

    /// Accepts the current store of each configured container as the one the catalogue was built from. Returns the
    /// containers that had a mismatch. Returns an error if another process changes a store mark at the same time.
    pub async fn adopt(&self) -> Result<Vec<StrangeStore>, Fault> {
        let strangers = self.strangers().await?;
        for stranger in &strangers {
            let key = mark::key(&stranger.container);
            let before = self.checkpoints.get(&key).await?.map(|checkpoint| checkpoint.version);
            let mark = encode(&mark::StoreMark::new(&stranger.found))?;
            if self.checkpoints.save(&key, before, &mark).await?.is_none() {
                let object = format!("adopt the store of container {}", stranger.container);
                return Err(Fault::transient(object, "another process changed it at the same time"));
            }
            lock(&self.remembered).remove(&stranger.container);
        }
        self.doubt_no_longer();
        Ok(strangers)
    }

    /// Drops cached mismatches of containers without a remembered store; the next call checks them again.
    pub(crate) fn doubt_no_longer(&self) {
        lock(&self.unproven).clear();
    }

    /// Returns the storage port without the check, for reads that must leave no trace.
    pub(crate) fn unmarked(&self) -> &dyn BlobStore {
        self.blobs.as_ref()
    }

    /// Returns an error on a store mismatch. Remembers the store at first contact.
    pub(crate) async fn trust(&self, container: &ContainerAddress) -> Result<(), Fault> {
        match self.judge(container).await? {
            JudgedNeighbourhood::Same => Ok(()),
            JudgedNeighbourhood::New(found) => self.remember(container, &found).await,
            JudgedNeighbourhood::Strange(stranger) => {
                let fault = Fault::transient(format!("rely on container {container}"), stranger);
                self.warn_once(container, &fault);
                Err(fault)
            }
        }
    }

    /// Returns true if the container is in another store than the catalogue was made from. Its events are then about
    /// other blobs.
    pub(crate) async fn is_strange(&self, container: &ContainerAddress) -> Result<bool, Fault> {
        match self.trust(container).await {
            Ok(()) => Ok(false),
            Err(fault) if fault.is_because_of::<StrangeStore>() => Ok(true),
            Err(fault) => Err(fault),
        }
    }

    fn warn_once(&self, container: &ContainerAddress, fault: &Fault) {
        if lock(&self.warned).insert(container.clone()) {
            tracing::warn!(%container, %fault, "nothing is concluded from a container");
        }
    }

    async fn remember(&self, container: &ContainerAddress, found: &StoreId) -> Result<(), Fault> {
        let mark = encode(&mark::StoreMark::new(found))?;
        if self.checkpoints.save(&mark::key(container), None, &mark).await?.is_some() {
            lock(&self.remembered).insert(container.clone(), found.clone());
            return Ok(());
        }
        // Another process had the first contact.
        match self.judge(container).await? {
            JudgedNeighbourhood::Same => Ok(()),
            JudgedNeighbourhood::Strange(stranger) => {
                Err(Fault::transient(format!("rely on container {container}"), stranger))
            }
            JudgedNeighbourhood::New(_) => Err(Fault::transient(
                format!("remember the store of container {container}"),
                "its mark was removed again",
            )),
        }
    }

    fn containers(&self) -> BTreeSet<ContainerAddress> {
        let bastions = self.estate.bastions.iter();
        let own = bastions.flat_map(|bastion| bastion.recordings.iter().chain(&bastion.audit_logs)).cloned();
        own.chain(self.estate.access_log_containers()).collect()
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
