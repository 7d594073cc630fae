//! Defines [`Archivist`], which carries the ports and settings of all use cases.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::calibration::WayOfWriting;
use domain::catalogue::{Context, Effect, Pending, Rules};
use domain::estate::{BastionName, Estate};
use jiff::Timestamp;

use crate::calibration::Learned;
use crate::deliver::UnderWay;
use crate::join::KeptListings;
use crate::ports::{
    BlobStore, Catalogue, Channel, Checkpoints, Clock, Ledger, Notifications, Quarantine, Queue, Sessions,
};
use crate::posture::Watch;
use crate::stores::KnownStores;

/// Adapters of all ports.
#[derive(Clone)]
pub struct Ports {
    /// Entries of the recordings.
    pub catalogue: Arc<dyn Catalogue>,
    /// Sessions from the audit logs.
    pub sessions: Arc<dyn Sessions>,
    /// Saved positions of every reader and pass.
    pub checkpoints: Arc<dyn Checkpoints>,
    /// Recordings and audit logs.
    pub blobs: Arc<dyn BlobStore>,
    /// Messages of the archivist to itself.
    pub queue: Arc<dyn Queue>,
    /// Notifications waiting for delivery.
    pub notifications: Arc<dyn Notifications>,
    /// Input that fails on every retry.
    pub quarantine: Arc<dyn Quarantine>,
    /// Append-only store, immutable afterwards.
    pub ledger: Arc<dyn Ledger>,
    /// Current time.
    pub clock: Arc<dyn Clock>,
}

/// Bastions, rules and channels of one installation.
#[derive(Clone)]
pub struct Settings {
    /// Thresholds by which a recording counts as settled, stale or final.
    pub rules: Rules,
    /// Configured bastions and their containers.
    pub estate: Estate,
    /// Notification channels by name.
    pub channels: BTreeMap<String, Arc<dyn Channel>>,
}

/// Deadline check of a pass, called between pages and pieces. If it returns `false`, the pass saves its position and
/// ends; the next pass continues.
pub type MayGoOn<'a> = &'a (dyn Fn() -> bool + Sync);

/// Use cases of the archivist. Every method is idempotent and may be interrupted at any point or run concurrently.
///
/// Long methods return boxed futures. Their code is then generated once, in this crate and with its optimisation
/// settings, and not in every crate that awaits them.
#[derive(Clone)]
pub struct Archivist {
    pub(crate) ports: Ports,
    pub(crate) settings: Arc<Settings>,
    pub(crate) is_quiet: bool,
    pub(crate) configuration: Option<Arc<str>>,
    pub(crate) refused: Option<Arc<str>>,
    pub(crate) under_way: UnderWay,
    pub(crate) watch: Arc<Watch>,
    pub(crate) stores: Arc<KnownStores>,
    pub(crate) learned: Arc<Learned>,
    pub(crate) kept_listings: Arc<KeptListings>,
}

impl Archivist {
    /// Creates an archivist on these ports.
    pub fn new(ports: Ports, settings: Settings) -> Self {
        let under_way = UnderWay::of(settings.channels.keys());
        let stores = Arc::new(KnownStores::new(&ports, &settings.estate));
        let ports = Ports { blobs: stores.clone(), ..ports };
        let (settings, watch) = (Arc::new(settings), Arc::default());
        Self {
            ports,
            settings,
            is_quiet: false,
            configuration: None,
            refused: None,
            under_way,
            watch,
            stores,
            learned: Arc::default(),
            kept_listings: Arc::default(),
        }
    }

    /// Returns a copy that checks the setup with `watch`.
    #[must_use]
    pub fn with_watch(self, watch: Watch) -> Self {
        Self { watch: Arc::new(watch), ..self }
    }

    /// Returns the stores of the configured containers, with a check against the stores the catalogue was made from.
    pub fn stores(&self) -> &KnownStores {
        &self.stores
    }

    /// Returns the ports in use.
    pub fn ports(&self) -> &Ports {
        &self.ports
    }

    /// Returns a copy that drops new notifications; pending ones are still sent.
    #[must_use]
    pub fn quiet(self) -> Self {
        Self { is_quiet: true, ..self }
    }

    /// Returns a copy that adds the hash of this configuration to every notification.
    #[must_use]
    pub fn under(self, configuration: &str) -> Self {
        Self { configuration: Some(configuration.into()), ..self }
    }

    /// Returns a copy that reports the problems of a newer, rejected configuration.
    #[must_use]
    pub fn refusing(self, problems: Option<&str>) -> Self {
        Self { refused: problems.map(Into::into), ..self }
    }

    /// Builds the context for decisions about this bastion's recordings and sessions. Its way of writing stays unknown;
    /// see [`Self::writes`].
    pub(crate) fn context<'a>(&'a self, now: Timestamp, bastion: &'a BastionName) -> Context<'a> {
        Context {
            now,
            rules: &self.settings.rules,
            estate: &self.settings.estate,
            bastion,
            writes: WayOfWriting::Unknown,
        }
    }

    /// Removes new notifications from `decided` if the archivist is quiet. Notifications pending before stay.
    pub(crate) fn hush(&self, before: &[Pending], decided: &mut Vec<Pending>) {
        let is_old = |pending: &Pending| before.iter().any(|old| old.effect.id() == pending.effect.id());
        decided.retain(|pending| !self.is_quiet || !matches!(pending.effect, Effect::Notify(_)) || is_old(pending));
    }
}
