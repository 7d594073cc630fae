//! Compares each store with the one that the catalogue was made from.
//!
//! Everything the archivist asks of storage passes [`KnownStores`]. At the first contact with a container it remembers the
//! identity of the store. From then on, another store under the same container name gets no answer taken from it: each
//! call is a failure that says [`StrangeStore`], so that nothing is called missing, tagged or deleted because of it.

mod blobs;
mod judge;
mod mark;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::address::ContainerAddress;
use domain::estate::Estate;
use thiserror::Error;

use crate::archivist::Ports;
use crate::ports::{BlobStore, Catalogue, Checkpoints, Fault, StoreId};
use crate::stored::checkpoint::encode;
pub(crate) use judge::Judged;
#[cfg(test)]
pub(crate) use mark::StoreMark;

/// What to do about a strange store, for messages.
pub const ADVICE: &str = "nothing is concluded from it. Name the catalogue that belongs to it with ARCHIVIST_CATALOGUE, look \
                          at this one with `archivist page`, or, if the recordings were moved here, say so once with --adopt";

/// A container that is not in the store that the catalogue was made from.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("container {container} {}; {ADVICE}", self.reason())]
pub struct StrangeStore {
    /// The container.
    pub container: ContainerAddress,
    /// The store that the catalogue was made from. `None` if it was made without access to one.
    pub known: Option<StoreId>,
    /// The store that answers under the container's name.
    pub found: StoreId,
}

/// A container that does not exist, so that nothing is known of what was in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("it does not exist, so its blobs are unknown")]
pub struct ContainerAbsent;

/// Whether a failure lasts until a person does something about a container; the log says so once for each container.
pub(crate) fn is_strange(fault: &Fault) -> bool {
    fault.is_because_of::<StrangeStore>() || fault.is_because_of::<ContainerAbsent>()
}

impl StrangeStore {
    /// What is wrong with the container, to stand behind its name.
    pub fn reason(&self) -> String {
        let found = self.found.as_str();
        match &self.known {
            Some(known) => {
                format!("is in another store ({found}) than this catalogue was made from ({})", known.as_str())
            }
            None => format!("holds none of the recordings that this catalogue knows in it ({found})"),
        }
    }

    /// Messages about several: one for all containers that moved from the same store to the same other one.
    pub fn said(strangers: &[Self]) -> Vec<String> {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for stranger in strangers {
            groups.entry(stranger.reason()).or_default().push(stranger.container.to_string());
        }
        let groups = groups.into_iter();
        groups.map(|(reason, containers)| format!("container {} {reason}; {ADVICE}", containers.join(", "))).collect()
    }
}

/// Storage, as far as it is the storage that the catalogue was made from.
pub struct KnownStores {
    blobs: Arc<dyn BlobStore>,
    catalogue: Arc<dyn Catalogue>,
    checkpoints: Arc<dyn Checkpoints>,
    estate: Estate,
    /// Stores as remembered; they change only when a person adopts another one.
    remembered: Mutex<BTreeMap<ContainerAddress, StoreId>>,
    /// Containers of which the log already says that they are strange.
    warned: Mutex<BTreeSet<ContainerAddress>>,
    /// Containers found to be strange since the last [`KnownStores::doubt_no_longer`], without a remembered store.
    unproven: Mutex<BTreeMap<ContainerAddress, StoreId>>,
}

impl KnownStores {
    /// Guards the blobs of these ports, whose catalogue remembers the stores.
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

    /// The configured containers that are strange. Changes nothing.
    pub async fn strangers(&self) -> Result<Vec<StrangeStore>, Fault> {
        let mut strangers = Vec::new();
        for container in self.containers() {
            if let Judged::Strange(stranger) = self.judge(&container).await? {
                strangers.push(stranger);
            }
        }
        Ok(strangers)
    }

    /// Leaves a container out of the log, since its strangeness was said to a person.
    pub fn mute(&self, stranger: &StrangeStore) {
        lock(&self.warned).insert(stranger.container.clone());
    }

    /// Takes each configured container as it is now for the one that the catalogue was made from. Gives those that were
    /// strange.
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

    /// Judges anew, at the next call, the containers that could not be proven to be the right ones.
    pub(crate) fn doubt_no_longer(&self) {
        lock(&self.unproven).clear();
    }

    /// Fails if the container is strange. Remembers its store at the first contact.
    pub(crate) async fn trust(&self, container: &ContainerAddress) -> Result<(), Fault> {
        match self.judge(container).await? {
            Judged::Same => Ok(()),
            Judged::New(found) => self.remember(container, &found).await,
            Judged::Strange(stranger) => {
                let fault = Fault::transient(format!("rely on container {container}"), stranger);
                self.warn_once(container, &fault);
                Err(fault)
            }
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
            Judged::Same => Ok(()),
            Judged::Strange(stranger) => Err(Fault::transient(format!("rely on container {container}"), stranger)),
            Judged::New(_) => {
                Err(Fault::transient(format!("remember the store of container {container}"), "it was forgotten again"))
            }
        }
    }

    fn containers(&self) -> BTreeSet<ContainerAddress> {
        let bastions = self.estate.bastions.iter();
        bastions.flat_map(|bastion| bastion.recordings.iter().chain(&bastion.audit_logs)).cloned().collect()
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
