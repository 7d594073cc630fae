//! Read-only view of the ports.

use domain::estate::Estate;
use domain::retention::Policy;
use jiff::Timestamp;

use crate::archivist::Archivist;
use crate::ports::{Catalogue, Checkpoints, Sessions};

/// Catalogue and its context for read-only use.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// Entries of the recordings.
    pub catalogue: &'a dyn Catalogue,
    /// Sessions from the audit logs.
    pub sessions: &'a dyn Sessions,
    /// Saved positions and counts.
    pub checkpoints: &'a dyn Checkpoints,
    /// Bastions and their containers.
    pub estate: &'a Estate,
    /// Active retention policy, or `None` if there is none.
    pub policy: Option<&'a Policy>,
    /// Current time.
    pub now: Timestamp,
}

impl Archivist {
    /// Returns the read-only view, as of now.
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
