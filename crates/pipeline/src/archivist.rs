//! The archivist: ports, settings, and the use cases as its verbs.

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

/// One adapter for every port.
#[derive(Clone)]
pub struct Ports {
    /// Where entries are kept.
    pub catalogue: Arc<dyn Catalogue>,
    /// Where sessions are kept.
    pub sessions: Arc<dyn Sessions>,
    /// How far reading has come.
    pub checkpoints: Arc<dyn Checkpoints>,
    /// The recordings and the audit logs.
    pub blobs: Arc<dyn BlobStore>,
    /// Messages to ourselves.
    pub queue: Arc<dyn Queue>,
    /// Notifications on their way.
    pub notifications: Arc<dyn Notifications>,
    /// Input that no retry can save.
    pub quarantine: Arc<dyn Quarantine>,
    /// What nobody can change afterwards.
    pub ledger: Arc<dyn Ledger>,
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

/// Asked between pages and pieces, so that a pass ends before its invocation does; what is left is for the next one.
pub type MayGoOn<'a> = &'a (dyn Fn() -> bool + Sync);

/// The use cases. Every verb may be interrupted at any point and called again, by anybody, at the same time.
///
/// The longer ones give boxed futures: their code is then made once, as this crate is to be optimised, and not again in
/// everything that awaits them.
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
    /// An archivist at work on these ports.
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

    /// The same, which can look at how things are set up.
    #[must_use]
    pub fn with_watch(self, watch: Watch) -> Self {
        Self { watch: Arc::new(watch), ..self }
    }

    /// The stores that hold the configured containers, compared with those that the catalogue was made from.
    pub fn stores(&self) -> &KnownStores {
        &self.stores
    }

    /// The ports that it works on.
    pub fn ports(&self) -> &Ports {
        &self.ports
    }

    /// The same, but that nobody ever hears of what this one decides. What others have decided to tell is told.
    #[must_use]
    pub fn quiet(self) -> Self {
        Self { is_quiet: true, ..self }
    }

    /// The same, by the configuration with this digest, which every notification then tells.
    #[must_use]
    pub fn under(self, configuration: &str) -> Self {
        Self { configuration: Some(configuration.into()), ..self }
    }

    /// The same, which knows what is wrong with a newer configuration that it is not under.
    #[must_use]
    pub fn refusing(self, problems: Option<&str>) -> Self {
        Self { refused: problems.map(Into::into), ..self }
    }

    /// What a decision about this bastion's recordings and sessions depends on besides them. How the bastion writes is left
    /// open; see [`Self::writes`].
    pub(crate) fn context<'a>(&'a self, now: Timestamp, bastion: &'a BastionName) -> Context<'a> {
        Context {
            now,
            rules: &self.settings.rules,
            estate: &self.settings.estate,
            bastion,
            writes: WayOfWriting::Unknown,
        }
    }

    /// Takes away what a decision wants told, where this one is quiet.
    pub(crate) fn hush(&self, before: &[Pending], decided: &mut Vec<Pending>) {
        let is_old = |pending: &Pending| before.iter().any(|old| old.effect.id() == pending.effect.id());
        decided.retain(|pending| !self.is_quiet || !matches!(pending.effect, Effect::Notify(_)) || is_old(pending));
    }
}
