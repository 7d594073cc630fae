//! The archivist: ports, settings, and the use cases as its verbs.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::catalogue::Rules;
use domain::estate::Estate;

use crate::ports::{BlobStore, Catalogue, Channel, Clock, Notifications, Quarantine, Queue};

/// One adapter for every port.
#[derive(Clone)]
pub struct Ports {
    /// Where entries are kept.
    pub catalogue: Arc<dyn Catalogue>,
    /// The recordings.
    pub blobs: Arc<dyn BlobStore>,
    /// Messages to ourselves.
    pub queue: Arc<dyn Queue>,
    /// Notifications on their way.
    pub notifications: Arc<dyn Notifications>,
    /// Input that no retry can save.
    pub quarantine: Arc<dyn Quarantine>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What the archivist looks after, and by which rules.
#[derive(Clone)]
pub struct Settings {
    /// When a recording counts as settled, stale, final.
    pub rules: Rules,
    /// The bastions and their containers.
    pub estate: Estate,
    /// Where notifications go, by the channel's name.
    pub channels: BTreeMap<String, Arc<dyn Channel>>,
}

/// The use cases. Every verb may be interrupted at any point and called again, by anybody, at the same time.
#[derive(Clone)]
pub struct Archivist {
    pub(crate) ports: Ports,
    pub(crate) settings: Arc<Settings>,
}

impl Archivist {
    /// An archivist at work on these ports.
    pub fn new(ports: Ports, settings: Settings) -> Self {
        Self { ports, settings: Arc::new(settings) }
    }
}
