//! What whoever only reads works with.

use domain::estate::Estate;
use domain::retention::Policy;
use jiff::Timestamp;

use crate::archivist::Archivist;
use crate::ports::{Catalogue, Checkpoints, Sessions};

/// The catalogue as it is read, by those who change nothing.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The entries.
    pub catalogue: &'a dyn Catalogue,
    /// The sessions.
    pub sessions: &'a dyn Sessions,
    /// How far work has come, and what was counted.
    pub checkpoints: &'a dyn Checkpoints,
    /// The bastions and their containers.
    pub estate: &'a Estate,
    /// What says today how long recordings stay. `None` where nothing does.
    pub policy: Option<&'a Policy>,
    /// The time.
    pub now: Timestamp,
}

impl Archivist {
    /// What can be read, now.
    pub fn reading(&self) -> Reading<'_> {
        Reading {
            catalogue: self.ports.catalogue.as_ref(),
            sessions: self.ports.sessions.as_ref(),
            checkpoints: self.ports.checkpoints.as_ref(),
            estate: &self.settings.estate,
            policy: self.settings.rules.retention.as_deref(),
            now: self.now(),
        }
    }
}
